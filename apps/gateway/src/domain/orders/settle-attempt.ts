import type { Outcome } from '../../acquirers/acquirer.ts'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { postEntries, type Posting } from '../ledger/post-entries.ts'
import { basisPointsOf } from '../money.ts'
import { enqueueNotification } from '../notifications/enqueue-notification.ts'
import { dequeue, enqueue } from '../notifications/outbox.ts'
import { moveOrder } from './move-order.ts'
import { orderNotificationData } from './order-data.ts'
import { lockOrder, type Order } from './order.ts'
import { findAttempt, updateAttempt, type PaymentAttempt } from './payment-attempt.ts'

/** A challenge is looked up from then on, in case the buyer never comes back to say that it is done. */
const LOOK_UP_AFTER_MS = 5_000

/** A buyer has this long for a challenge; then it is taken back. */
export const CHALLENGE_LIMIT_MS = 10 * 60_000

/**
 * Writes what became of an attempt: its outcome, the ledger entries, the order's status, the notification and the
 * audit row, in the caller's one transaction. An attempt that is settled already stays as it is, so the answer to the
 * buyer, the worker's look-up and an acquirer that answers twice can all come here.
 *
 * @returns the order as it stands then
 */
export async function settleAttempt(
  tx: Tx,
  caller: Caller,
  { attemptId, ucpOrderNo, outcome }: { attemptId: string; ucpOrderNo: string; outcome: Outcome },
): Promise<Order> {
  const order = await lockOrder(tx, caller, { ucpOrderNo })
  const attempt = await findAttempt(tx, caller, attemptId)
  if (!attempt) throw new Error('the attempt is not on record')
  if (attempt.status === 'succeeded' || attempt.status === 'refused') return order
  if (outcome.status === 'challenge') {
    await updateAttempt(tx, caller, { attemptId, ...outcome })
    const dueAt = new Date(caller.now.getTime() + LOOK_UP_AFTER_MS)
    await enqueue(tx, caller, { job: 'resolve-attempt', ref: attemptId, dueAt })
    return order
  }
  await updateAttempt(tx, caller, { attemptId, ...outcome })
  await dequeue(tx, caller, { job: 'resolve-attempt', ref: attemptId })
  if (attempt.operation === 'authorise') return settleAuthorisation(tx, caller, { order, attempt, outcome })
  if (attempt.operation === 'capture' && outcome.status === 'succeeded') {
    return payInto(tx, caller, { order, attempt })
  }
  return order
}

interface Settled {
  readonly order: Order
  readonly attempt: PaymentAttempt
}

async function settleAuthorisation(
  tx: Tx,
  caller: Caller,
  { order, attempt, outcome }: Settled & { outcome: Outcome },
): Promise<Order> {
  if (outcome.status === 'refused') {
    return moveOrder(tx, caller, { order, to: { tradeStatus: 'PAYERROR' } })
  }
  await dequeue(tx, caller, { job: 'expire-order', ref: order.ucpOrderNo }) // What is paid or held expires no more.
  if (order.captureMode === 'automatic') return payInto(tx, caller, { order, attempt })
  const held = await moveOrder(tx, caller, { order, to: { tradeStatus: 'AUTHORIZED' } })
  await notifyOfPayment(tx, caller, held)
  return held
}

/** Money arrived: the order is paid, the ledger knows, the merchant is told. */
async function payInto(tx: Tx, caller: Caller, { order, attempt }: Settled): Promise<Order> {
  const paid = await moveOrder(tx, caller, {
    order,
    to: { tradeStatus: 'SUCCESS', capturedAmt: attempt.amount, timeEnd: caller.now },
  })
  const [merchant] = await tx.query<{ feeBasisPoints: number }>(
    `select fee_basis_points as "feeBasisPoints" from merchants where merchant_id = $1`,
    [caller.merchantId],
  )
  const of = { currency: order.currency, ucpOrderNo: order.ucpOrderNo, ref: attempt.attemptId }
  const postings: Posting[] = [
    { kind: 'capture', debit: 'acquirer_receivable', credit: 'merchant_payable', amount: attempt.amount, ...of },
  ]
  const fee = basisPointsOf(attempt.amount, merchant?.feeBasisPoints ?? 0)
  if (fee > 0) postings.push({ kind: 'fee', debit: 'fees_receivable', credit: 'fee_revenue', amount: fee, ...of })
  await postEntries(tx, caller, postings)
  await notifyOfPayment(tx, caller, paid)
  return paid
}

async function notifyOfPayment(tx: Tx, caller: Caller, order: Order): Promise<void> {
  await enqueueNotification(tx, caller, {
    kind: 'payment',
    ucpOrderNo: order.ucpOrderNo,
    notifyUrl: order.notifyUrl,
    data: orderNotificationData(caller, order),
  })
}
