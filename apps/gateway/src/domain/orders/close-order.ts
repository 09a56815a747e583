import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { dequeue } from '../notifications/outbox.ts'
import { moveOrder } from './move-order.ts'
import { lockOrder, type Order, type OrderRef } from './order.ts'

/**
 * Closes an unpaid order, so that nobody can pay it any more. Closing it again gives the same answer.
 *
 * @throws ApiError ORDERNOTEXIST; ORDERPAID; ORDERCLOSED where it was reversed; BIZERR_NEED_RETRY while the buyer is paying
 * @see contract §4 /payment/closeorder
 */
export function closeOrder(db: Database, caller: Caller, ref: OrderRef): Promise<Order> {
  return db.transaction(async (tx) => {
    const order = await lockOrder(tx, caller, ref)
    return closeLocked(tx, caller, order)
  })
}

/** Closes an order that the transaction has locked. @throws ApiError what `closeOrder` throws */
export async function closeLocked(tx: Tx, caller: Caller, order: Order): Promise<Order> {
  if (order.tradeStatus === 'CLOSED') return order
  if (order.tradeStatus === 'REVOKED') throw new ApiError('ORDERCLOSED', 'the order was reversed')
  if (order.tradeStatus === 'USERPAYING') throw new ApiError('BIZERR_NEED_RETRY', 'an attempt is open')
  if (order.tradeStatus !== 'NOTPAY' && order.tradeStatus !== 'PAYERROR') {
    throw new ApiError('ORDERPAID', `the order is ${order.tradeStatus}`)
  }
  await dequeue(tx, caller, { job: 'expire-order', ref: order.ucpOrderNo })
  return moveOrder(tx, caller, { order, to: { tradeStatus: 'CLOSED' } })
}
