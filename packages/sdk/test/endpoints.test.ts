import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startGateway, testCertificates } from '../../../apps/gateway/test/support/gateway.ts'
import { Refused, UCanPay, UCanPayConfigError } from '../src/index.ts'
import { gateway, PAYMENT, success } from './support/fake-gateway.ts'

const openapi = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { parameters?: { in: string; name: string }[]; security?: object[] }>>
}

/** How a merchant asks each route. */
const METHODS: Readonly<Record<string, (ucanpay: UCanPay) => PromiseLike<unknown>>> = {
  'POST /payment/unifiedorder': (ucanpay) => ucanpay.createPayment(PAYMENT),
  'POST /payment/orderquery': ({ orders }) => orders.query({ outTradeNo: 'A' }),
  'GET /payment/status': ({ orders }) => orders.status({ outTradeNo: 'A' }),
  'POST /payment/closeorder': ({ orders }) => orders.close({ outTradeNo: 'A' }),
  'POST /payment/reverse': ({ orders }) => orders.reverse({ outTradeNo: 'A' }),
  'POST /payment/capture': ({ orders }) => orders.capture({ outTradeNo: 'A', captureAmt: 1 }),
  'POST /payment/refund': ({ refunds }) => refunds.create({ outTradeNo: 'A', totalAmt: 2, refundAmt: 1 }),
  'POST /payment/refundquery': ({ refunds }) => refunds.query({ outRefundNo: 'R' }),
  'GET /payment/refund/status': ({ refunds }) => refunds.status({ outRefundNo: 'R' }),
  'POST /v1/payments': ({ payments }) => payments.create(PAYMENT),
  'GET /v1/payments': ({ payments }) => payments.list({ limit: 3, tradeStatus: 'SUCCESS' }),
  'GET /v1/payments/{id}': ({ payments }) => payments.retrieve('x1'),
  'POST /v1/payments/{id}/capture': ({ payments }) => payments.capture('x1', { captureAmt: 1 }),
  'POST /v1/payments/{id}/cancel': ({ payments }) => payments.cancel('x1'),
  'POST /v1/refunds': ({ payments }) => payments.refund({ outTradeNo: 'A', refundAmt: 1 }),
  'GET /v1/refunds': ({ payments }) => payments.listRefunds(),
  'GET /v1/refunds/{id}': ({ payments }) => payments.retrieveRefund('x1'),
  'GET /v1/api-keys': ({ apiKeys }) => apiKeys.list(),
  'POST /v1/api-keys': ({ apiKeys }) => apiKeys.create({ name: 'Till', kind: 'rk', scopes: 'payments:read' }),
  'GET /v1/api-keys/{apiKeyId}': ({ apiKeys }) => apiKeys.retrieve('x1'),
  'POST /v1/api-keys/{apiKeyId}/roll': ({ apiKeys }) => apiKeys.roll('x1', { overlapS: 60 }),
  'POST /v1/api-keys/{apiKeyId}/revoke': ({ apiKeys }) => apiKeys.revoke('x1'),
  'POST /users': ({ users }) => users.create({ name: 'Ann' }),
  'GET /users': ({ users }) => users.list({ email: 'ann@example.org' }),
  'GET /users/{userId}': ({ users }) => users.retrieve('x1'),
  'PUT /users/{userId}': ({ users }) => users.update('x1', { name: 'Ann' }),
  'DELETE /users/{userId}': ({ users }) => users.delete('x1'),
  'POST /security/leaked-keys': ({ security }) => security.reportLeakedKeys(['x']),
  'GET /.well-known/jwks.json': (ucanpay) => ucanpay.gateway.publicKeys(),
  'GET /healthz': (ucanpay) => ucanpay.gateway.health(),
  'GET /readyz': (ucanpay) => ucanpay.gateway.readiness(),
  'GET /openapi.json': (ucanpay) => ucanpay.gateway.openApi(),
}

const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, route]) => ({ name: `${method.toUpperCase()} ${path}`, path, route })),
)

test('the API has no route that the client lacks', () => {
  expect(routes.length).toBeGreaterThan(30)
  expect(Object.keys(METHODS).sort()).toEqual(routes.map(({ name }) => name).sort())
})

test.each(routes)('$name is asked as the API describes it', async ({ name, path, route }) => {
  const { calls, options } = await gateway((call) => success(call.path, { items: [], hasMore: false }))
  const seen: string[] = []
  const hooks = {
    onRequest: (event: { method: string; route: string }) => void seen.push(`${event.method} ${event.route}`),
  }
  const answer = await METHODS[name]?.(new UCanPay({ ...options, hooks }))
  expect(answer).toBeTypeOf('object')
  expect(seen).toEqual([name])
  if (path === '/.well-known/jwks.json') return
  const [call] = calls
  expect(`${call?.method ?? ''} ${call?.path.split('?')[0] ?? ''}`).toBe(name.replace(/\{[a-zA-Z]+\}/, 'x1'))
  // A key goes where one is due and nowhere else, and an Idempotency-Key wherever one is taken.
  expect(call?.authorization !== undefined).toBe((route.security ?? []).length > 0)
  const takesOne = (route.parameters ?? []).some((parameter) => parameter.name === 'Idempotency-Key')
  expect(call?.idempotencyKey !== undefined).toBe(takesOne)
  expect('sign' in (call?.body ?? {})).toBe(
    call?.method !== 'GET' && call?.method !== 'DELETE' && call?.authorization !== undefined,
  )
})

test.each(['', '.', '..', '../refunds', 'a/b', 'a%2fb', 'a?b', 'x'.repeat(65)])(
  'a number in a path that is none, %j, is asked of nobody',
  async (id) => {
    const { calls, options } = await gateway(({ path }) => success(path, {}))
    const { payments, users } = new UCanPay(options)
    await expect(payments.cancel(id)).rejects.toBeInstanceOf(UCanPayConfigError)
    await expect(users.delete(id)).rejects.toBeInstanceOf(UCanPayConfigError)
    expect(calls).toEqual([])
  },
)

test('a real gateway understands every one of them', async () => {
  const real = await startGateway()
  const { merchantId, secretKey, privateKey } = real.merchant
  const ucanpay = new UCanPay({
    apiKey: secretKey,
    baseUrl: real.apiUrl,
    merchantId,
    privateKey,
    ca: testCertificates.ca,
  })
  const notifyUrl = real.receiver.url
  const { outTradeNo, ucpOrderNo } = await ucanpay.createPayment({ ...PAYMENT, notifyUrl })
  expect((await ucanpay.orders.status({ ucpOrderNo })).outTradeNo).toBe(outTradeNo)
  expect((await ucanpay.orders.close({ outTradeNo })).tradeStatus).toBe('CLOSED')
  expect((await ucanpay.orders.close({ outTradeNo })).tradeStatus).toBe('CLOSED')
  await expect(ucanpay.orders.reverse({ outTradeNo })).rejects.toBeInstanceOf(Refused.ORDERCLOSED)
  await expect(ucanpay.refunds.status({ outRefundNo: 'R1' })).rejects.toBeInstanceOf(Refused.REFUNDNOTEXIST)
  const user = await ucanpay.users.create({ name: 'Ann', email: 'ann@example.org' })
  await ucanpay.users.update(user.userId, { name: 'Anne' })
  expect(await ucanpay.users.list({ email: 'ann@example.org' })).toMatchObject({ items: [{ name: 'Anne' }] })
  expect((await ucanpay.users.delete(user.userId)).status).toBe('erased')
  await expect(ucanpay.users.retrieve(user.userId)).rejects.toBeInstanceOf(Refused.NOT_FOUND)
  const made = await ucanpay.apiKeys.create({ name: 'Till', kind: 'rk', scopes: 'payments:read' })
  const rolled = await ucanpay.apiKeys.roll(made.apiKeyId, { overlapS: 60 })
  expect((await ucanpay.apiKeys.retrieve(made.apiKeyId)).rolledInto).toBe(rolled.apiKeyId)
  expect((await ucanpay.apiKeys.revoke(rolled.apiKeyId)).status).toBe('revoked')
  expect((await ucanpay.apiKeys.list()).items).toHaveLength(3)
  expect((await ucanpay.security.reportLeakedKeys([made.key])).received).toBe(1)
  expect((await ucanpay.apiKeys.retrieve(made.apiKeyId)).status).toBe('revoked')
  expect(await ucanpay.gateway.health()).toEqual({ status: 'ok' })
  expect(await ucanpay.gateway.readiness()).toEqual({ status: 'ready' })
  expect((await ucanpay.gateway.publicKeys()).keys.length).toBeGreaterThan(0)
  expect(await ucanpay.gateway.openApi()).toHaveProperty('openapi')
})
