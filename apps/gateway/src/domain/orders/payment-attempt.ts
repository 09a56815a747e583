import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

export type AttemptOperation = 'authorise' | 'capture' | 'void' | 'refund'

/** One try at an acquirer, recorded before it is made. */
export interface PaymentAttempt {
  readonly attemptId: string
  readonly ucpOrderNo: string
  readonly operation: AttemptOperation
  /** Minor units. */
  readonly amount: number
  readonly status: 'pending' | 'challenge' | 'succeeded' | 'refused'
  readonly reason: string | null
  readonly challengeUrl: string | null
  readonly startedAt: Date
}

/** What an attempt starts with. */
export interface NewAttempt {
  readonly attemptId: string
  readonly ucpOrderNo: string
  readonly operation: AttemptOperation
  readonly amount: number
  readonly acquirer: string
  readonly card?: { readonly cardToken: string; readonly bin: string; readonly last4: string; readonly brand: string }
}

const COLUMNS = `attempt_id as "attemptId", ucp_order_no as "ucpOrderNo", operation, amount, status, reason,
  challenge_url as "challengeUrl", started_at as "startedAt"`

/** Writes an attempt as pending; one that is on record already stays as it is. */
export async function insertAttempt(tx: Tx, caller: Caller, attempt: NewAttempt): Promise<void> {
  await tx.query(
    `insert into payment_attempts (merchant_id, mode, attempt_id, ucp_order_no, operation, amount, card_token, bin, last4,
                                   brand, acquirer, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (merchant_id, mode, attempt_id) do nothing`,
    [
      caller.merchantId,
      caller.mode,
      attempt.attemptId,
      attempt.ucpOrderNo,
      attempt.operation,
      attempt.amount,
      attempt.card?.cardToken ?? null,
      attempt.card?.bin ?? null,
      attempt.card?.last4 ?? null,
      attempt.card?.brand ?? null,
      attempt.acquirer,
      caller.now,
    ],
  )
}

/** Reads an attempt by its id; undefined where the caller has none such. */
export async function findAttempt(tx: Tx, caller: Caller, attemptId: string): Promise<PaymentAttempt | undefined> {
  const [attempt] = await tx.query<PaymentAttempt>(
    `select ${COLUMNS} from payment_attempts where merchant_id = $1 and mode = $2 and attempt_id = $3`,
    [caller.merchantId, caller.mode, attemptId],
  )
  return attempt
}

/** The newest attempt of one operation on an order. */
export async function latestAttempt(
  tx: Tx,
  caller: Caller,
  of: { ucpOrderNo: string; operation: AttemptOperation },
): Promise<PaymentAttempt | undefined> {
  const [attempt] = await tx.query<PaymentAttempt>(
    `select ${COLUMNS} from payment_attempts
     where merchant_id = $1 and mode = $2 and ucp_order_no = $3 and operation = $4
     order by started_at desc, attempt_id desc limit 1`,
    [caller.merchantId, caller.mode, of.ucpOrderNo, of.operation],
  )
  return attempt
}

/** Where an attempt has got to. */
export interface AttemptProgress {
  readonly attemptId: string
  readonly status: 'challenge' | 'succeeded' | 'refused'
  readonly reason?: string
  readonly challengeUrl?: string
}

/** Writes what became of an attempt. An outcome is final: the database refuses a second one. */
export async function updateAttempt(tx: Tx, caller: Caller, progress: AttemptProgress): Promise<void> {
  await tx.query(
    `update payment_attempts set status = $4, reason = $5, challenge_url = $6, ended_at = $7
     where merchant_id = $1 and mode = $2 and attempt_id = $3`,
    [
      caller.merchantId,
      caller.mode,
      progress.attemptId,
      progress.status,
      progress.reason ?? null,
      progress.challengeUrl ?? null,
      progress.status === 'challenge' ? null : caller.now,
    ],
  )
}
