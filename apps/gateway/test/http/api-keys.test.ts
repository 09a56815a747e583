import { formatApiKey } from '@ucanpay/wire/api-key'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { revokeApiKey } from '../../src/domain/api-keys/revoke-api-key.ts'
import { operator, startGateway } from '../support/gateway.ts'

const QUERY = '/payment/status?outTradeNo=none'

test('what is not a good key opens nothing, and the body is not even read', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { secretKey } = gateway.merchant
  const wrong = [
    undefined,
    '',
    'Bearer ',
    `Basic ${secretKey}`,
    secretKey,
    `bearer ${secretKey}`,
    `Bearer ${secretKey} `.trimEnd() + 'x',
    `Bearer ${secretKey.slice(0, -1)}${secretKey.endsWith('0') ? '1' : '0'}`,
    `Bearer ${formatApiKey({ kind: 'sk', mode: 'test' }, randomBytes(64))}`,
    `Bearer ${secretKey.replace('_test_', '_live_')}`,
  ]
  for (const authorization of wrong) {
    const headers = authorization === undefined ? {} : { authorization }
    const reply = await gateway.send('POST', '/payment/orderquery', { key: null, headers, body: 'not json' })
    expect([authorization, reply.status, reply.msg]).toEqual([authorization, 401, 'NOAUTH'])
    expect(reply.body['detail']).toBeUndefined()
  }
  const inUrl = await gateway.get(`${QUERY}&key=${secretKey}`, { key: null })
  expect(inUrl.status).toBe(401)
})

test('a revoked key is refused within a second, and only that one', async () => {
  const gateway = await startGateway({ role: 'api' })
  const other = await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [] })
  expect((await gateway.get(QUERY)).msg).toBe('ORDERNOTEXIST')
  const caller = operator(gateway.merchant.merchantId, 'test')
  await gateway.gateway.deps.db.transaction((tx) =>
    revokeApiKey(tx, caller, {
      apiKeyId: gateway.merchant.apiKeyId,
      reason: 'leaked',
      by: { kind: 'operator', scopes: [] },
    }),
  )
  await expect.poll(async () => (await gateway.get(QUERY)).status, { timeout: 1_000 }).toBe(401)
  expect((await gateway.get(QUERY, { key: other.key })).msg).toBe('ORDERNOTEXIST')
})

test('an expired key is refused', async () => {
  const gateway = await startGateway({ role: 'api' })
  gateway.moveClock(91 * 86_400_000)
  expect(await gateway.get(QUERY)).toMatchObject({ status: 401, msg: 'NOAUTH' })
})

test('a restricted key does what its scopes say, and a publishable one nothing of a server', async () => {
  const gateway = await startGateway({ role: 'api' })
  const reader = await gateway.addKey({ kind: 'rk', mode: 'test', scopes: ['payments:read'] })
  const publishable = await gateway.addKey({ kind: 'pk', mode: 'test', scopes: ['payments:read', 'payments:write'] })
  expect((await gateway.get(QUERY, { key: reader.key })).msg).toBe('ORDERNOTEXIST')
  for (const key of [reader.key, publishable.key]) {
    expect(await gateway.place({}, { key })).toMatchObject({ status: 403, msg: 'NOAUTH' })
  }
  expect(await gateway.get(QUERY, { key: publishable.key })).toMatchObject({ status: 403 })
})

test('a server key from a browser is refused', async () => {
  const gateway = await startGateway({ role: 'api' })
  for (const headers of [{ origin: 'https://shop.example' }, { 'sec-fetch-mode': 'cors' }]) {
    expect(await gateway.get(QUERY, { headers })).toMatchObject({ status: 403, msg: 'NOAUTH' })
  }
})

test('test and live keys see nothing of each other', async () => {
  const gateway = await startGateway({ role: 'api' })
  await gateway.gateway.deps.db.query(`update merchants set signatures_live = 'optional'`)
  const live = await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  const { outTradeNo } = (await gateway.place({ outTradeNo: 'A1' })).data
  expect((await gateway.post('/payment/orderquery', { outTradeNo }, { key: live.key })).msg).toBe('ORDERNOTEXIST')
  const notify = { notifyUrl: 'https://example.com/notify' }
  expect((await gateway.place({ outTradeNo: 'A1', totalAmt: 999, ...notify }, { key: live.key })).msg).toBe('SUCCESS')
  expect((await gateway.post('/payment/orderquery', { outTradeNo })).data['totalAmt']).toBe(450)
  const refused = await gateway.post('/payment/orderquery', {}, { key: live.key })
  expect(refused.body['detail']).toBeUndefined() // Detail is for test mode alone.
})

test('live requests must be signed unless the account says otherwise', async () => {
  const gateway = await startGateway({ role: 'api' })
  const live = await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  const reply = await gateway.place({ notifyUrl: 'https://example.com/notify' }, { key: live.key })
  expect([reply.status, reply.msg]).toEqual([401, 'SIGNERROR'])
})
