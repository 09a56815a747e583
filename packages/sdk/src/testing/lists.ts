import type { PaymentsQuery, RefundsQuery } from '@ucanpay/wire/rest-schemas'
import { findOrderByEither, findRefundByEither, type Order, type Refund, type State } from './state.ts'

/** A page of a list, newest first. */
export interface Page<Item> {
  readonly items: Item[]
  readonly hasMore: boolean
}

/** @throws Refusal ORDERNOTEXIST where `startingAfter` is no order */
export function listOrders(state: State, query: PaymentsQuery): Page<Order> {
  const after = query.startingAfter === undefined ? undefined : findOrderByEither(state, query.startingAfter)
  const found = [...state.orders.values()].filter(
    (order) =>
      (query.tradeStatus === undefined || order.tradeStatus === query.tradeStatus) &&
      (query.outTradeNo === undefined || order.outTradeNo === query.outTradeNo) &&
      isBetween(order.tranTime, query),
  )
  const place = (order: Order): Place => [order.tranTime.getTime(), order.ucpOrderNo]
  return pageOf({ found, after, limit: query.limit }, place)
}

/** @throws Refusal REFUNDNOTEXIST where `startingAfter` is no refund */
export function listRefunds(state: State, query: RefundsQuery): Page<Refund> {
  const after = query.startingAfter === undefined ? undefined : findRefundByEither(state, query.startingAfter)
  const found = [...state.refunds.values()].filter(
    (refund) =>
      (query.refundStatus === undefined || refund.refundStatus === query.refundStatus) &&
      (query.ucpOrderNo === undefined || refund.ucpOrderNo === query.ucpOrderNo) &&
      (query.outRefundNo === undefined || refund.outRefundNo === query.outRefundNo) &&
      isBetween(refund.createdAt, query),
  )
  const place = (refund: Refund): Place => [refund.createdAt.getTime(), refund.ucpRefundNo]
  return pageOf({ found, after, limit: query.limit }, place)
}

type Place = readonly [at: number, number: string]

function isBetween(at: Date, { from, to }: { from?: string | undefined; to?: string | undefined }): boolean {
  const time = at.getTime()
  return (from === undefined || time >= Date.parse(from)) && (to === undefined || time < Date.parse(to))
}

function pageOf<Item>(
  { found, after, limit = '20' }: { found: readonly Item[]; after: Item | undefined; limit: string | undefined },
  place: (item: Item) => Place,
): Page<Item> {
  const isBefore = (a: Place, b: Place): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
  const sorted = [...found].sort((a, b) => (isBefore(place(a), place(b)) ? 1 : -1))
  const rest = after === undefined ? sorted : sorted.filter((item) => isBefore(place(item), place(after)))
  return { items: rest.slice(0, Number(limit)), hasMore: rest.length > Number(limit) }
}
