import type { Tx } from '../../database/tx.ts'
import type { Mode } from '@ucanpay/wire/api-key'
import type { Caller } from '../caller.ts'

export type Job =
  | 'deliver-notification'
  | 'send-refund'
  | 'send-reversal'
  | 'resolve-attempt'
  | 'expire-order'
  | 'send-link'
  | 'tell-owners'

/** A piece of work that a worker has taken for a while. */
export interface TakenJob {
  readonly merchantId: string
  readonly mode: Mode
  readonly job: Job
  readonly ref: string
  /** How often it has been taken, this time included. */
  readonly tries: number
}

/** Queues work in the transaction of the change that it follows: the change and its work commit together. */
export async function enqueue(tx: Tx, caller: Caller, work: { job: Job; ref: string; dueAt?: Date }): Promise<void> {
  await tx.query(
    `insert into outbox (merchant_id, mode, job, ref, due_at) values ($1, $2, $3, $4, $5)
     on conflict (merchant_id, mode, job, ref) do update set due_at = excluded.due_at, tries = 0`,
    [caller.merchantId, caller.mode, work.job, work.ref, work.dueAt ?? caller.now],
  )
}

/** Queues one kind of work about many things, due at once. */
export async function enqueueAll(tx: Tx, caller: Caller, work: { job: Job; refs: readonly string[] }): Promise<void> {
  await tx.query(
    `insert into outbox (merchant_id, mode, job, ref, due_at) select $1, $2, $3, ref, $4 from unnest($5::text[]) ref
     on conflict (merchant_id, mode, job, ref) do update set due_at = excluded.due_at, tries = 0`,
    [caller.merchantId, caller.mode, work.job, caller.now, work.refs],
  )
}

/** Takes finished work off the queue. */
export async function dequeue(tx: Tx, caller: Caller, work: { job: Job; ref: string }): Promise<void> {
  await tx.query(`delete from outbox where merchant_id = $1 and mode = $2 and job = $3 and ref = $4`, [
    caller.merchantId,
    caller.mode,
    work.job,
    work.ref,
  ])
}

/** Puts taken work off until `dueAt`; work that was finished meanwhile stays finished. */
export async function postpone(tx: Tx, caller: Caller, work: { job: Job; ref: string; dueAt: Date }): Promise<void> {
  await tx.query(`update outbox set due_at = $5 where merchant_id = $1 and mode = $2 and job = $3 and ref = $4`, [
    caller.merchantId,
    caller.mode,
    work.job,
    work.ref,
    work.dueAt,
  ])
}

/**
 * Takes up to `limit` due jobs for `leaseMs`. A worker that dies lets the lease run out, and another takes them again;
 * so every job can run twice, and each is written to do no harm then.
 */
export async function takeJobs(tx: Tx, taking: { now: Date; leaseMs: number; limit: number }): Promise<TakenJob[]> {
  return tx.query<TakenJob>(
    `update outbox o set due_at = $2, tries = o.tries + 1
     from (select merchant_id, mode, job, ref from outbox where due_at <= $1 order by due_at limit $3 for update skip locked) due
     where o.merchant_id = due.merchant_id and o.mode = due.mode and o.job = due.job and o.ref = due.ref
     returning o.merchant_id as "merchantId", o.mode, o.job, o.ref, o.tries`,
    [taking.now, new Date(taking.now.getTime() + taking.leaseMs), taking.limit],
  )
}
