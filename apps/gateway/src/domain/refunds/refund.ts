import type { RefundStatus } from '@ucanpay/wire/statuses'
import type { RefundData } from '@ucanpay/wire/payment-replies'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { Order } from '../orders/order.ts'
import type { Unsigned } from '../orders/order-data.ts'

/** A refund as it is stored. */
export interface Refund {
  readonly ucpRefundNo: string
  readonly outRefundNo: string
  readonly ucpOrderNo: string
  /** Minor units of the order's currency. */
  readonly refundAmt: number
  readonly refundDesc: string
  readonly notifyUrl: string | null
  readonly refundStatus: RefundStatus
  readonly createdAt: Date
  readonly refundSuccessTime: Date | null
}

/** Names a refund by one of its numbers; `ucpRefundNo` goes first. */
export interface RefundRef {
  readonly ucpRefundNo?: string | undefined
  readonly outRefundNo?: string | undefined
}

/** The select list of a `Refund`. */
export const REFUND_COLUMNS = `ucp_refund_no as "ucpRefundNo", out_refund_no as "outRefundNo", ucp_order_no as "ucpOrderNo",
  refund_amt as "refundAmt", refund_desc as "refundDesc", notify_url as "notifyUrl", refund_status as "refundStatus",
  created_at as "createdAt", refund_success_time as "refundSuccessTime"`

const WHERE = 'from refunds where merchant_id = $1 and mode = $2 and'
const BY_UCP_REFUND_NO = `select ${REFUND_COLUMNS} ${WHERE} ucp_refund_no = $3`
const BY_OUT_REFUND_NO = `select ${REFUND_COLUMNS} ${WHERE} out_refund_no = $3`

/** Reads a refund by the merchant's number; undefined where there is none. */
export async function findByOutRefundNo(tx: Tx, caller: Caller, outRefundNo: string): Promise<Refund | undefined> {
  const [refund] = await tx.query<Refund>(BY_OUT_REFUND_NO, [caller.merchantId, caller.mode, outRefundNo])
  return refund
}

/**
 * Reads a refund of the caller's.
 *
 * @throws ApiError LACK_PARAMS where the reference has no number; REFUNDNOTEXIST, for a stranger's as for none
 */
export async function findRefund(tx: Tx, caller: Caller, ref: RefundRef): Promise<Refund> {
  const number = ref.ucpRefundNo ?? ref.outRefundNo
  if (number === undefined) {
    throw new ApiError('LACK_PARAMS', 'neither ucpRefundNo nor outRefundNo', {
      failures: [{ pointer: '/outRefundNo', rule: 'required' }],
    })
  }
  const text = ref.ucpRefundNo === undefined ? BY_OUT_REFUND_NO : BY_UCP_REFUND_NO
  const [refund] = await tx.query<Refund>(text, [caller.merchantId, caller.mode, number])
  if (!refund) throw new ApiError('REFUNDNOTEXIST', 'no such refund of this merchant in this mode')
  return refund
}

const BY_EITHER = `select ${REFUND_COLUMNS} ${WHERE} (ucp_refund_no = $3 or out_refund_no = $3)
  order by (ucp_refund_no = $3) desc limit 1`

/**
 * Reads a refund by whichever of its two numbers `number` is; `ucpRefundNo` goes first.
 *
 * @throws ApiError REFUNDNOTEXIST, for a stranger's as for none
 */
export async function findRefundByEither(tx: Tx, caller: Caller, number: string): Promise<Refund> {
  const [refund] = await tx.query<Refund>(BY_EITHER, [caller.merchantId, caller.mode, number])
  if (!refund) throw new ApiError('REFUNDNOTEXIST', 'no such refund of this merchant in this mode')
  return refund
}

/** What an answer about a refund tells of its order. */
export type RefundedOrder = Pick<Order, 'ucpOrderNo' | 'outTradeNo' | 'totalAmt' | 'refundAmt' | 'currency'>

/** The `data` of every answer about a refund. */
export function refundData(caller: Caller, refund: Refund, order: RefundedOrder): Unsigned<RefundData> {
  return {
    merchantId: caller.merchantId,
    ucpOrderNo: order.ucpOrderNo,
    outTradeNo: order.outTradeNo,
    ucpRefundNo: refund.ucpRefundNo,
    outRefundNo: refund.outRefundNo,
    refundStatus: refund.refundStatus,
    refundAmt: refund.refundAmt,
    totalAmt: order.totalAmt,
    totalRefundAmt: order.refundAmt,
    currency: order.currency,
    ...(refund.refundSuccessTime ? { refundSuccessTime: refund.refundSuccessTime.toISOString() } : {}),
  }
}
