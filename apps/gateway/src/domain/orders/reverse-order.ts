import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { lockMerchantBalance } from '../ledger/lock-balance.ts'
import { postEntries, type Posting } from '../ledger/post-entries.ts'
import { dequeue, enqueue } from '../notifications/outbox.ts'
import type { Acquirers } from './ask-acquirer.ts'
import { moveOrder } from './move-order.ts'
import { lockOrder, type Order, type OrderRef } from './order.ts'
import { insertAttempt, latestAttempt } from './payment-attempt.ts'

/** Contract §4: within 7 days of the payment. */
export const REVERSIBLE_FOR_MS = 7 * 86_400_000

/**
 * Undoes an order: an unpaid one is closed for good; of a paid one, within 7 days, all the money goes back. The worker
 * sends it to the acquirer; from here on the order is REVOKED. Reversing it again gives the same answer.
 *
 * @throws ApiError ORDERCLOSED; BIZERR_NEED_RETRY while the buyer is paying or a capture is open; TRADE_OVERDUE after
 *   7 days; ORDER_NOT_READY where part of it was refunded; NOTENOUGH where the merchant's balance does not cover it
 * @see contract §4 /payment/reverse
 */
export function reverseOrder(
  deps: { db: Database; acquirers: Acquirers },
  caller: Caller,
  ref: OrderRef,
): Promise<Order> {
  return deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, caller, ref)
    return reverseLocked(tx, caller, { order, deps })
  })
}

/** What reversing a locked order needs. */
export interface Reversal {
  readonly order: Order
  readonly deps: { readonly acquirers: Acquirers }
}

/** Reverses an order that the transaction has locked. @throws ApiError what `reverseOrder` throws */
export async function reverseLocked(tx: Tx, caller: Caller, { order, deps }: Reversal): Promise<Order> {
  if (order.tradeStatus === 'REVOKED') return order
  if (order.tradeStatus === 'CLOSED') throw new ApiError('ORDERCLOSED', 'the order is closed')
  if (order.tradeStatus === 'USERPAYING') throw new ApiError('BIZERR_NEED_RETRY', 'an attempt is open')
  if (order.tradeStatus === 'REFUND' || order.refundAmt > 0) {
    throw new ApiError('ORDER_NOT_READY', 'part of the order was refunded')
  }
  await dequeue(tx, caller, { job: 'expire-order', ref: order.ucpOrderNo })
  if (order.tradeStatus === 'AUTHORIZED') await queueGivingBack(tx, caller, { order, deps, operation: 'void' })
  if (order.tradeStatus === 'SUCCESS') await giveBack(tx, caller, { order, deps })
  return moveOrder(tx, caller, { order, to: { tradeStatus: 'REVOKED', refundAmt: order.capturedAmt } })
}

async function giveBack(tx: Tx, caller: Caller, { order, deps }: Reversal): Promise<void> {
  const paidAt = order.timeEnd?.getTime() ?? 0
  if (caller.now.getTime() - paidAt > REVERSIBLE_FOR_MS) throw new ApiError('TRADE_OVERDUE', 'paid over 7 days ago')
  const balance = await lockMerchantBalance(tx, caller, order.currency)
  if (order.capturedAmt > balance) throw new ApiError('NOTENOUGH', `${order.capturedAmt} of ${balance}`)
  const ref = await queueGivingBack(tx, caller, { order, deps, operation: 'refund' })
  const of = { currency: order.currency, ucpOrderNo: order.ucpOrderNo, ref }
  const postings: Posting[] = [
    { kind: 'reversal', debit: 'merchant_payable', credit: 'refunds_pending', amount: order.capturedAmt, ...of },
  ]
  const [fee] = await tx.query<{ amount: number }>(
    `select amount from ledger_entries
     where merchant_id = $1 and mode = $2 and ucp_order_no = $3 and kind = 'fee' and account = 'fees_receivable'`,
    [caller.merchantId, caller.mode, order.ucpOrderNo],
  )
  // A reversed payment is one that never was, so its fee is not owed either; a refunded one keeps its fee.
  if (fee)
    postings.push({ kind: 'fee-reversal', debit: 'fee_revenue', credit: 'fees_receivable', amount: fee.amount, ...of })
  await postEntries(tx, caller, postings)
}

async function queueGivingBack(
  tx: Tx,
  caller: Caller,
  { order, deps, operation }: Reversal & { operation: 'void' | 'refund' },
): Promise<string> {
  const { ucpOrderNo } = order
  const acquirer = deps.acquirers(caller.mode)
  if (!acquirer) throw new ApiError('USER_ACCOUNT_ABNORMAL', 'no acquirer is connected in this mode')
  const capture = await latestAttempt(tx, caller, { ucpOrderNo, operation: 'capture' })
  if (capture?.status === 'pending') throw new ApiError('BIZERR_NEED_RETRY', 'a capture is open')
  const attemptId = newId('att', caller.now)
  const amount = operation === 'void' ? order.totalAmt : order.capturedAmt
  await insertAttempt(tx, caller, { attemptId, ucpOrderNo, operation, amount, acquirer: acquirer.name })
  await enqueue(tx, caller, { job: 'send-reversal', ref: attemptId })
  return attemptId
}
