import type { Tx } from '../../database/tx.ts'

/** Failures in a row until an address is locked, and for how long (PCI DSS 8.3.4). */
const MOST_IN_A_ROW = 10
const LOCK_MS = 30 * 60_000

/**
 * Counts an attempt to sign in before it is judged, so that many at once guess no oftener than one after the other.
 *
 * It is the same for an address that is nobody's: a lock tells nothing.
 *
 * @returns false where the address is locked: then nothing may be judged
 */
export async function countAttempt(tx: Tx, emailIndex: Buffer, now: Date): Promise<boolean> {
  const [row] = await tx.query<{ allowed: boolean }>(
    `insert into sign_in_failures as f (email_index, failures_in_a_row, last_at) values ($1, 1, $2)
     on conflict (email_index) do update set
       failures_in_a_row = case when f.locked_until > $2 then f.failures_in_a_row
                                when f.locked_until is not null then 1
                                else f.failures_in_a_row + 1 end,
       locked_until = case when f.locked_until > $2 then f.locked_until
                           when f.locked_until is null and f.failures_in_a_row + 1 >= $3 then $4::timestamptz end,
       last_at = $2
     returning locked_until is null or locked_until = $4 as allowed`,
    [emailIndex, now, MOST_IN_A_ROW, new Date(now.getTime() + LOCK_MS)],
  )
  return row?.allowed ?? false
}

/** Takes an attempt back that was no failure: what was asked for was given, and more is still to come. */
export async function forgiveAttempt(tx: Tx, emailIndex: Buffer, now: Date): Promise<void> {
  await tx.query(
    `update sign_in_failures set failures_in_a_row = greatest(failures_in_a_row - 1, 0),
            locked_until = case when failures_in_a_row >= $3 and locked_until = $2 then null else locked_until end
     where email_index = $1`,
    [emailIndex, new Date(now.getTime() + LOCK_MS), MOST_IN_A_ROW],
  )
}

/** Somebody signed in: the count begins anew. */
export async function clearAttempts(tx: Tx, emailIndex: Buffer): Promise<void> {
  await tx.query(`delete from sign_in_failures where email_index = $1`, [emailIndex])
}
