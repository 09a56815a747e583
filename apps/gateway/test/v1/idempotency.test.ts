import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Acquirer } from '../../src/acquirers/acquirer.ts'
import type { SandboxAcquirer } from '../../src/acquirers/sandbox/sandbox-acquirer.ts'
import { tally, type Answer } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const HOUR_MS = 3_600_000
const under = (idempotencyKey: string, key?: string): { headers: Record<string, string>; key?: string } => ({
  headers: { 'idempotency-key': idempotencyKey },
  ...(key === undefined ? {} : { key }),
})
/** What an answer says, without what is new in each: the signature and its nonce. */
function said({ data }: Answer): object {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'nonceStr' && name !== 'sign'))
}

test('ten at once under one key place one order, and all get the one answer, in two processes too', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { checkoutUrl } = gateway
  const beside = await startGateway({ role: 'api', beside: gateway, config: { checkoutUrl } })
  const ask = (one: TestGateway): Promise<Answer> => one.post('/v1/payments', gateway.order(), under('k1'))
  const replies = await Promise.all(Array.from({ length: 10 }, (_, at) => ask(at % 2 === 0 ? gateway : beside)))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  const [first] = replies
  for (const reply of replies) expect(said(reply)).toEqual(first && said(first))
  expect(replies.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(9)
  expect(await gateway.rows('orders')).toHaveLength(1)
  expect(new Set(replies.map(({ data }) => data['nonceStr'])).size).toBe(10) // Each is signed anew.
})

test('a repeat gets the answer of then, whatever has become of the order since', async () => {
  const gateway = await startGateway()
  const placed = await gateway.post('/v1/payments', gateway.order(), under('k1'))
  await gateway.pay(placed.data['payUrl'])
  const again = await gateway.post('/v1/payments', gateway.order(), under('k1'))
  expect(said(again)).toEqual(said(placed))
  expect(again.headers['idempotent-replayed']).toBe('true')
  const path = `/v1/payments/${String(placed.data['ucpOrderNo'])}`
  expect((await gateway.get(path, under('k1'))).data['tradeStatus']).toBe('SUCCESS') // Reading takes no key.

  const accepted = await gateway.post('/v1/refunds', refundOf(placed, 'R1'), under('k2'))
  await gateway.receiver.waitFor(2)
  expect(said(await gateway.post('/v1/refunds', refundOf(placed, 'R1'), under('k2')))).toEqual(said(accepted))
  expect((await gateway.get('/v1/refunds/R1')).data['refundStatus']).toBe('SUCCESS')

  gateway.moveClock(24 * HOUR_MS + 1_000)
  const later = await gateway.post('/v1/payments', gateway.order(), under('k1'))
  expect(later.data['ucpOrderNo']).not.toBe(placed.data['ucpOrderNo'])
})

function refundOf({ data }: Answer, outRefundNo: string): object {
  return { ucpOrderNo: data['ucpOrderNo'], outRefundNo, refundAmt: 1 }
}

test('a key that came with another body or path is refused, and the same body signed anew is not another', async () => {
  const gateway = await startGateway()
  const order = gateway.order({ outTradeNo: 'A1' })
  const path = '/v1/payments'
  const placed = await gateway.post(path, gateway.signed(path, order), under('k1'))
  const again = await gateway.post(path, gateway.signed(path, order), under('k1'))
  expect(said(again)).toEqual(said(placed))
  const others: [string, object][] = [
    [path, { ...order, totalAmt: 1 }],
    [path, { ...order, deviceNo: 'Till 1' }],
    ['/v1/payments/A1/cancel', {}],
    ['/v1/refunds', { outTradeNo: 'A1', outRefundNo: 'R1', refundAmt: 1 }],
    ['/users', { name: 'Ada' }],
  ]
  for (const [where, body] of others)
    expect([where, await gateway.post(where, body, under('k1'))]).toMatchObject([
      where,
      { status: 409, msg: 'OUT_TRADE_NO_USED' },
    ])
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, at) => gateway.post(path, gateway.order({ totalAmt: 10 + at }), under('k2'))),
  )
  expect(tally(replies)).toEqual({ SUCCESS: 1, OUT_TRADE_NO_USED: 9 })
  expect(await gateway.rows('orders')).toHaveLength(2)
})

test('a key is of one merchant and one mode', async () => {
  const gateway = await startGateway({ role: 'api' })
  await gateway.sql(`update merchants set signatures_live = 'optional'`)
  const stranger = await gateway.addMerchant()
  const live = await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  const other = await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [] })
  const order = gateway.order({ outTradeNo: 'A1', notifyUrl: 'https://example.com/told' })
  const keys = [undefined, stranger.secretKey, live.key, other.key]
  const numbers: unknown[] = []
  for (const key of keys) numbers.push((await gateway.post('/v1/payments', order, under('k1', key))).data['ucpOrderNo'])
  expect(new Set(numbers).size).toBe(3)
  expect(numbers[3]).toBe(numbers[0]) // Another key of the same merchant asks for the same thing.
})

test('a refusal is not remembered, and leaves the key free', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ captureMode: 'manual' })
  const refund = { ucpOrderNo: order.ucpOrderNo, outRefundNo: 'R1', refundAmt: 1 }
  expect(await gateway.post('/v1/refunds', refund, under('k1'))).toMatchObject({ msg: 'ORDER_NOT_READY' })
  expect(await gateway.rows('idempotency_keys')).toEqual([])
  await gateway.post(`/v1/payments/${order.ucpOrderNo}/capture`, {}, under('k2'))
  expect(await gateway.post('/v1/refunds', refund, under('k1'))).toMatchObject({ msg: 'SUCCESS' })
  expect(await gateway.post('/v1/refunds', { refundAmt: 1 }, under('k3'))).toMatchObject({ status: 400 })
  for (const bad of ['', 'a b', 'é', 'x'.repeat(256)])
    expect([bad, await gateway.post('/v1/payments', gateway.order(), under(bad))]).toMatchObject([
      bad,
      { status: 400, msg: 'PARAM_ERROR' },
    ])
  for (const good of ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'ada@example.com', 'x'.repeat(255)]) {
    const [one, two] = [await place(gateway, good), await place(gateway, good)]
    expect(one.data['ucpOrderNo']).toBe(two.data['ucpOrderNo'])
  }
  const kept = await gateway.sql<{ row: string }>(`select to_jsonb(k)::text as row from idempotency_keys k`)
  for (const { row } of kept) for (const word of ['ada@', 'Coffee', 'milk', 'pay/']) expect(row).not.toContain(word)
})

function place(gateway: TestGateway, key: string): Promise<Answer> {
  return gateway.post('/v1/payments', gateway.order(), under(key))
}

function captureAfter(ms: number): (sandbox: SandboxAcquirer) => Acquirer {
  return (sandbox) => ({
    ...sandbox,
    capture: async (request) => {
      await sleep(ms)
      return sandbox.capture(request)
    },
  })
}

test('an acquirer that is slower than a claim lasts is asked once all the same', async () => {
  const gateway = await startGateway({ acquirer: captureAfter(7_000) })
  const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual' })
  const path = `/v1/payments/${ucpOrderNo}/capture`
  const replies = await Promise.all(Array.from({ length: 3 }, () => gateway.post(path, {}, under('k1'))))
  expect(tally(replies)).toEqual({ SUCCESS: 3 })
  expect(replies.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1)
})

test('customers are changed and erased once for a key, and nothing of them is kept for it', async () => {
  const gateway = await startGateway({ role: 'api' })
  const made = await gateway.post('/users', { name: 'Ada Lovelace' }, under('k1'))
  const path = `/users/${String(made.data['userId'])}`
  const change = (name: string, key: string): Promise<Answer> =>
    gateway.send('PUT', path, { ...under(key), body: JSON.stringify({ name }) })
  const replies = await Promise.all(Array.from({ length: 10 }, () => change('Grace Hopper', 'k2')))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  expect(await gateway.rows(`audit_log where action = 'customer.updated'`)).toHaveLength(1)
  expect(await change('Eve', 'k2')).toMatchObject({ status: 409, msg: 'OUT_TRADE_NO_USED' })
  const kept = await gateway.sql<{ row: string }>(`select to_jsonb(k)::text as row from idempotency_keys k`)
  for (const { row } of kept) expect(row).not.toMatch(/Ada|Grace/)
  const erase = (): Promise<Answer> => gateway.send('DELETE', path, under('k3'))
  const erased = await erase()
  gateway.moveClock(HOUR_MS)
  expect(said(await erase())).toEqual(said(erased))
  expect(await change('Grace Hopper', 'k2')).toMatchObject({ status: 404 }) // Not even for a repeat.
})

test('ten captures at once under one key: one is asked of the acquirer, and all get its answer', async () => {
  const gateway = await startGateway({ acquirer: captureAfter(700) })
  const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual' })
  const path = `/v1/payments/${ucpOrderNo}/capture`
  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(path, {}, under('k1'))))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  expect(await gateway.rows(`payment_attempts where operation = 'capture'`)).toHaveLength(1)
  const cancelled = await Promise.all(
    Array.from({ length: 10 }, () => gateway.post(`/v1/payments/${ucpOrderNo}/cancel`, {}, under('k2'))),
  )
  expect(tally(cancelled)).toEqual({ SUCCESS: 10 })
  expect(cancelled.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1)
  expect(await gateway.rows(`payment_attempts where operation = 'refund'`)).toHaveLength(1)
})

test('whoever died after the effect and before the answer: the repeat gives what was made', async () => {
  const gateway = await startGateway({ role: 'api' })
  const first = await place(gateway, 'k1')
  // As it stands when the process dies in between: the order is there, the answer is not.
  await gateway.sql(
    `update idempotency_keys set answer = null, busy_until = clock_timestamp() + interval '1.5 seconds'`,
  )
  const startedAt = performance.now()
  const again = await Promise.all([place(gateway, 'k1'), place(gateway, 'k1')])
  expect(performance.now() - startedAt).toBeGreaterThan(700) // The first might only be slow, so it is waited for.
  for (const reply of again) expect(said(reply)).toEqual(said(first))
  expect(await gateway.rows('orders')).toHaveLength(1)
})
