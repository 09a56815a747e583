import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../database/tx.ts'
import type { Clock } from '../domain/clock.ts'
import type { Worker } from './run-worker.ts'

const EVERY_MS = 60_000

/** Deletes what its time has run out for: nonces past their window, and cards that nobody saved (PCI DSS 3.2.1). */
export function runRetention(deps: { db: Database; clock: Clock; log: FastifyBaseLogger }): Worker {
  let current = Promise.resolve()
  const sweep = async (): Promise<void> => {
    const now = deps.clock.now()
    try {
      await deps.db.query('delete from nonces where expires_at <= $1', [now])
      await deps.db.query('delete from cards where purge_after <= $1', [now])
    } catch (error) {
      deps.log.error({ err: error }, 'retention failed; it comes again in a minute')
    }
  }
  const timer = setInterval(() => {
    current = sweep()
  }, EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await current
    },
  }
}
