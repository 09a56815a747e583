import type { OrderData, UnifiedOrderData } from '@ucanpay/wire/payment-replies'
import type { CaptureRequest, UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import { newNumber, type GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions } from '../options.ts'

/** Members that the client adds to every request. */
export type Added = 'merchantId' | 'nonceStr' | 'sign' | 'signType' | 'timestamp'

/** An order to place; see the API reference for each member. `outTradeNo` is made where it is absent. */
export type NewPayment = Omit<UnifiedOrderRequest, Added>
/** An order by one of its numbers; `ucpOrderNo` goes first where both are given. */
export type OrderRef = Pick<CaptureRequest, 'ucpOrderNo' | 'outTradeNo'>

/** Places an order by the v1.0 name; a repeat with the same number and values finds the first one. */
export function placeOrder(calls: GatewayCalls, payment: NewPayment, options?: CallOptions): Promise<UnifiedOrderData> {
  // Without a number of ours the gateway would make one for each try.
  const members = { ...payment, outTradeNo: payment.outTradeNo ?? newNumber() }
  return calls.ask({ method: 'POST', route: '/payment/unifiedorder', members, options })
}

/** Orders by their v1.0 names. All of it may be repeated: the same again gives the same answer. */
export class Orders {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /** Asks for an order, by a signed request. @throws UCanPayError, `Refused.ORDERNOTEXIST` */
  query(ref: OrderRef, options?: CallOptions): Promise<OrderData> {
    return this.#calls.ask({ method: 'POST', route: '/payment/orderquery', members: ref, options })
  }

  /** Asks for an order by GET, without a signature of yours. @throws UCanPayError, `Refused.ORDERNOTEXIST` */
  status(ref: OrderRef, options?: CallOptions): Promise<OrderData> {
    return this.#calls.ask({ method: 'GET', route: '/payment/status', query: ref, options })
  }

  /** Closes an unpaid order. @throws UCanPayError, `Refused.ORDERPAID` */
  close(ref: OrderRef, options?: CallOptions): Promise<OrderData> {
    return this.#calls.ask({ method: 'POST', route: '/payment/closeorder', members: ref, options })
  }

  /** Undoes an order; of a paid one, within 7 days, the money goes back. @throws UCanPayError, `Refused.TRADE_OVERDUE` */
  reverse(ref: OrderRef, options?: CallOptions): Promise<OrderData> {
    return this.#calls.ask({ method: 'POST', route: '/payment/reverse', members: ref, options })
  }

  /**
   * Takes held money, all of it or `captureAmt`; the rest is released.
   *
   * @param ref.captureAmt minor units, at least 1, at most what is held
   * @throws UCanPayError, `Refused.ORDER_NOT_READY` where nothing is held
   */
  capture(ref: OrderRef & { captureAmt?: number }, options?: CallOptions): Promise<OrderData> {
    return this.#calls.ask({ method: 'POST', route: '/payment/capture', members: ref, options })
  }
}
