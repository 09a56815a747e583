import { randomBytes } from 'node:crypto'
import { request as plainRequest } from 'node:http'
import { formatApiKey } from '@ucanpay/wire/api-key'
import { expect, test } from 'vitest'
import { remindOfExpiry } from '../../src/domain/api-keys/remind-of-expiry.ts'
import { freePort } from '../support/free-port.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const QUERY = '/payment/status?outTradeNo=none'
const newKey = (gateway: TestGateway) => gateway.addKey({ kind: 'sk', mode: 'test', scopes: [] })
const status = async (gateway: TestGateway, key: string): Promise<number> => (await gateway.get(QUERY, { key })).status
const revoked = (gateway: TestGateway, key: string): Promise<void> =>
  expect.poll(() => status(gateway, key), { timeout: 1_000 }).toBe(401)

test('a key that is reported is revoked, announced, and the answer does not tell it from any other text', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { key, apiKeyId } = await newKey(gateway)
  const { key: publishable } = await gateway.addKey({ kind: 'pk', mode: 'test', scopes: [] })
  const unknown = formatApiKey({ kind: 'sk', mode: 'test' }, randomBytes(64))
  const report = (keys: string[]) => gateway.post('/security/leaked-keys', { keys }, { key: null })
  const [real, none] = [await report([`see ${key}!`, publishable]), await report([unknown, 'no key'])]
  for (const reply of [real, none]) expect(reply).toMatchObject({ status: 200, msg: 'SUCCESS', data: { received: 2 } })
  expect(Object.keys(real.data)).toEqual(Object.keys(none.data))
  await revoked(gateway, key)
  expect(await status(gateway, gateway.merchant.secretKey)).toBe(404)
  expect(await gateway.rows('alerts')).toMatchObject([{ kind: 'key-reported', target: apiKeyId, times: 1 }])
  const audit = await gateway.rows(`audit_log where action = 'api-key.revoked'`)
  expect(audit).toMatchObject([{ target: apiKeyId, actor: 'gateway', after: 'key-reported', ip: '127.0.0.1' }])
})

test('reports are limited by address', async () => {
  const gateway = await startGateway({ role: 'api' })
  const report = () => gateway.post('/security/leaked-keys', { keys: ['x'] }, { key: null })
  const replies = await Promise.all(Array.from({ length: 40 }, report))
  const refused = replies.filter((reply) => reply.msg === 'FREQUENCY_LIMITED')
  expect(refused.length).toBeGreaterThanOrEqual(10)
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
})

test.each([
  ['the query', (key: string) => ({ path: `${QUERY}&api_key=${key}` })],
  ['the path', (key: string) => ({ path: `/v1/${key}` })],
  ['the path, encoded', (key: string) => ({ path: `/v1/${key.replaceAll('_', '%5F')}` })],
  [
    'a body beside the header',
    (key: string) => ({ path: '/payment/orderquery', body: { outTradeNo: key.slice(0, 60) } }),
  ],
  ['a body alone', (key: string) => ({ path: '/payment/orderquery', body: { apiKey: key }, own: null })],
])('a key in %s is refused and revoked', async (_place, how) => {
  const gateway = await startGateway({ role: 'api' })
  const { key } = await newKey(gateway)
  const { path, body, own } = how(key) as { path: string; body?: object; own?: null }
  const options = own === null ? { key: null } : {}
  const reply = body ? await gateway.post(path, body, options) : await gateway.get(path, options)
  expect([reply.status, reply.msg]).toEqual([401, 'NOAUTH'])
  await revoked(gateway, key)
  expect(gateway.log.join()).not.toContain(key)
  expect(await gateway.rows('alerts')).toMatchObject([{ kind: body ? 'key-in-body' : 'key-in-url' }])
})

test('the checkout revokes a key in an address, too', async () => {
  const gateway = await startGateway()
  const { key } = await newKey(gateway)
  expect((await gateway.get(`${gateway.checkoutUrl}/pay/${key}`, { key: null })).status).toBe(401)
  await revoked(gateway, key)
})

test('a server key from a browser alerts the merchant once a day, by notification too', async () => {
  const gateway = await startGateway()
  await gateway.sql(`update merchants set security_notify_url = $1`, [gateway.receiver.url])
  for (let times = 0; times < 3; times++) {
    expect((await gateway.get(QUERY, { headers: { origin: 'https://shop.example' } })).status).toBe(403)
  }
  const { apiKeyId } = gateway.merchant
  expect(await gateway.rows('alerts')).toMatchObject([{ kind: 'key-in-browser', target: apiKeyId, times: 3 }])
  await expect.poll(() => gateway.receiver.received.length).toBe(1)
  expect(JSON.stringify(gateway.receiver.received[0])).toContain('key-in-browser')
  expect(await status(gateway, gateway.merchant.secretKey)).toBe(404)
})

test('plain HTTP serves nothing, and a key that it hears is revoked', async () => {
  const httpPort = await freePort()
  const gateway = await startGateway({ role: 'api', config: { httpPort } })
  const { key, apiKeyId } = await newKey(gateway)
  const ask = (path: string, headers: Record<string, string>, body = ''): Promise<[number, string]> =>
    new Promise((resolve, reject) => {
      const sent = plainRequest({ port: httpPort, host: '127.0.0.1', path, headers, method: 'POST' }, (reply) => {
        let text = ''
        reply.on('data', (chunk: Buffer) => (text += chunk.toString()))
        reply.on('end', () => resolve([reply.statusCode ?? 0, text]))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  const [code, text] = await ask('/healthz', {})
  expect([code, JSON.parse(text)]).toMatchObject([403, { msg: 'NOAUTH', status: 403 }])
  expect((await ask(QUERY, { authorization: `Bearer ${key}` }))[0]).toBe(403)
  await revoked(gateway, key)
  expect(await gateway.rows('alerts')).toMatchObject([{ kind: 'key-over-http', target: apiKeyId }])
  const other = await newKey(gateway)
  expect((await ask('/', {}, JSON.stringify({ key: other.key })))[0]).toBe(403)
  await revoked(gateway, other.key)
})

test('a merchant is reminded 14, 7 and 1 days before a key ends, once each', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { apiKeyId } = gateway.merchant
  const occasions: string[] = []
  for (const days of [60, 75, 77, 83.5, 85, 89.2, 89.5]) {
    for (let times = 0; times < 2; times++) {
      await remindOfExpiry(gateway.gateway.deps.db, new Date(Date.now() + days * 86_400_000))
    }
    const rows = await gateway.rows<{ occasion: string; target: string; times: number }>('alerts order by created_at')
    occasions.push(rows.map((row) => row.occasion).join(', '))
    for (const row of rows) expect(row).toMatchObject({ target: apiKeyId, times: 1 })
  }
  expect(occasions).toEqual([
    ...['', '', '14 days', '14 days, 7 days', '14 days, 7 days'],
    ...['14 days, 7 days, 1 days', '14 days, 7 days, 1 days'],
  ])
})
