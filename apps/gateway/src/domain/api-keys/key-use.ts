import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

/** One use of a key, as it is kept. */
export interface KeyUse {
  readonly merchantId: string
  readonly apiKeyId: string
  readonly at: Date
  readonly ip: string | null
  /** Scrubbed; 128 characters at most. */
  readonly agent: string | null
}

/** Writes the last use of each key, many at once; an older use never replaces a newer one. */
export async function writeKeyUse(db: Tx, uses: readonly KeyUse[]): Promise<void> {
  const last = new Map(uses.map((use) => [`${use.merchantId} ${use.apiKeyId}`, use]))
  const rows = [...last.values()]
  await db.query(
    `insert into api_key_usage as u (merchant_id, api_key_id, last_used_at, last_used_ip, last_used_agent)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::inet[], $5::text[])
     on conflict (merchant_id, api_key_id) do update set last_used_at = excluded.last_used_at,
       last_used_ip = excluded.last_used_ip, last_used_agent = excluded.last_used_agent
     where u.last_used_at is null or u.last_used_at <= excluded.last_used_at`,
    [
      rows.map((use) => use.merchantId),
      rows.map((use) => use.apiKeyId),
      rows.map((use) => use.at),
      rows.map((use) => use.ip),
      rows.map((use) => use.agent),
    ],
  )
}

/** How many failures in a row are too many, and for how long the key is then refused. */
export interface FailureLimit {
  readonly mostInARow: number
  readonly blockMs: number
}

/**
 * Counts a failed request of a key, in all processes together. At the limit the key is refused for a while and the
 * count begins anew.
 *
 * @returns until when it is refused; null while it is not
 * @see contract §5, INVALID_REQ_TOO_MUCH
 */
export async function countFailure(db: Tx, caller: Caller, limit: FailureLimit): Promise<Date | null> {
  const [row] = await db.query<{ blockedUntil: Date | null }>(
    `insert into api_key_usage as u (merchant_id, api_key_id, failures_in_a_row, blocked_until)
     values ($1, $2, case when $3 > 1 then 1 else 0 end, case when $3 > 1 then null else $4::timestamptz end)
     on conflict (merchant_id, api_key_id) do update set
       failures_in_a_row = case when u.failures_in_a_row + 1 >= $3 then 0 else u.failures_in_a_row + 1 end,
       blocked_until = case when u.failures_in_a_row + 1 >= $3 then $4::timestamptz else u.blocked_until end
     returning blocked_until as "blockedUntil"`,
    [caller.merchantId, caller.actor, limit.mostInARow, new Date(caller.now.getTime() + limit.blockMs)],
  )
  const until = row?.blockedUntil ?? null
  return until && until > caller.now ? until : null
}

/** A request that succeeded ends a row of failures. */
export async function clearFailures(db: Tx, caller: Caller): Promise<void> {
  await db.query(
    `update api_key_usage set failures_in_a_row = 0 where merchant_id = $1 and api_key_id = $2 and failures_in_a_row > 0`,
    [caller.merchantId, caller.actor],
  )
}
