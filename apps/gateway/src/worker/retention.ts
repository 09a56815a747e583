import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../database/tx.ts'
import { remindOfExpiry } from '../domain/api-keys/remind-of-expiry.ts'
import type { Clock } from '../domain/clock.ts'
import type { Worker } from './run-worker.ts'
import { runSweep } from './sweep.ts'

const EVERY_MS = 60_000

/**
 * How long each kind of data is kept, and why no longer (PCI DSS 3.2.1; GDPR 5(1)(e)). $1 is now, $2 that many days
 * before. What the books and the audit log hold is kept: amounts, dates and numbers, and no person.
 */
const RETENTION: readonly { readonly job: string; readonly days: number; readonly sql: string }[] = [
  // A card that nobody saved: its row says until when its payment may need it, 24 hours.
  { job: 'cards', days: 0, sql: 'delete from cards where purge_after <= $1 and $2::timestamptz is not null' },
  // Past its window a nonce protects nothing.
  { job: 'nonces', days: 0, sql: 'delete from nonces where expires_at <= $1 and $2::timestamptz is not null' },
  {
    job: 'idempotency-keys',
    days: 0,
    sql: 'delete from idempotency_keys where expires_at <= $1 and $2::timestamptz is not null',
  },
  // The story of a failure, for as long as somebody may ask about it.
  { job: 'error-records', days: 90, sql: 'delete from error_records where at <= $2 and $1::timestamptz is not null' },
  // A merchant's words within a message, and where it went: for disputes, which card schemes allow for half a year.
  {
    job: 'notifications',
    days: 180,
    sql: `with old as (
            select merchant_id, mode, notification_id from notifications
            where created_at <= $2 and status <> 'pending' and $1::timestamptz is not null limit 1000
          ), attempts as (
            delete from delivery_attempts a using old
            where a.merchant_id = old.merchant_id and a.mode = old.mode and a.notification_id = old.notification_id
          )
          delete from notifications n using old
          where n.merchant_id = old.merchant_id and n.mode = old.mode and n.notification_id = old.notification_id`,
  },
  // A session that is over tells whoever asks where somebody was; the audit log keeps what an auditor needs of it.
  {
    job: 'sessions',
    days: 30,
    sql: 'delete from sessions where (ends_at <= $2 or ended_at <= $2) and $1::timestamptz is not null',
  },
  {
    job: 'member-links',
    days: 30,
    sql: 'delete from member_links where expires_at <= $2 and $1::timestamptz is not null',
  },
  // A count that nothing was added to for a day locks nobody.
  {
    job: 'sign-in-failures',
    days: 1,
    sql: 'delete from sign_in_failures where last_at <= $2 and $1::timestamptz is not null',
  },
  { job: 'alerts', days: 400, sql: 'delete from alerts where last_at <= $2 and $1::timestamptz is not null' },
]

/**
 * Windows that ended more than four of their lengths ago: nobody asks for them any more. A window's number is the time
 * divided by its length, so the number tells the length, whatever it is that is counted.
 */
const OLD_WINDOWS = `delete from rate_windows
  where (window_no + 5) * greatest(floor(extract(epoch from clock_timestamp()) / greatest(window_no, 1)), 1) < extract(epoch from clock_timestamp())`

/** For the evidence: that it ran, and when it last found something. */
const NOTE_RUN = `insert into retention_runs (job, kept_days, last_ran_at, last_deleted_at) values ($1, $2, $3, $4)
  on conflict (job) do update set kept_days = excluded.kept_days, last_ran_at = excluded.last_ran_at,
    last_deleted_at = coalesce(excluded.last_deleted_at, retention_runs.last_deleted_at)`

export interface RetentionDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: FastifyBaseLogger
}

/** Deletes what its time has run out for, and reminds of keys that end soon. */
export async function applyRetention(deps: RetentionDeps): Promise<void> {
  const now = deps.clock.now()
  for (const { job, days, sql } of RETENTION) {
    const deleted = await deps.db.query(`${sql} returning 1`, [now, new Date(now.getTime() - days * 86_400_000)])
    await deps.db.query(NOTE_RUN, [job, days, now, deleted.length > 0 ? now : null])
  }
  await deps.db.query(OLD_WINDOWS)
  await remindOfExpiry(deps.db, now)
}

/** Applies the retention once a minute. */
export function runRetention(deps: RetentionDeps): Worker {
  return runSweep(deps.log, {
    everyMs: EVERY_MS,
    work: () => applyRetention(deps),
    failed: 'retention failed; it comes again in a minute',
  })
}
