import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { findOrder, type Order } from '../orders/order.ts'
import { findRefund, type Refund, type RefundRef } from './refund.ts'

/**
 * Reads a refund with its order.
 *
 * @throws ApiError LACK_PARAMS; REFUNDNOTEXIST, for a stranger's refund as for none
 * @see contract §4 /payment/refundquery
 */
export async function queryRefund(tx: Tx, caller: Caller, ref: RefundRef): Promise<{ refund: Refund; order: Order }> {
  const refund = await findRefund(tx, caller, ref)
  return { refund, order: await findOrder(tx, caller, { ucpOrderNo: refund.ucpOrderNo }) }
}
