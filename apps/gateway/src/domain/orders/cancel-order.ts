import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import type { Acquirers } from './ask-acquirer.ts'
import { closeLocked } from './close-order.ts'
import { lockOrder, type Order, type OrderRef } from './order.ts'
import { reverseLocked } from './reverse-order.ts'

/**
 * Ends an order, whatever it takes: an unpaid one is closed, held money is released, and of one that was paid within 7
 * days all the money goes back. Cancelling it again gives the same answer.
 *
 * @returns the order, CLOSED or REVOKED
 * @throws ApiError what `closeOrder` and `reverseOrder` throw
 * @see contract §4, /v1/payments/{id}/cancel
 */
export function cancelOrder(
  deps: { db: Database; acquirers: Acquirers },
  caller: Caller,
  ref: OrderRef,
): Promise<Order> {
  return deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, caller, ref)
    const unpaid = order.tradeStatus === 'NOTPAY' || order.tradeStatus === 'PAYERROR' || order.tradeStatus === 'CLOSED'
    return unpaid ? closeLocked(tx, caller, order) : reverseLocked(tx, caller, { order, deps })
  })
}
