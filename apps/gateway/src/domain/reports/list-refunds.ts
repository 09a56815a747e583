import type { RefundListQuery, RefundRow } from '@ucanpay/wire/dashboard/payment-schemas'
import type { RefundStatus } from '@ucanpay/wire/statuses'
import type { Database, Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { findRefund } from '../refunds/refund.ts'
import { Conditions, limitOf, pageOf, queryPlanned, type Page } from './page.ts'
import { shown } from './shown.ts'

/** `refund_count` is above 0 of every order that a refund is of; saying so lets the index of those be used. */
const SELECT = `select r.ucp_refund_no as "ucpRefundNo", r.out_refund_no as "outRefundNo", r.ucp_order_no as "ucpOrderNo",
  o.out_trade_no as "outTradeNo", r.refund_amt as "refundAmt", o.currency, r.refund_desc as "refundDesc",
  r.refund_status as "refundStatus", r.created_at as "createdAt", r.refund_success_time as "refundSuccessTime"
  from refunds r join orders o on o.merchant_id = r.merchant_id and o.mode = r.mode and o.ucp_order_no = r.ucp_order_no
    and o.merchant_id = $1 and o.mode = $2 and o.refund_count > 0`

interface Row {
  readonly ucpRefundNo: string
  readonly outRefundNo: string
  readonly ucpOrderNo: string
  readonly outTradeNo: string
  readonly refundAmt: number
  readonly currency: string
  readonly refundDesc: string
  readonly refundStatus: RefundStatus
  readonly createdAt: Date
  readonly refundSuccessTime: Date | null
}

/**
 * Lists the caller's refunds, newest first.
 *
 * @throws ApiError REFUNDNOTEXIST where `startingAfter` is no refund of the caller's
 */
export async function listRefunds(db: Database, caller: Caller, query: RefundListQuery): Promise<Page<RefundRow>> {
  const limit = limitOf(query)
  const after = query.startingAfter && (await findRefund(db, caller, { ucpRefundNo: query.startingAfter }))
  const where = new Conditions(caller, 'r')
    .add('r.refund_status = ?', query.status)
    .add('o.currency = ?', query.currency)
    .add('r.created_at >= ?', query.from)
    .add('r.created_at < ?', query.to)
  if (after) where.add('(r.created_at, r.ucp_refund_no) < (?, ?)', after.createdAt, after.ucpRefundNo)
  const text = `${SELECT} where ${where.sql} order by r.created_at desc, r.ucp_refund_no desc limit ${where.place(limit + 1)}`
  return pageOf(await queryPlanned<Row>(db, text, where.values), limit, shown)
}

/** All refunds of an order, oldest first; there are ten at most. */
export async function refundsOfOrder(tx: Tx, caller: Caller, ucpOrderNo: string): Promise<RefundRow[]> {
  const where = new Conditions(caller, 'r').add('r.ucp_order_no = ?', ucpOrderNo)
  const text = `${SELECT} where ${where.sql} order by r.created_at, r.ucp_refund_no`
  return (await tx.query<Row>(text, where.values)).map(shown)
}
