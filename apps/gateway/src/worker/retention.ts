import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../database/tx.ts'
import { destroyRetiredKeys } from '../domain/sealing/rotate-keys.ts'
import { remindOfExpiry } from '../domain/api-keys/remind-of-expiry.ts'
import type { Clock } from '../domain/clock.ts'
import type { Worker } from './run-worker.ts'

const EVERY_MS = 60_000
const ERROR_RECORD_DAYS = 90
/** A bucket counts seconds, or minutes where it is a route's own; five of them later nobody asks for it any more. */
const OLD_WINDOWS = `delete from rate_windows
  where window_no < extract(epoch from clock_timestamp()) / case when bucket like 'r %' then 60 else 1 end - 5`

export interface RetentionDeps {
  readonly db: Database
  /** Sees the vault's tables. */
  readonly vaultDb: Database
  readonly clock: Clock
  readonly log: FastifyBaseLogger
}

/**
 * Once a minute: deletes what its time has run out for (nonces past their window, cards that nobody saved; PCI DSS 3.2.1)
 * and reminds of keys that end soon.
 */
export function runRetention(deps: RetentionDeps): Worker {
  let current = Promise.resolve()
  const sweep = async (): Promise<void> => {
    const now = deps.clock.now()
    try {
      await deps.db.query('delete from nonces where expires_at <= $1', [now])
      await deps.db.query('delete from cards where purge_after <= $1', [now])
      await deps.db.query(OLD_WINDOWS)
      await destroyRetiredKeys(deps.vaultDb, now)
      await deps.db.query('delete from error_records where at <= $1', [daysBefore(now, ERROR_RECORD_DAYS)])
      await remindOfExpiry(deps.db, now)
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

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}
