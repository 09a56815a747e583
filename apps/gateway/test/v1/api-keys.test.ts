import { createPublicKey, verify } from 'node:crypto'
import { parseApiKey } from '@ucanpay/wire/api-key'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { expect, test } from 'vitest'
import { signBody } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const QUERY = '/payment/status?outTradeNo=none'
const opens = async (gateway: TestGateway, key: unknown): Promise<number> =>
  (await gateway.get(QUERY, { key: String(key) })).status // 404: let in, and there is no such order.

test('a key is made, shown once, listed without its text, and does what it says', async () => {
  const gateway = await startGateway({ role: 'api' })
  const made = await gateway.post('/v1/api-keys', {
    name: 'Till 1',
    kind: 'rk',
    scopes: 'payments:read refunds:write',
    expiresInDays: 30,
    ipAllowList: '127.0.0.0/8 ::1',
  })
  expect(made).toMatchObject({ status: 200, msg: 'SUCCESS' })
  const { key, apiKeyId } = made.data
  expect(parseApiKey(String(key))).toEqual({ kind: 'rk', mode: 'test' })
  expect(made.data).toMatchObject({
    scopes: 'payments:read refunds:write',
    ipAllowList: '127.0.0.0/8 ::1/128',
    status: 'active',
  })
  expect(await opens(gateway, key)).toBe(404)
  expect(await gateway.place({}, { key: String(key) })).toMatchObject({ status: 403, msg: 'NOAUTH' })

  const read = await gateway.get(`/v1/api-keys/${String(apiKeyId)}`)
  expect(read.data).toMatchObject({ apiKeyId, name: 'Till 1' })
  const list = await gateway.get('/v1/api-keys?limit=1')
  expect(list.data).toMatchObject({ hasMore: true, items: [{ apiKeyId }] })
  const rest = await gateway.get(`/v1/api-keys?startingAfter=${String(apiKeyId)}`)
  expect(rest.data).toMatchObject({ hasMore: false, items: [{ apiKeyId: gateway.merchant.apiKeyId }] })
  for (const text of [read.text, list.text, rest.text, gateway.log.join()]) expect(text).not.toContain(key)
  const [row] = await gateway.rows<{ key_hash: Buffer }>(`api_keys where api_key_id = '${String(apiKeyId)}'`)
  expect(JSON.stringify(row)).not.toContain(String(key).slice(12, 40))
})

test('an answer about a key is signed over the path that was asked', async () => {
  const gateway = await startGateway({ role: 'api' })
  const path = `/v1/api-keys/${gateway.merchant.apiKeyId}`
  const { data } = await gateway.get(path)
  const jwks = (await gateway.get('/.well-known/jwks.json')).body as { keys: { kty: string }[] }
  const rsa = createPublicKey({ key: jwks.keys.find((key) => key.kty === 'RSA') ?? {}, format: 'jwk' })
  const sign = Buffer.from(String(data['sign']), 'base64')
  expect(verify('sha256', Buffer.from(stringToSign(data, path)), rsa, sign)).toBe(true)
  const roll = `${path}/roll`
  const signed = signBody(roll, { overlapS: 60 }, gateway.merchant.privateKey)
  expect((await gateway.post(roll, signed)).msg).toBe('SUCCESS')
  const elsewhere = signBody('/v1/api-keys/key_other/roll', { overlapS: 60 }, gateway.merchant.privateKey)
  expect((await gateway.post(roll, elsewhere)).msg).toBe('SIGNERROR')
})

test('what is no key that one could have is refused', async () => {
  const gateway = await startGateway({ role: 'api' })
  const wrong = [
    { kind: 'rk' },
    { kind: 'sk', scopes: 'payments:read' },
    { kind: 'rk', scopes: 'everything' },
    { kind: 'sk', expiresInDays: 366 },
    { kind: 'sk', expiresInDays: 0 },
    { kind: 'sk', ipAllowList: '10.0.0.1/8' },
    { kind: 'sk', ipAllowList: '10.0.0.0/33' },
    { kind: 'sk', ipAllowList: 'fe80::1/10' },
    { kind: 'sk', ipAllowList: '999.1.1.1' },
    { kind: 'sk', mode: 'live' },
    { kind: 'sk', rateLimitPerS: 1 },
  ]
  for (const body of wrong) {
    const reply = await gateway.post('/v1/api-keys', { name: 'x', ...body })
    expect([body, reply.status, reply.msg]).toEqual([body, 400, 'PARAM_ERROR'])
  }
  expect(await gateway.rows('api_keys')).toHaveLength(1)
})

test('nobody hands out more than they have', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { key } = await gateway.addKey({ kind: 'rk', mode: 'test', scopes: ['keys:write', 'payments:read'] })
  const make = (body: object) => gateway.post('/v1/api-keys', { name: 'x', ...body }, { key })
  expect((await make({ kind: 'rk', scopes: 'payments:read' })).status).toBe(200)
  expect((await make({ kind: 'rk', scopes: 'payments:write' })).status).toBe(403)
  expect((await make({ kind: 'sk' })).status).toBe(403)
  const own = `/v1/api-keys/${gateway.merchant.apiKeyId}`
  expect((await gateway.post(`${own}/roll`, {}, { key })).status).toBe(403) // It would hand them the secret key.
  expect((await gateway.post(`${own}/revoke`, {}, { key })).status).toBe(403)
  expect((await gateway.get(own, { key })).status).toBe(403) // keys:read is another scope.
})

test('a stranger finds no key, and neither does the other mode', async () => {
  const gateway = await startGateway({ role: 'api' })
  const stranger = await gateway.addMerchant()
  const live = await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  for (const apiKeyId of [stranger.apiKeyId, live.apiKeyId, 'key_none']) {
    const path = `/v1/api-keys/${apiKeyId}`
    const replies = [
      await gateway.get(path),
      await gateway.get(`/v1/api-keys?startingAfter=${apiKeyId}`),
      await gateway.post(`${path}/roll`, {}),
      await gateway.post(`${path}/revoke`, {}),
    ]
    expect(replies.map(({ status, msg }) => `${status} ${String(msg)}`)).toEqual(Array(4).fill('404 NOT_FOUND'))
  }
  expect(await opens(gateway, stranger.secretKey)).toBe(404)
})

test('a rolled key lives on for the overlap, and no longer', async () => {
  const gateway = await startGateway({ role: 'api' })
  const path = `/v1/api-keys/${gateway.merchant.apiKeyId}`
  const rolled = await gateway.post(`${path}/roll`, { overlapS: 3_600 })
  const { key, apiKeyId } = rolled.data
  expect(await opens(gateway, key)).toBe(404)
  expect(await opens(gateway, gateway.merchant.secretKey)).toBe(404)
  expect((await gateway.get(path)).data).toMatchObject({ rolledInto: apiKeyId, status: 'active' })
  expect((await gateway.post(`${path}/roll`, {})).msg).toBe('INVALID_REQUEST')
  gateway.moveClock(3_601_000)
  // What is known of a key from before it was rolled is believed for half a second.
  await expect.poll(() => opens(gateway, gateway.merchant.secretKey), { timeout: 1_000 }).toBe(401)
  expect(await opens(gateway, key)).toBe(404)

  const again = await gateway.post(`/v1/api-keys/${String(apiKeyId)}/roll`, {}, { key: String(key) })
  await expect.poll(() => opens(gateway, key), { timeout: 1_000 }).toBe(401) // No overlap: at once.
  expect(await opens(gateway, again.data['key'])).toBe(404)
})

test('of ten rolls of one key at once one makes a key', async () => {
  const gateway = await startGateway({ role: 'api' })
  const roll = () => gateway.post(`/v1/api-keys/${gateway.merchant.apiKeyId}/roll`, { overlapS: 60 })
  const replies = await Promise.all(Array.from({ length: 10 }, roll))
  expect(replies.filter(({ msg }) => msg === 'SUCCESS')).toHaveLength(1)
  expect(replies.filter(({ msg }) => msg === 'INVALID_REQUEST')).toHaveLength(9)
  expect(await gateway.rows('api_keys')).toHaveLength(2)
})

test('a key that is revoked in one process is refused in the other within a second, under load', async () => {
  const one = await startGateway({ role: 'api' })
  const two = await startGateway({ role: 'api', beside: one })
  const { key, apiKeyId } = await one.addKey({ kind: 'sk', mode: 'test', scopes: [] })
  const late: number[] = []
  let asked = false
  let revokedAt = Infinity
  let running = true
  const load = Array.from({ length: 4 }, async () => {
    while (running) {
      const sentAt = performance.now()
      const status = await opens(two, key)
      if (status === 404 && sentAt - revokedAt > 1_000) late.push(sentAt - revokedAt)
      if (status === 401 && !asked) late.push(-1) // Not before anybody wanted it.
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  asked = true
  expect((await one.post(`/v1/api-keys/${apiKeyId}/revoke`, {})).data['status']).toBe('revoked')
  revokedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  running = false
  await Promise.all(load)
  expect(late).toEqual([])
  expect(await opens(two, key)).toBe(401)
  expect((await one.post(`/v1/api-keys/${apiKeyId}/revoke`, {})).msg).toBe('SUCCESS') // Again is no mistake.
})

test('a key comes from its addresses alone', async () => {
  const gateway = await startGateway({ role: 'api', config: { trustedProxies: ['127.0.0.1'] } })
  const made = await gateway.post('/v1/api-keys', {
    name: 'x',
    kind: 'sk',
    ipAllowList: '203.0.113.0/24 2001:db8::/32',
  })
  const from = async (ip: string): Promise<number> =>
    (await gateway.get(QUERY, { key: String(made.data['key']), headers: { 'x-forwarded-for': ip } })).status
  expect(await from('203.0.113.7')).toBe(404)
  expect(await from('2001:db8:1::1')).toBe(404)
  for (const ip of ['203.0.114.7', '2001:db9::1', '198.51.100.1, 203.0.114.7']) expect(await from(ip)).toBe(403)
  // The proxy's own word counts, and not what stands before it.
  expect(await from('203.0.113.7, 198.51.100.1')).toBe(403)
})

test('the last use of a key is on record', async () => {
  const gateway = await startGateway({ role: 'api' })
  const beside = await startGateway({ role: 'api', beside: gateway })
  await beside.get(QUERY, { headers: { 'user-agent': `shop/1 ${gateway.merchant.secretKey} ada@example.com` } })
  await beside.stop() // It writes every few seconds, and before it ends.
  const { data } = await gateway.get(`/v1/api-keys/${gateway.merchant.apiKeyId}`)
  expect(data).toMatchObject({ lastUsedIp: '127.0.0.1', lastUsedAgent: 'shop/1 [key] [email]' })
})
