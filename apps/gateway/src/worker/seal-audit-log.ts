import type { FastifyBaseLogger } from 'fastify'
import { renewCheckpoints, sealAudit, type SealDeps } from '../domain/audit-log/seal-audit.ts'
import type { Clock } from '../domain/clock.ts'
import type { Worker } from './run-worker.ts'

const EVERY_MS = 1_000
const RENEW_EVERY_MS = 60_000

/** Seals what was added to the audit log, every second, and once more before it stops. */
export function sealAuditLog(deps: SealDeps & { clock: Clock; log: FastifyBaseLogger }): Worker {
  let renewedAt = Number.NEGATIVE_INFINITY
  const seal = async (): Promise<void> => {
    try {
      await sealAudit(deps, deps.clock.now())
      if (performance.now() - renewedAt < RENEW_EVERY_MS) return
      renewedAt = performance.now()
      await renewCheckpoints(deps, deps.clock.now())
    } catch (error) {
      deps.log.error({ err: error }, 'the audit log could not be sealed; it comes again in a second')
    }
  }
  let current = Promise.resolve()
  const timer = setInterval(() => {
    current = current.then(seal)
  }, EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await (current = current.then(seal))
    },
  }
}
