import { inspect } from 'node:util'
import type { UnifiedOrderData } from '@ucanpay/wire/payment-replies'
import { GatewayCalls } from './gateway-calls.ts'
import { requireClientOptions, type CallOptions, type UCanPayOptions } from './options.ts'
import { refuseBrowser } from './refuse-browser.ts'
import { ApiKeys } from './resources/api-keys.ts'
import { Gateway } from './resources/gateway.ts'
import { Orders, placeOrder, type NewPayment } from './resources/orders.ts'
import { Payments } from './resources/payments.ts'
import { Refunds } from './resources/refunds.ts'
import { Security } from './resources/security.ts'
import { Users } from './resources/users.ts'
import {
  verifyWebhook,
  type UCanPayNotification,
  type WebhookHeaders,
  type WebhookVerification,
} from './webhooks/verify.ts'

/** A client of the UCanPay API. It keeps its key to itself: printing it, in whatever way, shows nothing. */
export class UCanPay {
  readonly #calls: GatewayCalls
  /** Orders by their v1.0 names. */
  readonly orders: Orders
  /** Refunds by their v1.0 names. */
  readonly refunds: Refunds
  /** Orders and refunds by the REST names, each write with an Idempotency-Key. */
  readonly payments: Payments
  /** Customers. */
  readonly users: Users
  /** API keys. */
  readonly apiKeys: ApiKeys
  /** Keys that leaked. */
  readonly security: Security
  /** Whether the gateway is well. */
  readonly gateway: Gateway

  /** @throws UCanPayConfigError for anything that cannot work or is not safe */
  constructor(options: UCanPayOptions) {
    refuseBrowser()
    requireClientOptions(options)
    this.#calls = new GatewayCalls(options)
    this.orders = new Orders(this.#calls)
    this.refunds = new Refunds(this.#calls)
    this.payments = new Payments(this.#calls)
    this.users = new Users(this.#calls)
    this.apiKeys = new ApiKeys(this.#calls)
    this.security = new Security(this.#calls)
    this.gateway = new Gateway(this.#calls)
  }

  /**
   * Places an order. Its `payUrl` is where the buyer pays.
   *
   * Where no answer comes, it is asked again with the same order number, so that one call never makes two orders. Two
   * calls are one order as well where you give them the same `outTradeNo` and values.
   *
   * @param payment.totalAmt minor units of the currency (450 is CAD 4.50), at least 1
   * @throws UCanPayError, `Refused.OUT_TRADE_NO_USED` where the number was used with other values
   */
  createPayment(payment: NewPayment, options?: CallOptions): Promise<UnifiedOrderData> {
    return placeOrder(this.#calls, payment, options)
  }

  readonly webhooks = {
    /** Verifies a notification; see `verifyWebhook`. With `path`, the gateway's own signature inside it as well. */
    verify: async (
      rawBody: string | Uint8Array,
      headers: WebhookHeaders,
      verification: Pick<WebhookVerification, 'secret' | 'path'>,
    ): Promise<UCanPayNotification> => {
      const { path } = verification
      if (path === undefined) return verifyWebhook(rawBody, headers, verification)
      const keys = await this.#calls.platformKeys()
      const platformKeys = keys.map((key) => key.export({ type: 'spki', format: 'pem' }).toString())
      return verifyWebhook(rawBody, headers, { ...verification, platformKeys })
    },
  }

  /** Lets go of idle connections, so that a program can end. */
  close(): void {
    this.#calls.close()
  }

  /** Printed by `console.log` and `util.inspect`. */
  [inspect.custom](): string {
    return `UCanPay { baseUrl: '${this.#calls.baseUrl}' }`
  }

  /** Printed by `JSON.stringify`. */
  toJSON(): object {
    return { baseUrl: this.#calls.baseUrl }
  }
}
