import type { RefundsQuery } from '@ucanpay/wire/rest-schemas'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { REFUND_COLUMNS, findRefundByEither, type Refund, type RefundedOrder } from '../refunds/refund.ts'
import { Conditions, limitOf, pageOf, queryPlanned, type Page } from './page.ts'

type Row = Refund & Pick<RefundedOrder, 'outTradeNo' | 'totalAmt' | 'currency'> & { readonly totalRefundAmt: number }

/**
 * Lists the caller's refunds, newest first, each with what an answer tells of its order; the orders are looked up for the
 * rows of the page alone.
 *
 * @param query.startingAfter either number of a refund
 * @throws ApiError REFUNDNOTEXIST where `startingAfter` is no refund of the caller's
 * @see contract §4, lists
 */
export async function listOrderRefunds(
  db: Database,
  caller: Caller,
  query: RefundsQuery,
): Promise<Page<{ refund: Refund; order: RefundedOrder }>> {
  const limit = limitOf(query)
  const after = query.startingAfter && (await findRefundByEither(db, caller, query.startingAfter))
  const where = new Conditions(caller, 'refunds')
    .add('refund_status = ?', query.refundStatus)
    .add('ucp_order_no = ?', query.ucpOrderNo)
    .add('out_refund_no = ?', query.outRefundNo)
    .add('created_at >= ?', query.from)
    .add('created_at < ?', query.to)
  if (after) where.add('(created_at, ucp_refund_no) < (?, ?)', after.createdAt, after.ucpRefundNo)
  const text = `select r.*, o.out_trade_no as "outTradeNo", o.total_amt as "totalAmt", o.refund_amt as "totalRefundAmt", o.currency
    from (select ${REFUND_COLUMNS} from refunds where ${where.sql}
          order by created_at desc, ucp_refund_no desc limit ${where.place(limit + 1)}) r
    join orders o on o.merchant_id = $1 and o.mode = $2 and o.ucp_order_no = r."ucpOrderNo"
    order by r."createdAt" desc, r."ucpRefundNo" desc`
  return pageOf(await queryPlanned<Row>(db, text, where.values), limit, (refund) => ({
    refund,
    order: { ...refund, refundAmt: refund.totalRefundAmt },
  }))
}
