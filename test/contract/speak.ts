import { createPublicKey, randomBytes, sign, verify, type JsonWebKey, type KeyObject } from 'node:crypto'
import { FAILURES, type FailureMsg } from '@ucanpay/wire/failures'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { Agent, request } from 'undici'
import { expect } from 'vitest'
import type { Target } from './target.ts'

/** What came back, as a client sees it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Record<string, unknown>
  readonly data: Record<string, unknown>
  readonly msg: unknown
  /** The path that was asked, which answers are signed over. */
  readonly path: string
}

export interface SendOptions {
  /** Instead of the merchant's; null for none. */
  readonly key?: string | null
  readonly headers?: Record<string, string>
}

/** An order that was placed. */
export interface Placed {
  readonly outTradeNo: string
  readonly ucpOrderNo: string
  readonly totalAmt: number
  readonly payUrl: string
}

const VISA = '4242424242424242'
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A client that knows nothing but HTTP and the contract. */
export class Speaker {
  readonly target: Target
  readonly #agent: Agent
  #keys: KeyObject[] = []

  constructor(target: Target) {
    this.target = target
    this.#agent = new Agent({ connect: { ca: target.ca }, connections: 16 })
  }

  async start(): Promise<void> {
    const { body } = await this.send('GET', '/.well-known/jwks.json', { key: null })
    this.#keys = (body['keys'] as JsonWebKey[]).map((key) => createPublicKey({ key, format: 'jwk' }))
  }

  close(): Promise<void> {
    return this.#agent.close()
  }

  async send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    { key = this.target.apiKey, headers, body }: SendOptions & { body?: string | Buffer } = {},
  ): Promise<Answer> {
    const reply = await request(this.target.baseUrl + url, {
      method,
      dispatcher: this.#agent,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      body: body ?? null,
    })
    const text = await reply.body.text()
    const json = String(reply.headers['content-type']).includes('json')
    const parsed = (json && text !== '' ? JSON.parse(text) : {}) as Record<string, unknown>
    const data = (parsed['data'] ?? {}) as Record<string, unknown>
    const path = url.replace(/\?.*$/, '')
    return { status: reply.statusCode, headers: reply.headers, body: parsed, data, msg: parsed['msg'], path }
  }

  get(url: string, options?: SendOptions): Promise<Answer> {
    return this.send('GET', url, options)
  }

  post(path: string, members: object, options: SendOptions = {}): Promise<Answer> {
    return this.send('POST', path, { ...options, body: JSON.stringify(members) })
  }

  /** A body with a good signature of the merchant's. */
  signed(path: string, members: object): Record<string, unknown> {
    const all = {
      merchantId: this.target.merchantId,
      nonceStr: randomBytes(16).toString('hex'),
      signType: 'RSA',
      timestamp: new Date().toISOString(),
      ...members,
    }
    return {
      ...all,
      sign: sign('sha256', Buffer.from(stringToSign(all, path)), this.target.privateKey).toString('base64'),
    }
  }

  order(values: object = {}): Record<string, unknown> {
    return {
      subject: 'Coffee',
      body: 'One coffee with milk',
      totalAmt: 450,
      sceneType: 'MWEB',
      notifyUrl: this.target.receiver.url,
      outTradeNo: fresh(),
      ...values,
    }
  }

  async place(values: object = {}): Promise<Placed> {
    return this.ok(await this.post('/payment/unifiedorder', this.order(values))) as unknown as Placed
  }

  /** An order that a buyer has paid, or tried to. */
  async paid(values: object = {}, card = VISA): Promise<Placed> {
    const placed = await this.place(values)
    await this.target.pay(placed, card)
    return placed
  }

  refundOf({ outTradeNo, totalAmt }: Placed, values: object = {}): Record<string, unknown> {
    return { outTradeNo, outRefundNo: fresh(), totalAmt, refundAmt: 100, refundDesc: 'cold', ...values }
  }

  async query(order: Pick<Placed, 'outTradeNo'>): Promise<Record<string, unknown>> {
    return this.ok(await this.post('/payment/orderquery', { outTradeNo: order.outTradeNo }))
  }

  /** The `data` of a success; its envelope, headers and signature are checked. */
  ok(answer: Answer): Record<string, unknown> {
    const { status, body, data, path } = answer
    expect(body).toMatchObject({ code: 0, msg: 'SUCCESS' })
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual(['code', 'data', 'msg', 'timestamp'])
    expect(body['timestamp']).toMatch(ISO)
    this.okData(data, decodeURIComponent(path))
    expectHeaders(answer)
    return data
  }

  /** Holds a `data` against the gateway's signature over that path. */
  okData(data: Record<string, unknown>, path: string): void {
    expect(data['merchantId']).toBe(this.target.merchantId)
    expect(data['nonceStr']).toMatch(/^[0-9a-f]{32}$/)
    expect(data['signType']).toBe('RSA')
    const text = Buffer.from(stringToSign(data, path))
    const signature = Buffer.from(String(data['sign']), 'base64')
    const rsa = this.#keys.filter(({ asymmetricKeyType }) => asymmetricKeyType === 'rsa')
    expect(rsa.some((key) => verify('sha256', text, key, signature))).toBe(true)
  }
}

/** What a refusal is to be, beside its `msg`. */
export interface Expected {
  /** The usual one of the `msg` where absent. */
  readonly status?: number
  /** `[pointer, rule]`; none where absent. */
  readonly detail?: readonly [pointer: string, rule: string]
  /** False where the request is refused before a limit is looked at. */
  readonly limited?: boolean
}

/** Holds a failure against the contract: body, status, sentence, headers. */
export function expectRefusal(answer: Answer, msg: FailureMsg, expected: Expected = {}): void {
  const { status, detail, limited = true } = expected
  const code = status ?? FAILURES[msg].statuses[0]
  const { requestId, timestamp, error, ...rest } = answer.body
  const details = detail ? { detail: [{ pointer: detail[0], rule: detail[1] }] } : {}
  expect(rest).toEqual({ code, msg, status: code, message: FAILURES[msg].message, ...details })
  expect(answer.status).toBe(code)
  expect(error).toEqual(expect.any(String))
  expect(timestamp).toMatch(ISO)
  expect(requestId).toBe(answer.headers['request-id'])
  expectHeaders(answer, limited)
  if (code === 401) expect(answer.headers['www-authenticate']).toBe('Bearer')
}

/** Contract §1 and §5. */
export function expectHeaders({ headers }: Answer, limited = true): void {
  expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['request-id']).toMatch(/^req_[0-9a-z]+$/)
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
  if (!limited) return
  for (const name of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
    expect(headers[name]).toMatch(/^[0-9]+$/)
  }
}

let count = 0
const run = randomBytes(4).toString('hex')

/** A number that no order and no refund has. */
export function fresh(): string {
  return `N${run}${String(++count).padStart(5, '0')}`
}

/** Cases by what they promise. */
export type Cases = Readonly<Record<string, (c: Speaker) => Promise<void>>>

/** An object without some of its members. */
export function without(
  object: Readonly<Record<string, unknown>>,
  ...names: readonly string[]
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

/** How often each `msg` came. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { msg } of answers) counts[String(msg)] = (counts[String(msg)] ?? 0) + 1
  return counts
}
