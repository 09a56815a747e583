import type { Tx } from '../database/tx.ts'
import type { App } from './app.ts'

/** What `/readyz` has to know. */
export interface ProbeDeps {
  readonly db: Tx
  /** True while the process takes no new work. */
  readonly draining: () => boolean
}

/** GET /healthz: the process answers. GET /readyz: it can serve, because its database answers. */
export function probeRoutes(app: App, deps: ProbeDeps): void {
  app.get('/healthz', { config: { access: 'public', unlimited: true, summary: 'Is the process alive' } }, () => ({
    status: 'ok',
  }))
  app.get(
    '/readyz',
    { config: { access: 'public', unlimited: true, summary: 'Can the process serve' } },
    async (request, reply) => {
      if (deps.draining()) return reply.code(503).send({ status: 'draining' })
      try {
        await deps.db.query('select 1')
        return { status: 'ready' }
      } catch (error) {
        request.log.error({ err: error }, 'the database does not answer')
        return reply.code(503).send({ status: 'database' })
      }
    },
  )
}
