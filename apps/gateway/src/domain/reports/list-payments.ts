import type { PaymentListQuery, PaymentRow } from '@ucanpay/wire/dashboard/payment-schemas'
import type { TradeStatus } from '@ucanpay/wire/statuses'
import type { Database, Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { findOrder, type Order } from '../orders/order.ts'
import { Conditions, limitOf, pageOf, queryPlanned, type Page } from './page.ts'
import { shown } from './shown.ts'

const COLUMNS = `o.ucp_order_no as "ucpOrderNo", o.out_trade_no as "outTradeNo", o.subject, o.total_amt as "totalAmt",
  o.captured_amt as "capturedAmt", o.refund_amt as "totalRefundAmt", o.currency, o.trade_status as "tradeStatus",
  o.tran_time as "tranTime", o.time_end as "timeEnd"`

interface Row {
  readonly ucpOrderNo: string
  readonly outTradeNo: string
  readonly subject: string
  readonly totalAmt: number
  readonly capturedAmt: number
  readonly totalRefundAmt: number
  readonly currency: string
  readonly tradeStatus: TradeStatus
  readonly brand: string | null
  readonly last4: string | null
  readonly tranTime: Date
  readonly timeEnd: Date | null
}

interface Sort {
  readonly column: string
  readonly member: '"tranTime"' | '"totalAmt"'
  readonly direction: 'desc' | 'asc'
  readonly keyOf: (order: Order) => Date | number
}

const SORTS: Readonly<Record<NonNullable<PaymentListQuery['sort']>, Sort>> = {
  newest: { column: 'o.tran_time', member: '"tranTime"', direction: 'desc', keyOf: (order) => order.tranTime },
  oldest: { column: 'o.tran_time', member: '"tranTime"', direction: 'asc', keyOf: (order) => order.tranTime },
  largest: { column: 'o.total_amt', member: '"totalAmt"', direction: 'desc', keyOf: (order) => order.totalAmt },
  smallest: { column: 'o.total_amt', member: '"totalAmt"', direction: 'asc', keyOf: (order) => order.totalAmt },
}

const OF_CODE = `exists (select from static_code_orders s where s.merchant_id = o.merchant_id and s.mode = o.mode
  and s.ucp_order_no = o.ucp_order_no and s.code_id = ?)`

/** A card's last four digits can be those of any number of payments; so many of the newest are looked through. */
const MOST_BY_LAST4 = 1_000

/**
 * Lists the caller's payments. However many there are, a page reads about as many rows as it shows: each sort and each
 * filter has its index (0018_dashboard.sql).
 *
 * @param query.q any number that belongs to a payment; of a card's last four, the newest 1,000 attempts count
 * @throws ApiError ORDERNOTEXIST where `startingAfter` is no order of the caller's
 */
export async function listPayments(db: Database, caller: Caller, query: PaymentListQuery): Promise<Page<PaymentRow>> {
  const sort = SORTS[query.sort ?? 'newest']
  const limit = limitOf(query)
  const found = query.q === undefined ? undefined : await findByNumber(db, caller, query.q)
  if (found?.length === 0) return { items: [], hasMore: false }
  const after = query.startingAfter && (await findOrder(db, caller, { ucpOrderNo: query.startingAfter }))
  const where = new Conditions(caller, 'o')
    .add('o.ucp_order_no = any(?)', found)
    .add('o.trade_status = ?', query.status)
    .add('o.currency = ?', query.currency)
    .add(OF_CODE, query.codeId)
    .add('o.tran_time >= ?', query.from)
    .add('o.tran_time < ?', query.to)
  if (after) {
    const sign = sort.direction === 'desc' ? '<' : '>'
    where.add(`(${sort.column}, o.ucp_order_no) ${sign} (?, ?)`, sort.keyOf(after), after.ucpOrderNo)
  }
  const rows = await queryPlanned<Row>(db, withCards(where, sort, limit + 1), where.values)
  return pageOf(rows, limit, shown)
}

/** The card of each order's latest authorisation is looked up for the rows of the page alone. */
function withCards(where: Conditions, { column, member, direction }: Sort, limit: number): string {
  return `select p.*, a.brand, a.last4 from (
      select ${COLUMNS} from orders o where ${where.sql}
      order by ${column} ${direction}, o.ucp_order_no ${direction} limit ${where.place(limit)}
    ) p left join lateral (
      select a.brand, a.last4 from payment_attempts a
      where a.merchant_id = $1 and a.mode = $2 and a.ucp_order_no = p."ucpOrderNo" and a.operation = 'authorise'
      order by a.started_at desc, a.attempt_id desc limit 1
    ) a on true order by p.${member} ${direction}, p."ucpOrderNo" ${direction}`
}

/** The newest payments, for who watches them come in. */
export async function newestPayments(db: Database, caller: Caller, limit: number): Promise<PaymentRow[]> {
  const where = new Conditions(caller, 'o')
  const text = withCards(where, SORTS.newest, limit)
  return (await db.query<Row>(text, where.values)).map(shown)
}

/** One payment as a list shows it; undefined where the caller has none such. */
export async function findPaymentRow(
  db: Database,
  caller: Caller,
  ucpOrderNo: string,
): Promise<PaymentRow | undefined> {
  const where = new Conditions(caller, 'o').add('o.ucp_order_no = ?', ucpOrderNo)
  const [row] = await db.query<Row>(withCards(where, SORTS.newest, 1), where.values)
  return row && shown(row)
}

/** One look-up in an index for each kind of number; nearly all of them find nothing. */
async function findByNumber(tx: Tx, caller: Caller, q: string): Promise<string[]> {
  const rows = await tx.query<{ ucpOrderNo: string }>(
    `select ucp_order_no as "ucpOrderNo" from orders where merchant_id = $1 and mode = $2 and ucp_order_no = $3
     union select ucp_order_no from orders where merchant_id = $1 and mode = $2 and out_trade_no = $3
     union select ucp_order_no from refunds where merchant_id = $1 and mode = $2 and ucp_refund_no = $3
     union select ucp_order_no from refunds where merchant_id = $1 and mode = $2 and out_refund_no = $3
     union select ucp_order_no from payment_attempts where merchant_id = $1 and mode = $2 and attempt_id = $3
     union select ucp_order_no from notifications
       where merchant_id = $1 and mode = $2 and notification_id = $3 and ucp_order_no is not null
     union (select ucp_order_no from payment_attempts where merchant_id = $1 and mode = $2 and last4 = $3
            order by started_at desc limit $4)`,
    [caller.merchantId, caller.mode, q, MOST_BY_LAST4],
  )
  return rows.map(({ ucpOrderNo }) => ucpOrderNo)
}
