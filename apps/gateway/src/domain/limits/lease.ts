import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

/** A share of what a window has left, to be spent by one process. */
export interface Lease {
  readonly granted: number
  /** What of the window is spent or handed out, this share included. */
  readonly used: number
  /** Until the window ends, by the database's clock, which all processes share. */
  readonly endsInMs: number
}

/** A window to take a share of. */
export interface WindowOf {
  /** A kind and a keyed hash of who is counted. */
  readonly bucket: string
  readonly limit: number
  readonly windowS: number
}

/**
 * Takes a quarter of what a window has left, at least one: few round trips while there is plenty, and no process sits
 * on what another one needs while there is little. All processes together never get more than the limit.
 */
export async function leaseFromWindow(db: Tx, { bucket, limit, windowS }: WindowOf): Promise<Lease> {
  const [lease] = await db.query<Lease>(
    `insert into rate_windows as w (bucket, window_no, used, granted)
     select $1, floor(extract(epoch from clock_timestamp()) / $3)::bigint, least($2, greatest(1, $2 / 4)), least($2, greatest(1, $2 / 4))
     on conflict (bucket) do update set
       used = case when w.window_no < excluded.window_no then excluded.used
                   else w.used + least(greatest($2 - w.used, 0), greatest(1, ($2 - w.used) / 4)) end,
       granted = case when w.window_no < excluded.window_no then excluded.granted
                      else least(greatest($2 - w.used, 0), greatest(1, ($2 - w.used) / 4)) end,
       window_no = greatest(w.window_no, excluded.window_no)
     returning granted, used, ceil((window_no + 1) * $3 * 1000 - extract(epoch from clock_timestamp()) * 1000)::int as "endsInMs"`,
    [bucket, limit, windowS],
  )
  if (!lease) throw new Error('a lease was not written')
  return lease
}

/** Takes a share of the caller's merchant's quota of this calendar month, in UTC: at most 100 requests at a time. */
export async function leaseFromMonth(db: Tx, caller: Caller, quota: number): Promise<Lease> {
  const [lease] = await db.query<Lease>(
    `insert into usage_months as u (merchant_id, mode, month, used, granted)
     select $1, $2, to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM'), least($3, 100, greatest(1, $3 / 8)), least($3, 100, greatest(1, $3 / 8))
     on conflict (merchant_id, mode, month) do update set
       used = u.used + least(greatest($3 - u.used, 0), 100, greatest(1, ($3 - u.used) / 8)),
       granted = least(greatest($3 - u.used, 0), 100, greatest(1, ($3 - u.used) / 8))
     returning granted, used,
       ceil(extract(epoch from date_trunc('month', clock_timestamp() at time zone 'utc') + interval '1 month'
                               - clock_timestamp() at time zone 'utc') * 1000)::bigint as "endsInMs"`,
    [caller.merchantId, caller.mode, quota],
  )
  if (!lease) throw new Error('a lease was not written')
  return lease
}
