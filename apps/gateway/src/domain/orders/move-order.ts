import type { TradeStatus } from '@ucanpay/wire/statuses'
import type { Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { ORDER_COLUMNS, type Order } from './order.ts'

/** Where an order goes, and what goes with it. */
export interface OrderMove {
  readonly tradeStatus: TradeStatus
  /** Minor units taken. */
  readonly capturedAmt?: number
  /** Minor units given back or on their way. */
  readonly refundAmt?: number
  readonly timeEnd?: Date
}

/**
 * Moves a locked order to another status and writes its audit row. The database refuses a move that the table
 * `order_transitions` does not list.
 */
export async function moveOrder(
  tx: Tx,
  caller: Caller,
  { order, to }: { order: Order; to: OrderMove },
): Promise<Order> {
  const [moved] = await tx.query<Order>(
    `update orders set trade_status = $4, captured_amt = coalesce($5, captured_amt), refund_amt = coalesce($6, refund_amt),
                       time_end = coalesce($7, time_end)
     where merchant_id = $1 and mode = $2 and ucp_order_no = $3 returning ${ORDER_COLUMNS}`,
    [
      caller.merchantId,
      caller.mode,
      order.ucpOrderNo,
      to.tradeStatus,
      to.capturedAmt ?? null,
      to.refundAmt ?? null,
      to.timeEnd ?? null,
    ],
  )
  if (!moved) throw new Error('the locked order is gone')
  await recordAudit(tx, caller, {
    action: `order.${to.tradeStatus.toLowerCase()}`,
    target: order.ucpOrderNo,
    before: order.tradeStatus,
    after: to.tradeStatus,
  })
  return moved
}
