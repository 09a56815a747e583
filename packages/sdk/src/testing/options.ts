import type { RefundStatus, TradeStatus } from '@ucanpay/wire/statuses'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'

/** How the test gateway is to be; everything has a default. */
export interface TestGatewayOptions {
  /** 1 to 32 of [0-9A-Za-z]; `TESTMERCHANT` where absent. */
  readonly merchantId?: string
  /** `required` where absent: a request of a client without a private key is refused then. */
  readonly signatures?: 'required' | 'optional'
  /** `guide-2024` where absent. */
  readonly signatureScheme?: SignatureScheme
  /** What answers are signed with; `RSA` where absent. */
  readonly replySignature?: 'RSA' | 'ED25519'
  /** Makes numbers, ids and nonces the same in each run; keys and certificates are new each time. */
  readonly seed?: number
  /** The gateway's time, before `moveClock`; the machine's where absent. */
  readonly clock?: () => Date
  /** PEM of authorities that the merchant's own https receiver of notifications has its certificate from. */
  readonly notificationCa?: string | readonly string[]
  /** After so many failed requests in a row a key is refused for 60 s (`INVALID_REQ_TOO_MUCH`); 20 where absent. */
  readonly maxFailuresInARow?: number
}

/** What a client of the test gateway is made of: `new UCanPay(gateway.options)`. */
export interface TestClientOptions {
  readonly apiKey: string
  readonly baseUrl: string
  readonly merchantId: string
  /** PEM. */
  readonly privateKey: string
  /** PEM. */
  readonly ca: string
  readonly signatureScheme: SignatureScheme
}

/** How an order stands. */
export interface OrderState {
  readonly ucpOrderNo: string
  readonly outTradeNo: string
  readonly tradeStatus: TradeStatus
  /** Minor units of `currency`, as are all amounts. */
  readonly totalAmt: number
  readonly capturedAmt: number
  /** Given back or on its way. */
  readonly totalRefundAmt: number
  readonly currency: string
  /** Why the last attempt to pay it failed. */
  readonly declineReason: string | undefined
  readonly refunds: readonly { outRefundNo: string; refundAmt: number; refundStatus: RefundStatus }[]
}
