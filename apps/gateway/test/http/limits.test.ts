import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { tally, type Answer } from '../support/client.ts'
import { startGateway, testCertificates, type TestGateway } from '../support/gateway.ts'

const QUERY = '/payment/status?outTradeNo=none'
const many = (gateway: TestGateway, count: number, key?: string): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, () => gateway.get(QUERY, key === undefined ? {} : { key })))
/** Waits for a fresh second, so that a burst fits into one window. */
const freshSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_005 - (Date.now() % 1_000)))

test('every answer of the API tells how much is left', async () => {
  const gateway = await startGateway({ role: 'api', limits: { perKeyPerS: 50, perIpPerS: 70 } })
  for (const [path, key, limit] of [
    [QUERY, undefined, '50'],
    [QUERY, null, '70'],
    ['/.well-known/jwks.json', null, '70'],
    ['/nowhere', null, '70'],
  ] as const) {
    const { headers } = await gateway.get(path, key === undefined ? {} : { key })
    expect([path, headers['x-ratelimit-limit']]).toEqual([path, limit])
    expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(Number(limit))
    expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThanOrEqual(Math.floor(Date.now() / 1000))
  }
})

test('two processes together let no more through than the limit of a key', async () => {
  const one = await startGateway({ role: 'api', limits: { perKeyPerS: 8 } })
  const two = await startGateway({ role: 'api', beside: one, limits: { perKeyPerS: 8 } })
  await Promise.all([many(one, 1), many(two, 1)])
  await freshSecond()
  const before = Date.now()
  const replies = (await Promise.all([many(one, 60), many(two, 60)])).flat()
  const windows = Math.floor(Date.now() / 1000) - Math.floor(before / 1000) + 1
  const counts = tally(replies)
  expect(counts['ORDERNOTEXIST']).toBeLessThanOrEqual(8 * windows)
  expect(counts['ORDERNOTEXIST']).toBeGreaterThanOrEqual(8)
  const refused = replies.find((reply) => reply.msg === 'FREQUENCY_LIMITED')
  expect(refused).toMatchObject({ status: 429 })
  expect(refused?.headers['retry-after']).toBe('1')
  await freshSecond()
  expect((await one.get(QUERY)).msg).toBe('ORDERNOTEXIST')
})

test('a key can have a limit of its own, and another key is not touched by it', async () => {
  const gateway = await startGateway({ role: 'api' })
  const slow = await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [], rateLimitPerS: 3 })
  await freshSecond()
  const replies = await many(gateway, 60, slow.key)
  expect(tally(replies)['FREQUENCY_LIMITED']).toBeGreaterThanOrEqual(6)
  expect(tally(await many(gateway, 12))).toEqual({ ORDERNOTEXIST: 12 })
})

test('guesses are limited by address, and who has a key is not held up by them', async () => {
  const gateway = await startGateway({ role: 'api', limits: { perIpPerS: 3 } })
  await gateway.get(QUERY)
  // Longer than an account is kept: a key that was good is no guess, however long ago the last look at it was.
  const guesses = [...(await many(gateway, 60, 'wrong')), ...(await many(gateway, 60, 'wrong'))]
  expect(tally(guesses)['FREQUENCY_LIMITED']).toBeGreaterThanOrEqual(10)
  await new Promise((resolve) => setTimeout(resolve, 600))
  await many(gateway, 60, 'wrong')
  expect((await gateway.get(QUERY)).msg).toBe('ORDERNOTEXIST')
})

test('a key that may not be used here is limited by address, and not by what its owner may use', async () => {
  const gateway = await startGateway({ role: 'api', limits: { perIpPerS: 10 } })
  await gateway.get(QUERY)
  await freshSecond()
  await gateway.get(QUERY)
  const headers = { origin: 'https://shop.example' }
  const refused = await Promise.all(Array.from({ length: 30 }, () => gateway.get(QUERY, { headers })))
  expect(tally(refused)['FREQUENCY_LIMITED']).toBeGreaterThanOrEqual(10)
  for (const reply of refused) expect(reply.headers['x-ratelimit-limit']).toBe('10') // The key's own is far above.
})

test('a quota counts a month, in all processes', async () => {
  const gateway = await startGateway({ role: 'api' })
  const beside = await startGateway({ role: 'api', beside: gateway })
  await gateway.sql('update merchants set monthly_quota = 20')
  await new Promise((resolve) => setTimeout(resolve, 600))
  const replies = (await Promise.all([many(gateway, 15), many(beside, 15)])).flat()
  expect(tally(replies)).toEqual({ ORDERNOTEXIST: 20, FREQUENCY_LIMITED: 10 })
  const { headers } = await gateway.get(QUERY)
  expect(headers).toMatchObject({ 'x-quota-limit': '20', 'x-quota-remaining': '0' })
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  await gateway.sql('update merchants set monthly_quota = null')
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect((await gateway.get(QUERY)).msg).toBe('ORDERNOTEXIST')
})

test('twenty failures in a row close a key for a minute, in every process, and a success begins anew', async () => {
  const gateway = await startGateway({ role: 'api', limits: { failuresInARow: 20 } })
  const beside = await startGateway({ role: 'api', beside: gateway, limits: { failuresInARow: 20 } })
  const placed = await gateway.place({ outTradeNo: 'A1' })
  expect(placed.msg).toBe('SUCCESS')
  const fail = async (times: number): Promise<unknown[]> => {
    const msgs: unknown[] = []
    for (let time = 0; time < times; time++) msgs.push((await gateway.get(QUERY)).msg)
    return msgs
  }
  expect(new Set(await fail(19))).toEqual(new Set(['ORDERNOTEXIST']))
  expect((await gateway.get('/payment/status?outTradeNo=A1')).msg).toBe('SUCCESS')
  expect(new Set(await fail(20))).toEqual(new Set(['ORDERNOTEXIST']))
  const refused = await gateway.get('/payment/status?outTradeNo=A1')
  expect(refused).toMatchObject({ status: 429, msg: 'INVALID_REQ_TOO_MUCH' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
  await expect.poll(async () => (await beside.get(QUERY)).msg, { timeout: 1_000 }).toBe('INVALID_REQ_TOO_MUCH')
  const other = await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [] })
  expect((await gateway.get(QUERY, { key: other.key })).msg).toBe('ORDERNOTEXIST')
  gateway.moveClock(61_000)
  expect((await gateway.get('/payment/status?outTradeNo=A1')).msg).toBe('SUCCESS')
})

test('who sends headers or a body drop by drop is cut off', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { port } = new URL(gateway.apiUrl)
  const drip = (start: string): Promise<number> =>
    new Promise((resolve) => {
      const startedAt = performance.now()
      const socket = connect({ port: Number(port), host: 'localhost', ca: testCertificates.ca })
      socket.write(start)
      const timer = setInterval(() => socket.writable && socket.write('x'), 200)
      socket.on('error', () => undefined)
      socket.on('data', () => undefined)
      socket.on('close', () => {
        clearInterval(timer)
        resolve((performance.now() - startedAt) / 1000)
      })
    })
  const body = `POST /payment/orderquery HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gateway.merchant.secretKey}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n`
  const seconds = await Promise.all([drip('GET / HTTP/1.1\r\nX-Slow: '), drip(body)])
  expect(seconds[0]).toBeLessThan(14)
  expect(seconds[1]).toBeLessThan(20)
})
