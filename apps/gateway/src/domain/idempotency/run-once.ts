import { setTimeout as sleep } from 'node:timers/promises'
import { FAILURES } from '@ucanpay/wire/failures'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'

/** Contract §4: a key is remembered for 24 h. */
const REMEMBERED_FOR_MS = 24 * 3_600_000
/** Whoever is at a write says so every second; where that was heard of last so long ago, another takes it up. */
const BUSY_FOR_S = 5
const SAY_SO_AFTER_MS = 1_000
const LOOK_AGAIN_MS = 50
const MOST_LOOKS = 200

/** A write that asks to be done once. */
export interface Claim {
  /** What the `Idempotency-Key` is kept as: 1 to 64 of [0-9A-Za-z_-]. */
  readonly idempotencyKey: string
  /** 32 bytes, keyed: tells whether a repeat is of the same path and the same values. */
  readonly requestHash: Buffer
}

/** What an answer is made of again. Numbers, statuses, amounts and times: no words, which could be personal. */
export type Remembered = Readonly<Record<string, string | number | null>>

/** A write whose effect hangs on one business number: done twice under it, it is done once. */
export interface Task<Result> {
  /**
   * The number that it is done under: the caller's, or a new one.
   *
   * @param claimed whether the number is kept under an Idempotency-Key, where a repeat finds it again
   */
  numberOf(claimed: boolean): string
  perform(number: string): Promise<Result>
  remember(result: Result): Remembered
  recall(remembered: Remembered): Promise<Result>
}

/**
 * Performs a write once for each Idempotency-Key of a merchant and mode, in all processes together. Whoever comes with the
 * same key meanwhile waits for the answer; whoever comes within 24 h gets it again.
 *
 * The key is claimed together with the business number before anything is done, and the answer is written after it. A
 * process that dies in between leaves a claim without an answer: the next repeat performs it again under the same number,
 * which gives what there is already. So no connection is held while an acquirer or a name server is asked. Refusals are
 * not remembered: the same request may well succeed later.
 *
 * @param claim undefined where the request has no key; then it is performed, and its own number keeps it single
 * @returns `repeated` where the answer is an earlier one
 * @throws ApiError OUT_TRADE_NO_USED where the key came with another path or other values; BIZERR_NEED_RETRY where the
 *   first is still under way after 10 s; what `task.perform` throws
 * @see contract §4, Idempotency-Key
 */
export async function runOnce<Result>(
  { db, claim }: { db: Tx; claim: Claim | undefined },
  caller: Caller,
  task: Task<Result>,
): Promise<{ result: Result; repeated: boolean }> {
  if (!claim) return { result: await task.perform(task.numberOf(false)), repeated: false }
  const offered = task.numberOf(true)
  let free = true
  for (let look = 0; look < MOST_LOOKS; look++) {
    const number = free ? await take(db, caller, { claim, offered }) : undefined
    if (number !== undefined) return perform({ db, claim, task }, caller, number)
    const found = await findClaim(db, caller, claim)
    if (found?.answer) return { result: await task.recall(found.answer), repeated: true }
    free = found?.free ?? true
    if (!free) await sleep(LOOK_AGAIN_MS)
  }
  throw new ApiError('BIZERR_NEED_RETRY', 'the first request under this Idempotency-Key is still under way')
}

interface Running<Result> {
  readonly db: Tx
  readonly claim: Claim
  readonly task: Task<Result>
}

async function perform<Result>(
  { db, claim, task }: Running<Result>,
  caller: Caller,
  number: string,
): Promise<{ result: Result; repeated: boolean }> {
  let result: Result
  const saying = setInterval(() => void stayAtIt(db, caller, claim).catch(() => undefined), SAY_SO_AFTER_MS)
  try {
    result = await task.perform(number)
  } catch (error) {
    // Where that fails as well the claim runs out by itself, and what is told is what went wrong first.
    await letGo(db, caller, { claim, over: isRefusal(error) }).catch(() => undefined)
    throw error
  } finally {
    clearInterval(saying)
  }
  const stored = await store(db, caller, { claim, number, answer: task.remember(result) })
  if (stored) return { result, repeated: false }
  const earlier = await findClaim(db, caller, claim) // Another has taken it for dead, and was quicker.
  return earlier?.answer ? { result: await task.recall(earlier.answer), repeated: true } : { result, repeated: false }
}

/** A refusal has done nothing. After anything else nobody knows, so the number is kept for the repeat. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.msg === 'BIZERR_NEED_RETRY') return false
  return (error.status ?? FAILURES[error.msg].statuses[0]) < 500
}

const keyOf = (caller: Caller, { idempotencyKey, requestHash }: Claim): unknown[] => [
  caller.merchantId,
  caller.mode,
  idempotencyKey,
  requestHash,
]

const WHERE = 'where merchant_id = $1 and mode = $2 and idempotency_key = $3'

/** @returns the number to perform it under; undefined where it is somebody else's turn, or has an answer */
async function take(
  db: Tx,
  caller: Caller,
  { claim, offered }: { claim: Claim; offered: string },
): Promise<string | undefined> {
  const [taken] = await db.query<{ made: string }>(
    `insert into idempotency_keys as k (merchant_id, mode, idempotency_key, request_hash, made, expires_at, busy_until)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $8))
     on conflict (merchant_id, mode, idempotency_key) do update
       set request_hash = excluded.request_hash, answer = null, busy_until = excluded.busy_until,
           made = case when k.expires_at <= $7 then excluded.made else k.made end,
           expires_at = case when k.expires_at <= $7 then excluded.expires_at else k.expires_at end
       where k.expires_at <= $7
         or (k.request_hash = excluded.request_hash and k.answer is null and k.busy_until <= clock_timestamp())
     returning made`,
    [...keyOf(caller, claim), offered, new Date(caller.now.getTime() + REMEMBERED_FOR_MS), caller.now, BUSY_FOR_S],
  )
  return taken?.made
}

/** A claim as it stands: with its answer, or free to be taken up, or neither while somebody is at it. */
interface FoundClaim {
  readonly answer: Remembered | null
  readonly free: boolean
}

/** @throws ApiError OUT_TRADE_NO_USED where it is of another request */
async function findClaim(db: Tx, caller: Caller, claim: Claim): Promise<FoundClaim | undefined> {
  const [found] = await db.query<FoundClaim & { same: boolean }>(
    `select answer, request_hash = $4 as same, busy_until <= clock_timestamp() as free from idempotency_keys ${WHERE}`,
    keyOf(caller, claim),
  )
  if (found?.same === false)
    throw new ApiError('OUT_TRADE_NO_USED', 'the Idempotency-Key came with other values before')
  return found
}

/** @returns false where there is an answer already */
async function store(
  db: Tx,
  caller: Caller,
  { claim, number, answer }: { claim: Claim; number: string; answer: Remembered },
): Promise<boolean> {
  const stored = await db.query(
    `insert into idempotency_keys as k (merchant_id, mode, idempotency_key, request_hash, made, expires_at, answer)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (merchant_id, mode, idempotency_key) do update set answer = excluded.answer, busy_until = null
       where k.answer is null and k.request_hash = excluded.request_hash
     returning 1`,
    [...keyOf(caller, claim), number, new Date(caller.now.getTime() + REMEMBERED_FOR_MS), JSON.stringify(answer)],
  )
  return stored.length > 0
}

/** An acquirer may take longer than a claim lasts. */
async function stayAtIt(db: Tx, caller: Caller, claim: Claim): Promise<void> {
  await db.query(
    `update idempotency_keys set busy_until = clock_timestamp() + make_interval(secs => $5)
     ${WHERE} and request_hash = $4 and answer is null`,
    [...keyOf(caller, claim), BUSY_FOR_S],
  )
}

/** @param over whether nothing was done, so that the key is free again */
async function letGo(db: Tx, caller: Caller, { claim, over }: { claim: Claim; over: boolean }): Promise<void> {
  const unanswered = `${WHERE} and request_hash = $4 and answer is null`
  await db.query(
    over
      ? `delete from idempotency_keys ${unanswered}`
      : `update idempotency_keys set busy_until = clock_timestamp() ${unanswered}`,
    keyOf(caller, claim),
  )
}
