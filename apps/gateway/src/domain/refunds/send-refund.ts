import type { Outcome } from '../../acquirers/acquirer.ts'
import type { Database, Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { postEntries } from '../ledger/post-entries.ts'
import { enqueueNotification } from '../notifications/enqueue-notification.ts'
import { dequeue } from '../notifications/outbox.ts'
import { answerOf, type Acquirers } from '../orders/ask-acquirer.ts'
import { moveOrder } from '../orders/move-order.ts'
import { orderNotificationData } from '../orders/order-data.ts'
import { lockOrder, type Order } from '../orders/order.ts'
import { insertAttempt, latestAttempt, updateAttempt } from '../orders/payment-attempt.ts'
import { REFUND_COLUMNS, findRefund, type Refund } from './refund.ts'

/**
 * Sends an accepted refund to the acquirer and records what became of it. The acquirer does it once under the refund's
 * number, however often it is asked.
 *
 * @returns false where the acquirer did not answer and the job has to come again
 */
export async function sendRefund(
  deps: { db: Database; acquirers: Acquirers },
  caller: Caller,
  ucpRefundNo: string,
): Promise<boolean> {
  const acquirer = deps.acquirers(caller.mode)
  if (!acquirer) return false
  const refund = await findRefund(deps.db, caller, { ucpRefundNo })
  const authorisation = await latestAttempt(deps.db, caller, { ucpOrderNo: refund.ucpOrderNo, operation: 'authorise' })
  if (!authorisation) throw new Error('a refund of an order that was never authorised')
  const attemptId = `rfd_${ucpRefundNo}`
  await insertAttempt(deps.db, caller, {
    attemptId, // The refund's own number: sent again after a crash, it is the same attempt and the same operation.
    ucpOrderNo: refund.ucpOrderNo,
    operation: 'refund',
    amount: refund.refundAmt,
    acquirer: acquirer.name,
  })
  const outcome = await answerOf(() =>
    acquirer.refund({
      operationId: attemptId,
      mode: caller.mode,
      authorisationId: authorisation.attemptId,
      amount: refund.refundAmt,
    }),
  )
  if (!outcome || outcome.status === 'challenge') return false
  await deps.db.transaction((tx) => settleRefund(tx, caller, { refund, attemptId, outcome }))
  return true
}

interface Settlement {
  readonly refund: Refund
  readonly attemptId: string
  readonly outcome: Outcome
}

async function settleRefund(tx: Tx, caller: Caller, { refund, attemptId, outcome }: Settlement): Promise<void> {
  const order = await lockOrder(tx, caller, { ucpOrderNo: refund.ucpOrderNo })
  await dequeue(tx, caller, { job: 'send-refund', ref: refund.ucpRefundNo })
  const current = await findRefund(tx, caller, { ucpRefundNo: refund.ucpRefundNo })
  if (current.refundStatus !== 'PROCESSING' || outcome.status === 'challenge') return // Another worker was quicker.
  await updateAttempt(tx, caller, { attemptId, ...outcome })
  const succeeded = outcome.status === 'succeeded'
  const [settled] = await tx.query<Refund>(
    `update refunds set refund_status = $4, refund_success_time = $5
     where merchant_id = $1 and mode = $2 and ucp_refund_no = $3 returning ${REFUND_COLUMNS}`,
    [caller.merchantId, caller.mode, refund.ucpRefundNo, succeeded ? 'SUCCESS' : 'FAIL', succeeded ? caller.now : null],
  )
  if (!settled) throw new Error('the locked refund is gone')
  await postEntries(tx, caller, [
    {
      kind: succeeded ? 'refund-sent' : 'refund-failed',
      debit: 'refunds_pending',
      credit: succeeded ? 'acquirer_receivable' : 'merchant_payable',
      amount: refund.refundAmt,
      currency: order.currency,
      ucpOrderNo: order.ucpOrderNo,
      ref: refund.ucpRefundNo,
    },
  ])
  const after = succeeded ? await markRefunded(tx, caller, order) : await takeBack(tx, caller, { order, refund })
  await recordAudit(tx, caller, {
    action: 'refund.settled',
    target: refund.ucpRefundNo,
    before: 'PROCESSING',
    after: settled.refundStatus,
  })
  await notifyOfRefund(tx, caller, { order: after, refund: settled })
}

async function markRefunded(tx: Tx, caller: Caller, order: Order): Promise<Order> {
  if (order.tradeStatus === 'REFUND') return order
  return moveOrder(tx, caller, { order, to: { tradeStatus: 'REFUND' } })
}

/** A refused refund gives its amount back to what can be refunded; it still counts as one of the ten. */
async function takeBack(tx: Tx, caller: Caller, { order, refund }: { order: Order; refund: Refund }): Promise<Order> {
  await tx.query(
    `update orders set refund_amt = refund_amt - $4 where merchant_id = $1 and mode = $2 and ucp_order_no = $3`,
    [caller.merchantId, caller.mode, order.ucpOrderNo, refund.refundAmt],
  )
  return { ...order, refundAmt: order.refundAmt - refund.refundAmt }
}

async function notifyOfRefund(
  tx: Tx,
  caller: Caller,
  { order, refund }: { order: Order; refund: Refund },
): Promise<void> {
  await enqueueNotification(tx, caller, {
    kind: 'refund',
    ucpOrderNo: order.ucpOrderNo,
    notifyUrl: refund.notifyUrl ?? order.notifyUrl,
    data: {
      ...orderNotificationData(caller, order),
      outRefundNo: refund.outRefundNo,
      ucpRefundNo: refund.ucpRefundNo,
      refundStatus: refund.refundStatus,
      refundAmt: refund.refundAmt,
      ...(refund.refundSuccessTime ? { refundTime: refund.refundSuccessTime.toISOString() } : {}),
    },
  })
}
