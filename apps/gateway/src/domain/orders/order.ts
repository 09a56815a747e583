import type { SceneType, TradeStatus } from '@ucanpay/wire/statuses'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'

/** An order as it is stored. Amounts are minor units of `currency`. */
export interface Order {
  readonly ucpOrderNo: string
  readonly outTradeNo: string
  readonly subject: string
  readonly body: string
  readonly totalAmt: number
  readonly currency: string
  readonly sceneType: SceneType
  readonly captureMode: 'automatic' | 'manual'
  readonly notifyUrl: string
  readonly returnUrl: string | null
  readonly deviceNo: string | null
  readonly expiresInS: number
  readonly expiresAt: Date
  readonly tradeStatus: TradeStatus
  readonly capturedAmt: number
  /** Given back or on its way. */
  readonly refundAmt: number
  readonly refundCount: number
  readonly tranTime: Date
  /** When it was paid. */
  readonly timeEnd: Date | null
}

/** Names an order by one of its numbers; `ucpOrderNo` goes first (contract §4). */
export interface OrderRef {
  readonly ucpOrderNo?: string | undefined
  readonly outTradeNo?: string | undefined
}

/** The select list of an `Order`. */
export const ORDER_COLUMNS = `ucp_order_no as "ucpOrderNo", out_trade_no as "outTradeNo", subject, body,
  total_amt as "totalAmt", currency, scene_type as "sceneType", capture_mode as "captureMode", notify_url as "notifyUrl",
  return_url as "returnUrl", device_no as "deviceNo", expires_in_s as "expiresInS", expires_at as "expiresAt",
  trade_status as "tradeStatus", captured_amt as "capturedAmt", refund_amt as "refundAmt", refund_count as "refundCount",
  tran_time as "tranTime", time_end as "timeEnd"`

const WHERE = 'from orders where merchant_id = $1 and mode = $2 and'
const BY_UCP_ORDER_NO = `select ${ORDER_COLUMNS} ${WHERE} ucp_order_no = $3`
const BY_OUT_TRADE_NO = `select ${ORDER_COLUMNS} ${WHERE} out_trade_no = $3`

/**
 * Reads an order of the caller's.
 *
 * @throws ApiError LACK_PARAMS where the reference has no number; ORDERNOTEXIST, for a stranger's order as for none
 */
export function findOrder(tx: Tx, caller: Caller, ref: OrderRef): Promise<Order> {
  return readOrder(tx, caller, { ref, suffix: '' })
}

/** Reads an order and keeps it from changing until the transaction ends: whoever moves it takes turns here. */
export function lockOrder(tx: Tx, caller: Caller, ref: OrderRef): Promise<Order> {
  return readOrder(tx, caller, { ref, suffix: ' for update' })
}

const BY_EITHER = `select ${ORDER_COLUMNS} ${WHERE} (ucp_order_no = $3 or out_trade_no = $3)
  order by (ucp_order_no = $3) desc limit 1`

/**
 * Reads an order by whichever of its two numbers `number` is; where it is one order's `ucpOrderNo` and another's
 * `outTradeNo`, the first of them (contract §4: ucpOrderNo first).
 *
 * @throws ApiError ORDERNOTEXIST, for a stranger's order as for none
 */
export async function findOrderByEither(tx: Tx, caller: Caller, number: string): Promise<Order> {
  const [order] = await tx.query<Order>(BY_EITHER, [caller.merchantId, caller.mode, number])
  if (!order) throw new ApiError('ORDERNOTEXIST', 'no such order of this merchant in this mode')
  return order
}

async function readOrder(tx: Tx, caller: Caller, { ref, suffix }: { ref: OrderRef; suffix: string }): Promise<Order> {
  const number = ref.ucpOrderNo ?? ref.outTradeNo
  if (number === undefined) {
    throw new ApiError('LACK_PARAMS', 'neither ucpOrderNo nor outTradeNo', {
      failures: [{ pointer: '/ucpOrderNo', rule: 'required' }],
    })
  }
  const text = (ref.ucpOrderNo === undefined ? BY_OUT_TRADE_NO : BY_UCP_ORDER_NO) + suffix
  const [order] = await tx.query<Order>(text, [caller.merchantId, caller.mode, number])
  if (!order) throw new ApiError('ORDERNOTEXIST', 'no such order of this merchant in this mode')
  return order
}
