import { randomBytes, sign, type KeyObject } from 'node:crypto'
import { encryptCard, type CardKey } from '@ucanpay/wire/encrypted-card'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { request, type Agent } from 'undici'
import type { Receiver } from './receiver.ts'

/** An answer of the gateway. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The parsed body; an empty object where it is not JSON. */
  readonly body: Record<string, unknown>
  readonly msg: unknown
  readonly data: Record<string, unknown>
}

export interface CallOptions {
  /** Instead of the merchant's secret key; null for none. */
  readonly key?: string | null
  readonly headers?: Record<string, string>
}

export interface PlacedOrder {
  readonly outTradeNo: string
  readonly ucpOrderNo: string
  readonly totalAmt: number
  readonly payUrl: string
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** What a merchant and its buyers do. */
export interface Client {
  send(method: Method, url: string, init?: CallOptions & { body?: string | Buffer }): Promise<Answer>
  get(path: string, options?: CallOptions): Promise<Answer>
  post(path: string, body: object, options?: CallOptions): Promise<Answer>
  /** The body of /payment/unifiedorder, with other values where wanted. */
  order(values?: object): Record<string, unknown>
  place(values?: object, options?: CallOptions): Promise<Answer>
  /** What the page sends: the card, encrypted to the vault for this order. */
  encrypted(payUrl: unknown, card?: object): Promise<{ encryptedCard: string }>
  pay(payUrl: unknown, card?: object): Promise<Answer>
  /** POST to the checkout's API, for the order that `payUrl` opens. */
  checkout(payUrl: unknown, action: string, body: object): Promise<Answer>
  /** Places an order and pays it. */
  paidOrder(values?: object): Promise<PlacedOrder>
  /** The whole body of /payment/refund for a paid order. */
  refundOf(order: PlacedOrder, values?: object): Record<string, unknown>
  /** Asks for a refund of a paid order. */
  refund(order: PlacedOrder, values?: object): Promise<Answer>
  /** The same body, with the members that a signed one has. */
  signed(path: string, body: object): Record<string, unknown>
}

export interface ClientParts {
  readonly agent: Agent
  readonly receiver: Receiver
  readonly merchant: { readonly merchantId: string; readonly secretKey: string; readonly privateKey: KeyObject }
  readonly apiUrl: string
}

export const CARD = {
  number: '4242424242424242',
  expiryMonth: 12,
  expiryYear: new Date().getUTCFullYear() + 2,
  securityCode: '737',
  holderName: 'Ada Lovelace',
}

/** A client that trusts the test authority. */
export function createClient({ agent, receiver, merchant, apiUrl }: ClientParts): Client {
  const send: Client['send'] = async (method, url, init = {}) => {
    const key = init.key === undefined ? merchant.secretKey : init.key
    const reply = await request(url.startsWith('/') ? apiUrl + url : url, {
      method,
      dispatcher: agent,
      headers: {
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...init.headers,
      },
      body: init.body ?? null,
    })
    const text = await reply.body.text()
    let body: Record<string, unknown> = {}
    const json = String(reply.headers['content-type']).includes('json')
    if (json && text !== '') body = JSON.parse(text) as Record<string, unknown>
    const data = (body['data'] ?? {}) as Record<string, unknown>
    return { status: reply.statusCode, headers: reply.headers, text, body, msg: body['msg'], data }
  }
  const post: Client['post'] = (path, body, options = {}) =>
    send('POST', path, { ...options, body: JSON.stringify(body) })
  const order: Client['order'] = (values = {}) => ({
    subject: 'Coffee',
    body: 'One coffee with milk',
    totalAmt: 450,
    currency: 'CAD',
    sceneType: 'MWEB',
    notifyUrl: receiver.url,
    ...values,
  })
  const place: Client['place'] = (values, options) => post('/payment/unifiedorder', order(values), options)
  const checkout: Client['checkout'] = (payUrl, action, body) =>
    post(`${new URL(String(payUrl)).origin}/checkout-api/orders/${tokenOf(payUrl)}/${action}`, body, { key: null })
  const encrypted: Client['encrypted'] = async (payUrl, card = {}) => {
    const { origin } = new URL(String(payUrl))
    const token = tokenOf(payUrl)
    const { body } = await send('GET', `${origin}/checkout-api/orders/${token}`, { key: null })
    const key = body['cardKey'] as CardKey | undefined
    return { encryptedCard: key ? await encryptCard({ ...CARD, ...card }, { key, context: token }) : '' }
  }
  const pay: Client['pay'] = async (payUrl, card) => checkout(payUrl, 'pay', await encrypted(payUrl, card))
  const refundOf: Client['refundOf'] = ({ outTradeNo, totalAmt }, values = {}) => ({
    outTradeNo,
    outRefundNo: 'R1',
    totalAmt,
    refundAmt: 100,
    refundDesc: 'cold',
    ...values,
  })
  return {
    send,
    post,
    order,
    place,
    pay,
    encrypted,
    checkout,
    refundOf,
    get: (path, options) => send('GET', path, options),
    refund: (paid, values) => post('/payment/refund', refundOf(paid, values)),
    signed: (path, body) => signBody(path, { merchantId: merchant.merchantId, ...body }, merchant.privateKey),
    async paidOrder(values) {
      const placed = await place(values)
      await pay(placed.data['payUrl'])
      return placed.data as unknown as PlacedOrder
    },
  }
}

/** The last part of a checkout address, which names the order. */
export function tokenOf(payUrl: unknown): string {
  return String(payUrl).split('/').at(-1) ?? ''
}

/** Signs a body as a merchant would, with plain `node:crypto`. */
export function signBody(path: string, body: object, privateKey: KeyObject): Record<string, unknown> {
  const members = {
    nonceStr: randomBytes(16).toString('hex'),
    signType: 'RSA',
    timestamp: new Date().toISOString(),
    ...body,
  }
  const text = stringToSign(members, path)
  return { ...members, sign: sign('sha256', Buffer.from(text), privateKey).toString('base64') }
}

/** What a failure says, without what differs each time: its request id and its time. */
export function failureOf({ status, body }: Answer): Record<string, unknown> {
  const said: Record<string, unknown> = { ...body, httpStatus: status }
  delete said['requestId']
  delete said['timestamp']
  return said
}

/** How often each `msg` came. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { msg } of answers) counts[String(msg)] = (counts[String(msg)] ?? 0) + 1
  return counts
}
