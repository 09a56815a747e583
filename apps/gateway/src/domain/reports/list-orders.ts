import type { PaymentsQuery } from '@ucanpay/wire/rest-schemas'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { ORDER_COLUMNS, findOrderByEither, type Order } from '../orders/order.ts'
import { Conditions, limitOf, pageOf, queryPlanned, type Page } from './page.ts'

/**
 * Lists the caller's orders, newest first. However many there are, a page reads about as many rows as it shows: each
 * filter has its index (0019_dashboard.sql).
 *
 * @param query.startingAfter either number of an order
 * @throws ApiError ORDERNOTEXIST where `startingAfter` is no order of the caller's
 * @see contract §4, lists
 */
export async function listOrders(db: Database, caller: Caller, query: PaymentsQuery): Promise<Page<Order>> {
  const limit = limitOf(query)
  const after = query.startingAfter && (await findOrderByEither(db, caller, query.startingAfter))
  const where = new Conditions(caller, 'orders')
    .add('trade_status = ?', query.tradeStatus)
    .add('out_trade_no = ?', query.outTradeNo)
    .add('tran_time >= ?', query.from)
    .add('tran_time < ?', query.to)
  if (after) where.add('(tran_time, ucp_order_no) < (?, ?)', after.tranTime, after.ucpOrderNo)
  const text = `select ${ORDER_COLUMNS} from orders where ${where.sql}
    order by tran_time desc, ucp_order_no desc limit ${where.place(limit + 1)}`
  return pageOf(await queryPlanned<Order>(db, text, where.values), limit, (order) => order)
}
