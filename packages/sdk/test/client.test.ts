import { randomBytes, verify } from 'node:crypto'
import { inspect } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { describe, expect, test } from 'vitest'
import { newAuthority } from '../../../apps/gateway/test/support/authority.ts'
import {
  UCanPay,
  UCanPayConfigError,
  UCanPayConnectionError,
  UCanPayError,
  UCanPaySignatureError,
  UCanPayTimeoutError,
  verifyWebhook,
} from '../src/index.ts'
import { failure, gateway, KEY, merchant, PAYMENT, placed, platform, success } from './support/fake-gateway.ts'

describe('a request', () => {
  test('is signed so that plain node:crypto verifies it', async () => {
    const { calls, options } = await gateway(placed)
    await new UCanPay(options).createPayment({ ...PAYMENT })
    const [call] = calls
    if (!call) throw new Error('nothing was sent')
    const { path, body, authorization } = call
    const text = Buffer.from(stringToSign(body, path))
    expect(verify('sha256', text, merchant.publicKey, Buffer.from(String(body['sign']), 'base64'))).toBe(true)
    expect(body).toMatchObject({ merchantId: 'M1', signType: 'RSA', totalAmt: 450 })
    expect(Math.abs(Date.now() - Date.parse(String(body['timestamp'])))).toBeLessThan(5_000)
    expect(authorization).toBe(`Bearer ${KEY}`)
  })

  test('is asked again under the same number, newly signed, where the answer was lost', async () => {
    const { calls, options } = await gateway((call, count) => (count < 3 ? 'lost' : placed(call, count)))
    const payment = await new UCanPay(options).createPayment({ ...PAYMENT })
    const numbers = calls.map(({ body }) => body['outTradeNo'])
    expect(calls).toHaveLength(3)
    expect(new Set(numbers)).toEqual(new Set([payment.outTradeNo]))
    expect(new Set(calls.map(({ body }) => body['nonceStr'])).size).toBe(3)
  })

  test('by the REST names is asked again under the same Idempotency-Key, and two calls have two', async () => {
    const { calls, options } = await gateway(({ path }, count) => (count < 3 ? 'lost' : success(path, { totalAmt: 1 })))
    const { payments } = new UCanPay(options)
    await payments.create({ ...PAYMENT })
    await payments.cancel('A1')
    const [one, two, three, other] = calls.map(({ idempotencyKey }) => idempotencyKey)
    expect([one, one]).toEqual([two, three])
    expect(one).toMatch(/^[0-9a-f]{32}$/)
    expect(other).not.toBe(one)
    expect(calls.at(-1)?.path).toBe('/v1/payments/A1/cancel')
  })

  test('that reads has no body, and its answer has to be signed over the address without the query', async () => {
    const { calls, options } = await gateway((_call, count) =>
      success(count === 1 ? '/v1/payments' : '/v1/payments/', { hasMore: false }),
    )
    const { payments } = new UCanPay({ ...options, maxRetries: 0 })
    await payments.list({ limit: 2, startingAfter: 'A1' })
    expect(calls[0]).toMatchObject({
      path: '/v1/payments?limit=2&startingAfter=A1',
      body: {},
      idempotencyKey: undefined,
    })
    await expect(payments.list({ limit: 2 })).rejects.toBeInstanceOf(UCanPaySignatureError)
  })

  test.each([
    [failure(503, 'SYSTEMERROR'), 2],
    [failure(409, 'BIZERR_NEED_RETRY'), 2],
    [{ ...failure(429, 'FREQUENCY_LIMITED'), headers: { 'retry-after': '1' } }, 2],
    [failure(409, 'OUT_TRADE_NO_USED'), 1],
    [failure(401, 'SIGNERROR'), 1],
    [failure(422, 'NOTENOUGH'), 1],
  ])('that is answered %j is sent %d times', async (first, times) => {
    const { calls, options } = await gateway((call, count) => (count === 1 ? first : placed(call, count)))
    const call = new UCanPay(options).createPayment({ ...PAYMENT })
    if (times === 1)
      await expect(call).rejects.toMatchObject({ msg: (first.body as { msg: string }).msg, requestId: 'req_1' })
    else await call
    expect(calls).toHaveLength(times)
  })

  test('ends in time, and says so', async () => {
    const { options } = await gateway(() => 'never')
    const call = new UCanPay({ ...options, timeoutMs: 100, maxRetries: 0 }).orders.query({ outTradeNo: 'A' })
    await expect(call).rejects.toBeInstanceOf(UCanPayTimeoutError)
  })

  test('takes a key that was rolled', async () => {
    const { calls, options } = await gateway(placed)
    const keys = ['first', 'second']
    const client = new UCanPay({ ...options, apiKey: () => keys.shift() ?? '' })
    await client.createPayment({ ...PAYMENT })
    await client.createPayment({ ...PAYMENT })
    expect(calls.map((call) => call.authorization)).toEqual(['Bearer first', 'Bearer second'])
  })
})

describe('an answer', () => {
  test.each<[string, (body: Record<string, unknown>) => Record<string, unknown>]>([
    ['changed', (data) => ({ ...data, totalAmt: 1 })],
    ['stripped of its signature', (data) => ({ ...data, sign: undefined })],
    ['signed for another endpoint', (data) => ({ ...data, sign: 'AAAA' })],
  ])('that was %s is refused', async (_what, change) => {
    const { calls, options } = await gateway((call, count) => {
      const reply = placed(call, count) as { status: number; body: { data: Record<string, unknown> } }
      return { ...reply, body: { ...reply.body, data: change(reply.body.data) } }
    })
    await expect(new UCanPay(options).createPayment({ ...PAYMENT })).rejects.toBeInstanceOf(UCanPaySignatureError)
    expect(calls).toHaveLength(1)
  })

  test('that is some proxy’s page is an error of its own', async () => {
    const { options } = await gateway(() => ({ status: 404 }))
    await expect(new UCanPay(options).orders.close({ outTradeNo: 'A' })).rejects.toMatchObject({
      name: 'UCanPayError',
      status: 404,
    })
  })
})

describe('the connection', () => {
  test.each([
    ['another host', { names: ['example.com'] }],
    ['an expired certificate', { expired: true }],
  ])('to %s is refused, whatever the environment says', async (_what, wish) => {
    const { calls, options } = await gateway(placed, wish)
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const call = new UCanPay({ ...options, maxRetries: 0 }).createPayment({ ...PAYMENT })
      await expect(call).rejects.toBeInstanceOf(UCanPayConnectionError)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
    expect(calls).toHaveLength(0)
  })

  test('to a server of another CA is refused', async () => {
    const { options } = await gateway(placed, { by: await newAuthority() })
    await expect(new UCanPay({ ...options, maxRetries: 0 }).createPayment({ ...PAYMENT })).rejects.toBeInstanceOf(
      UCanPayConnectionError,
    )
  })

  test.each(['http://localhost', 'ftp://localhost', 'localhost', 'https://user:pw@localhost'])(
    '%s is no base URL',
    (baseUrl) => {
      expect(() => new UCanPay({ apiKey: KEY, baseUrl })).toThrow(UCanPayConfigError)
    },
  )
})

test('the key is never printed', async () => {
  const { options } = await gateway(() => failure(401, 'NOAUTH'))
  const client = new UCanPay(options)
  const error: unknown = await client.orders.query({ outTradeNo: 'A' }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(UCanPayError)
  const printed = [
    inspect(client, { depth: 9, showHidden: true }),
    JSON.stringify(client),
    inspect(error, { depth: 9, showHidden: true }),
  ]
  for (const text of printed) expect(text).not.toContain(KEY.slice(12, 30))
  expect(Object.keys(client).sort().join(' ')).toBe('apiKeys gateway orders payments refunds security users webhooks')
  expect(() => new UCanPay({ ...options, privateKey: `not a key ${KEY}` })).toThrow(/^(?!.*ThisIsTheSecret)/)
})

test('in a browser it does not start', () => {
  Object.assign(globalThis, { window: {}, document: {} })
  try {
    expect(() => new UCanPay({ apiKey: KEY, baseUrl: 'https://localhost' })).toThrow(UCanPayConfigError)
  } finally {
    Reflect.deleteProperty(globalThis, 'window')
    Reflect.deleteProperty(globalThis, 'document')
  }
})

describe('a notification', () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const data = (success('/notify', { outTradeNo: 'A', totalAmt: 450, tradeStatus: 'SUCCESS' }).body as { data: object })
    .data
  const body = JSON.stringify({ code: 0, msg: 'SUCCESS', data })
  const platformKeys = platform.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const signedBy = (whsec: string, at = new Date(), text = body): Record<string, string> => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(whsec).sign('msg_1', at, text),
  })

  test('of the public library verifies, and by the signature of its data as well', () => {
    const notification = verifyWebhook(Buffer.from(body), signedBy(secret), { secret, platformKeys, path: '/notify' })
    expect(notification).toMatchObject({ id: 'msg_1', kind: 'payment', data: { outTradeNo: 'A' } })
  })

  test('verifies with either secret while one replaces the other', () => {
    const next = `whsec_${randomBytes(32).toString('base64')}`
    const headers = signedBy(secret)
    headers['webhook-signature'] = `${signedBy(next)['webhook-signature'] ?? ''} ${headers['webhook-signature'] ?? ''}`
    for (const known of [secret, next]) expect(verifyWebhook(body, headers, { secret: known }).id).toBe('msg_1')
    expect(verifyWebhook(body, signedBy(secret), { secret: [next, secret] }).id).toBe('msg_1')
  })

  test.each<[string, () => unknown]>([
    ['a changed body', () => verifyWebhook(body.replace('450', '1'), signedBy(secret), { secret })],
    ['another secret', () => verifyWebhook(body, signedBy(`whsec_${randomBytes(32).toString('base64')}`), { secret })],
    ['an old time', () => verifyWebhook(body, signedBy(secret, new Date(Date.now() - 301_000)), { secret })],
    ['a time to come', () => verifyWebhook(body, signedBy(secret, new Date(Date.now() + 310_000)), { secret })],
    ['no headers', () => verifyWebhook(body, {}, { secret })],
    ['an empty secret', () => verifyWebhook(body, signedBy(secret), { secret: 'whsec_' })],
    ['another path', () => verifyWebhook(body, signedBy(secret), { secret, platformKeys, path: '/other' })],
    [
      'data that the gateway did not sign',
      () => {
        const other = JSON.stringify({ data: { ...data, totalAmt: 1 } })
        return verifyWebhook(other, signedBy(secret, new Date(), other), { secret, platformKeys, path: '/notify' })
      },
    ],
    ['no JSON', () => verifyWebhook('x', signedBy(secret, new Date(), 'x'), { secret })],
  ])('with %s is refused', (_what, attempt) => {
    expect(attempt).toThrow(UCanPaySignatureError)
  })
})
