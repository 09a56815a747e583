import type {
  CreateRefundBody,
  PaymentData,
  PaymentListData,
  PaymentsQuery,
  RefundListData,
  RefundsQuery,
  RestRefundData,
} from '@ucanpay/wire/rest-schemas'
import type { GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions, OnceOptions } from '../options.ts'
import { Pages } from '../pages.ts'
import { listOf, type ListQuery } from './list-of.ts'
import type { Added, NewPayment } from './orders.ts'

/** One payment of a list. */
export type PaymentItem = PaymentListData['items'][number]
/** One refund of a list. */
export type RefundItem = RefundListData['items'][number]

/**
 * Orders and refunds by the REST names. `id` is either number of an order. Each write has an Idempotency-Key, yours or
 * one that is made for the call, so that all its tries are one.
 */
export class Payments {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /** Places an order. @throws UCanPayError */
  create(payment: NewPayment, options?: OnceOptions): Promise<PaymentData> {
    return this.#calls.ask({ method: 'POST', route: '/v1/payments', members: payment, options, once: true })
  }

  /** Reads an order. @throws UCanPayError, `Refused.ORDERNOTEXIST` */
  retrieve(id: string, options?: CallOptions): Promise<PaymentData> {
    return this.#calls.ask({ method: 'GET', route: '/v1/payments/{id}', id, options })
  }

  /** Lists orders, newest first: `await` for a page (20, or `limit` up to 100), `for await` for all. */
  list(query: ListQuery<PaymentsQuery> = {}, options?: CallOptions): Pages<PaymentItem, PaymentListData> {
    const lastOf = ({ items }: PaymentListData): string | undefined => items.at(-1)?.ucpOrderNo
    return new Pages(listOf(this.#calls, { route: '/v1/payments', query, options, lastOf }))
  }

  /** Takes held money, all of it or `captureAmt` minor units. @throws UCanPayError, `Refused.ORDER_NOT_READY` */
  capture(id: string, { captureAmt }: { captureAmt?: number } = {}, options?: OnceOptions): Promise<PaymentData> {
    const members = captureAmt === undefined ? {} : { captureAmt }
    return this.#calls.ask({ method: 'POST', route: '/v1/payments/{id}/capture', id, members, options, once: true })
  }

  /** Closes an unpaid order, releases held money, gives paid money back. @throws UCanPayError */
  cancel(id: string, options?: OnceOptions): Promise<PaymentData> {
    return this.#calls.ask({ method: 'POST', route: '/v1/payments/{id}/cancel', id, members: {}, options, once: true })
  }

  /** Gives money back; `refundAmt` in minor units, at least 1. @throws UCanPayError, `Refused.NOTENOUGH` */
  refund(refund: Omit<CreateRefundBody, Added>, options?: OnceOptions): Promise<RestRefundData> {
    return this.#calls.ask({ method: 'POST', route: '/v1/refunds', members: refund, options, once: true })
  }

  /** Reads a refund. @param id either number of it @throws UCanPayError, `Refused.REFUNDNOTEXIST` */
  retrieveRefund(id: string, options?: CallOptions): Promise<RestRefundData> {
    return this.#calls.ask({ method: 'GET', route: '/v1/refunds/{id}', id, options })
  }

  /** Lists refunds, newest first: `await` for a page (20, or `limit` up to 100), `for await` for all. */
  listRefunds(query: ListQuery<RefundsQuery> = {}, options?: CallOptions): Pages<RefundItem, RefundListData> {
    const lastOf = ({ items }: RefundListData): string | undefined => items.at(-1)?.ucpRefundNo
    return new Pages(listOf(this.#calls, { route: '/v1/refunds', query, options, lastOf }))
  }
}
