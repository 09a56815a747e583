import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import type { FailureBody } from '@ucanpay/wire/failures'
import type { OrderData, RefundData, UnifiedOrderData } from '@ucanpay/wire/payment-replies'
import type { CaptureRequest, RefundRequest, UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import type {
  CreateRefundBody,
  PaymentData,
  PaymentListData,
  PaymentsQuery,
  RefundListData,
  RefundsQuery,
  RestRefundData,
} from '@ucanpay/wire/rest-schemas'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'
import { UCanPayConfigError, UCanPayError, UCanPaySignatureError } from './errors.ts'
import { isWorthRetrying, pause, type Failed } from './retry.ts'
import { readJwks, signMembers, verifyMembers } from './signing.ts'
import { Transport } from './transport.ts'
import {
  verifyWebhook,
  type UCanPayNotification,
  type WebhookHeaders,
  type WebhookVerification,
} from './webhooks/verify.ts'

/** Members that the client adds to every request. */
type Added = 'merchantId' | 'nonceStr' | 'sign' | 'signType' | 'timestamp'

/** An order to place; see the API reference for each member. `outTradeNo` is made where it is absent. */
export type NewPayment = Omit<UnifiedOrderRequest, Added>
/** A refund to make; `outRefundNo` is made where it is absent. */
export type NewRefund = Omit<RefundRequest, Added | 'outRefundNo' | 'refundDesc'> &
  Partial<Pick<RefundRequest, 'outRefundNo' | 'refundDesc'>>
/** An order by one of its numbers. */
export type OrderRef = Pick<CaptureRequest, 'ucpOrderNo' | 'outTradeNo'>
/** A refund by one of its numbers. */
export interface RefundRef {
  readonly ucpRefundNo?: string
  readonly outRefundNo?: string
}

/** What is asked for once: a repeat under the same key within 24 hours gives the first answer. */
export interface OnceOptions {
  /** 1 to 255 visible characters; made where it is absent, and then the same for all tries of one call. */
  readonly idempotencyKey?: string
}

/** How to reach a gateway, and as whom. */
export interface UCanPayOptions {
  /** A secret key, or a function that gives one: it is asked at each request, so a rolled key is picked up. */
  readonly apiKey: string | (() => string | Promise<string>)
  /** The gateway's origin, https. */
  readonly baseUrl: string
  readonly merchantId?: string
  /** PEM of an RSA or Ed25519 private key: requests are then signed. */
  readonly privateKey?: string | KeyObject
  /** The gateway's public keys, PEM. Where absent they are fetched from /.well-known/jwks.json. */
  readonly platformKeys?: string | readonly string[]
  /** PEM certificates to trust beside the usual roots. */
  readonly ca?: string | readonly string[]
  /** As agreed for the account; `guide-2024` where absent. */
  readonly signatureScheme?: SignatureScheme
  /** For each try; 10,000 where absent. */
  readonly timeoutMs?: number
  /** After the first try; 2 where absent. */
  readonly maxRetries?: number
}

/** A client of the UCanPay API. It keeps its key to itself: printing it, in whatever way, shows nothing. */
export class UCanPay {
  readonly #apiKey: () => string | Promise<string>
  readonly #baseUrl: string
  readonly #merchantId: string | undefined
  readonly #privateKey: KeyObject | undefined
  readonly #transport: Transport
  readonly #scheme: SignatureScheme
  readonly #timeoutMs: number
  readonly #maxRetries: number
  #platformKeys: Promise<KeyObject[]> | undefined

  /** @throws UCanPayConfigError for anything that cannot work or is not safe */
  constructor(options: UCanPayOptions) {
    refuseBrowser()
    const { apiKey, baseUrl, platformKeys, ca = [] } = options
    if (typeof apiKey !== 'function' && !apiKey) throw new UCanPayConfigError('apiKey is missing.')
    this.#apiKey = typeof apiKey === 'function' ? apiKey : () => apiKey
    this.#baseUrl = readOrigin(baseUrl)
    this.#merchantId = options.merchantId
    this.#privateKey = readPrivateKey(options.privateKey)
    this.#transport = new Transport([ca].flat())
    this.#scheme = options.signatureScheme ?? 'guide-2024'
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#maxRetries = options.maxRetries ?? 2
    if (platformKeys !== undefined) {
      this.#platformKeys = Promise.resolve([platformKeys].flat().map((pem) => createPublicKey(pem)))
    }
  }

  /**
   * Places an order. Its `payUrl` is where the buyer pays.
   *
   * Where no answer comes, it is asked again with the same order number, so that one call never makes two orders.
   */
  createPayment(payment: NewPayment): Promise<UnifiedOrderData> {
    return this.#post('/payment/unifiedorder', { outTradeNo: newNumber(), ...payment })
  }

  readonly orders = {
    /** Asks for an order. */
    query: (ref: OrderRef): Promise<OrderData> => this.#post('/payment/orderquery', ref),
    /** Closes an unpaid order. */
    close: (ref: OrderRef): Promise<OrderData> => this.#post('/payment/closeorder', ref),
    /** Undoes an order; of a paid one, within 7 days, the money goes back. */
    reverse: (ref: OrderRef): Promise<OrderData> => this.#post('/payment/reverse', ref),
    /** Takes held money, all of it or `captureAmt`. */
    capture: (ref: OrderRef & { captureAmt?: number }): Promise<OrderData> => this.#post('/payment/capture', ref),
  }

  readonly refunds = {
    /** Gives money back. The answer is acceptance; the result comes by notification or query. */
    create: (refund: NewRefund): Promise<RefundData> =>
      this.#post('/payment/refund', { outRefundNo: newNumber(), refundDesc: 'Refund', ...refund }),
    /** Asks for a refund. */
    query: (ref: RefundRef): Promise<RefundData> => this.#post('/payment/refundquery', { ...ref }),
  }

  /** The same orders by the REST names, each write with an Idempotency-Key. `id` is either number of an order. */
  readonly payments = {
    /** Places an order. */
    create: (payment: NewPayment, options: OnceOptions = {}): Promise<PaymentData> =>
      this.#once('/v1/payments', payment, options),
    /** Reads an order. */
    retrieve: (id: string): Promise<PaymentData> => this.#get(`/v1/payments/${encodeURIComponent(id)}`),
    /** Lists orders, newest first; `startingAfter` is the number that the page before ended with. */
    list: (query: Omit<PaymentsQuery, 'limit'> & { limit?: number } = {}): Promise<PaymentListData> =>
      this.#get('/v1/payments', query),
    /** Takes held money, all of it or `captureAmt`. */
    capture: (
      id: string,
      { captureAmt }: { captureAmt?: number } = {},
      options: OnceOptions = {},
    ): Promise<PaymentData> =>
      this.#once(
        `/v1/payments/${encodeURIComponent(id)}/capture`,
        captureAmt === undefined ? {} : { captureAmt },
        options,
      ),
    /** Closes an unpaid order, releases held money, gives paid money back. */
    cancel: (id: string, options: OnceOptions = {}): Promise<PaymentData> =>
      this.#once(`/v1/payments/${encodeURIComponent(id)}/cancel`, {}, options),
    /** Gives money back. */
    refund: (refund: Omit<CreateRefundBody, Added>, options: OnceOptions = {}): Promise<RestRefundData> =>
      this.#once('/v1/refunds', refund, options),
    /** Reads a refund. @param id either number of it */
    retrieveRefund: (id: string): Promise<RestRefundData> => this.#get(`/v1/refunds/${encodeURIComponent(id)}`),
    /** Lists refunds, newest first. */
    listRefunds: (query: Omit<RefundsQuery, 'limit'> & { limit?: number } = {}): Promise<RefundListData> =>
      this.#get('/v1/refunds', query),
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
      const keys = (await this.#keys()).map((key) => key.export({ type: 'spki', format: 'pem' }).toString())
      return verifyWebhook(rawBody, headers, { ...verification, platformKeys: keys })
    },
  }

  /** Lets go of idle connections, so that a program can end. */
  close(): void {
    this.#transport.close()
  }

  /** Printed by `console.log` and `util.inspect`. */
  [inspect.custom](): string {
    return `UCanPay { baseUrl: '${this.#baseUrl}' }`
  }

  /** Printed by `JSON.stringify`. */
  toJSON(): object {
    return { baseUrl: this.#baseUrl }
  }

  #post<Data>(path: string, members: object): Promise<Data> {
    return this.#ask({ path, members })
  }

  #get<Data>(path: string, query: object = {}): Promise<Data> {
    const texts = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
    return this.#ask({ path, query: new URLSearchParams(texts).toString() })
  }

  #once<Data>(path: string, members: object, { idempotencyKey = newNumber() }: OnceOptions): Promise<Data> {
    return this.#ask({ path, members, idempotencyKey })
  }

  async #ask<Data>(call: Call): Promise<Data> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#try<Data>(call)
      if ('data' in outcome) return outcome.data
      if (attempt >= this.#maxRetries || !isWorthRetrying(outcome.error)) throw outcome.error
      await pause(attempt, outcome.retryAfter)
    }
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- The caller names what the endpoint answers; the signature vouches for it.
  async #try<Data>({ path, query = '', members, idempotencyKey }: Call): Promise<{ data: Data } | Failed> {
    try {
      const reply = await this.#transport.send({
        method: members ? 'POST' : 'GET',
        url: new URL(query === '' ? path : `${path}?${query}`, this.#baseUrl),
        headers: {
          authorization: `Bearer ${await this.#apiKey()}`,
          'user-agent': 'ucanpay-sdk/0.1.0',
          ...(members ? { 'content-type': 'application/json' } : {}),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(members ? { body: JSON.stringify(this.#signed(path, members)) } : {}),
        timeoutMs: this.#timeoutMs,
      })
      const answer = readJson(reply.text)
      if (reply.status !== 200) return { error: refusalOf(reply.status, answer), retryAfter: reply.retryAfter }
      await this.#requireSigned(answer['data'], path)
      return { data: answer['data'] as Data }
    } catch (error) {
      if (error instanceof UCanPayError) return { error }
      throw error
    }
  }

  #signed(path: string, members: object): object {
    const named = { ...(this.#merchantId === undefined ? {} : { merchantId: this.#merchantId }), ...members }
    return this.#privateKey ? signMembers(this.#privateKey, named, { scheme: this.#scheme, path }) : named
  }

  async #requireSigned(data: unknown, path: string): Promise<void> {
    const members = (data ?? {}) as Record<string, unknown>
    const rules = { scheme: this.#scheme, path }
    if (verifyMembers(await this.#keys(), members, rules)) return
    // The gateway may have changed its key since we asked; once more, and then it is not the gateway.
    if (verifyMembers(await this.#fetchKeys(), members, rules)) return
    throw new UCanPaySignatureError('The answer is not signed by the gateway.')
  }

  #keys(): Promise<KeyObject[]> {
    return (this.#platformKeys ??= this.#fetchKeys())
  }

  #fetchKeys(): Promise<KeyObject[]> {
    const fetched = this.#transport
      .send({
        method: 'GET',
        url: new URL('/.well-known/jwks.json', this.#baseUrl),
        headers: { 'user-agent': 'ucanpay-sdk/0.1.0' },
        timeoutMs: this.#timeoutMs,
      })
      .then((reply) => readJwks(readJson(reply.text)))
    this.#platformKeys = fetched
    fetched.catch(() => (this.#platformKeys = undefined)) // What failed is not kept: the next call asks again.
    return fetched
  }
}

/** What is asked of the gateway; without `members` it is read by GET. */
interface Call {
  readonly path: string
  readonly query?: string
  readonly members?: object
  readonly idempotencyKey?: string
}

function refusalOf(status: number, answer: Record<string, unknown>): UCanPayError {
  const failure = answer as Partial<FailureBody>
  const known = typeof failure.msg === 'string' && typeof failure.message === 'string'
  if (!known) return new UCanPayError(`The gateway answered with status ${status}.`, { status })
  return new UCanPayError(`${failure.msg}: ${failure.message} (${failure.requestId ?? 'no request id'})`, failure)
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // A proxy's page, say; the status tells what is to be told.
  }
}

function readOrigin(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url?.protocol === 'http:') throw new UCanPayConfigError('baseUrl is http: keys and payments go over https only.')
  if (url?.protocol !== 'https:') throw new UCanPayConfigError('baseUrl is not an https address.')
  if (url.username || url.password) throw new UCanPayConfigError('baseUrl holds credentials; use apiKey.')
  return url.origin
}

function readPrivateKey(key: string | KeyObject | undefined): KeyObject | undefined {
  if (key === undefined || typeof key === 'object') return key
  try {
    return createPrivateKey(key)
  } catch {
    throw new UCanPayConfigError('privateKey is not a private key in PEM.') // The reason could quote the key.
  }
}

/** 32 characters of [0-9a-f]: nobody else's order or refund has this number. */
function newNumber(): string {
  return randomBytes(16).toString('hex')
}

/** A secret key in a browser is a published one. */
function refuseBrowser(): void {
  if ('window' in globalThis && 'document' in globalThis) {
    throw new UCanPayConfigError('ucanpay-sdk runs on servers: in a browser its key would be public.')
  }
}
