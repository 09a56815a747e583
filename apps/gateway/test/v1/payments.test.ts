import { createPublicKey, verify, type JsonWebKey } from 'node:crypto'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { expect, test } from 'vitest'
import { failureOf, tally, type Answer } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const DAY_MS = 86_400_000
const create = (gateway: TestGateway, values: object = {}): Promise<Answer> =>
  gateway.post('/v1/payments', gateway.order(values))
const cancel = (gateway: TestGateway, id: unknown, body: object = {}): Promise<Answer> =>
  gateway.post(`/v1/payments/${String(id)}/cancel`, body)
const capture = (gateway: TestGateway, id: unknown, body: object = {}): Promise<Answer> =>
  gateway.post(`/v1/payments/${String(id)}/capture`, body)

test('a payment is placed, read by either number, paid and listed: one object, whichever route shows it', async () => {
  const gateway = await startGateway()
  const placed = await create(gateway, { outTradeNo: 'A1', deviceNo: 'Till 1', returnUrl: 'https://shop.example/back' })
  expect(placed).toMatchObject({ status: 200, msg: 'SUCCESS', body: { code: 0 } })
  expect(placed.data).toMatchObject({
    merchantId: gateway.merchant.merchantId,
    outTradeNo: 'A1',
    ucpOrderNo: expect.stringMatching(/^[0-9]{1,20}$/) as unknown,
    tradeStatus: 'NOTPAY',
    totalAmt: 450,
    currency: 'CAD',
    totalRefundAmt: 0,
    subject: 'Coffee',
    body: 'One coffee with milk',
    sceneType: 'MWEB',
    captureMode: 'automatic',
    notifyUrl: gateway.receiver.url,
    returnUrl: 'https://shop.example/back',
    deviceNo: 'Till 1',
    payUrl: placed.data['qrCode'],
  })
  await gateway.pay(placed.data['payUrl'])
  const read = await gateway.get(`/v1/payments/${String(placed.data['ucpOrderNo'])}`)
  expect(read.data).toMatchObject({ outTradeNo: 'A1', tradeStatus: 'SUCCESS', timeEnd: expect.any(String) as unknown })
  expect(Object.keys(placed.data).filter((name) => !(name in read.data))).toEqual([])
  expect((await gateway.get('/v1/payments/A1')).data['ucpOrderNo']).toBe(placed.data['ucpOrderNo'])
  const { data: list } = await gateway.get('/v1/payments')
  const [item] = list['items'] as Record<string, unknown>[]
  expect(list['hasMore']).toBe(false)
  expect(read.data).toMatchObject(item ?? { none: true })
  expect(item).not.toHaveProperty('sign')
  // The same order by the names of v1.0.
  const { data: asked } = await gateway.post('/payment/orderquery', { outTradeNo: 'A1' })
  expect(read.data).toMatchObject({ ...asked, nonceStr: read.data['nonceStr'], sign: read.data['sign'] })
})

test('one order’s number goes before another’s, however they are spelt', async () => {
  const gateway = await startGateway({ role: 'api' })
  const first = await create(gateway, { outTradeNo: 'A1' })
  const second = await create(gateway, { outTradeNo: first.data['ucpOrderNo'] })
  expect(second.msg).toBe('SUCCESS')
  expect((await gateway.get(`/v1/payments/${String(first.data['ucpOrderNo'])}`)).data['outTradeNo']).toBe('A1')
})

test('answers are signed over the address that was asked, with the number in it', async () => {
  const gateway = await startGateway({ role: 'api' })
  await create(gateway, { outTradeNo: 'A1' })
  const { body } = await gateway.get('/.well-known/jwks.json', { key: null })
  const [jwk] = (body['keys'] as JsonWebKey[]).filter(({ kty }) => kty === 'RSA')
  const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' })
  const isSigned = ({ data }: Answer, path: string): boolean =>
    verify('sha256', Buffer.from(stringToSign(data, path)), key, Buffer.from(String(data['sign']), 'base64'))
  const read = await gateway.get('/v1/payments/A1?')
  expect([isSigned(read, '/v1/payments/A1'), isSigned(read, '/v1/payments')]).toEqual([true, false])
  expect(isSigned(await gateway.get('/v1/payments?limit=1'), '/v1/payments')).toBe(true)
  expect(isSigned(await cancel(gateway, 'A1'), '/v1/payments/A1/cancel')).toBe(true)
})

test('bodies are signed over that address as well, and one that is due is asked for', async () => {
  const gateway = await startGateway()
  await gateway.sql(`update merchants set signatures_test = 'required'`)
  await new Promise((resolve) => setTimeout(resolve, 600)) // So long is an account kept.
  const signed = (path: string, body: object = {}): Promise<Answer> => gateway.post(path, gateway.signed(path, body))
  const order = gateway.order({ outTradeNo: 'A1', captureMode: 'manual' })
  expect(await gateway.post('/v1/payments', order)).toMatchObject({ status: 401, msg: 'SIGNERROR' })
  const placed = await signed('/v1/payments', order)
  expect(placed.msg).toBe('SUCCESS')
  await gateway.pay(placed.data['payUrl'])
  const path = `/v1/payments/${String(placed.data['ucpOrderNo'])}/capture`
  expect(await gateway.send('POST', path)).toMatchObject({ status: 401, msg: 'SIGNERROR' })
  expect(await gateway.post(path, gateway.signed('/v1/payments/A1/capture', {}))).toMatchObject({ msg: 'SIGNERROR' })
  expect(await signed(path)).toMatchObject({ msg: 'SUCCESS', data: { tradeStatus: 'SUCCESS', captureAmt: 450 } })
  expect(await gateway.get('/v1/payments/A1')).toMatchObject({ msg: 'SUCCESS' }) // By key alone: there is no body.
})

test('what is not as it should be is refused with its msg, and places nothing', async () => {
  const gateway = await startGateway({ role: 'api' })
  const refusals: [object, number, string][] = [
    [{ totalAmt: undefined }, 400, 'LACK_PARAMS'],
    [{ totalAmt: 0 }, 400, 'PARAM_ERROR'],
    [{ totalAmt: '450' }, 400, 'PARAM_ERROR'],
    [{ amount: 450 }, 400, 'PARAM_ERROR'],
    [{ notifyUrl: 'https://10.0.0.1/x' }, 400, 'PARAM_ERROR'],
    [{ subject: '4242 4242 4242 4242' }, 400, 'PARAM_ERROR'],
    [{ merchantId: 'M1x00000000' }, 403, 'NOAUTH'],
  ]
  for (const [values, status, msg] of refusals) expect(await create(gateway, values)).toMatchObject({ status, msg })
  expect(await gateway.send('POST', '/v1/payments')).toMatchObject({ status: 400, msg: 'POST_DATA_EMPTY' })
  expect(await gateway.rows('orders')).toEqual([])
  await create(gateway, { outTradeNo: 'A1' })
  expect(await create(gateway, { outTradeNo: 'A1' })).toMatchObject({ msg: 'SUCCESS' })
  expect(await create(gateway, { outTradeNo: 'A1', totalAmt: 1 })).toMatchObject({
    status: 409,
    msg: 'OUT_TRADE_NO_USED',
  })
  expect(await gateway.rows('orders')).toHaveLength(1)
  for (const id of ['none', 'no-such_one', '17000000000000000001', 'x'.repeat(64)]) {
    expect(await gateway.get(`/v1/payments/${id}`)).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
    expect(await cancel(gateway, id)).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
    expect(await capture(gateway, id)).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  }
  expect(await gateway.get('/v1/payments/A%00')).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  expect(await gateway.get('/v1/payments/A1/cancel')).toMatchObject({ status: 405, msg: 'REQUIRE_POST_METHOD' })
  expect(await cancel(gateway, 'A1', { ucpOrderNo: '1' })).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
})

test('pages go through all orders once, newest first, also while new ones come', async () => {
  const gateway = await startGateway({ role: 'api' })
  const made: unknown[] = []
  for (let count = 0; count < 7; count++) made.unshift((await create(gateway)).data['ucpOrderNo'])
  const seen: unknown[] = []
  let query = '?limit=3'
  for (;;) {
    const { data } = await gateway.get(`/v1/payments${query}`)
    const items = data['items'] as { ucpOrderNo: string }[]
    seen.push(...items.map(({ ucpOrderNo }) => ucpOrderNo))
    if (data['hasMore'] !== true) break
    expect(items).toHaveLength(3)
    await create(gateway) // It comes before what was seen, so it changes nothing.
    query = `?limit=3&startingAfter=${items.at(-1)?.ucpOrderNo ?? ''}`
  }
  expect(seen).toEqual(made)
  expect(await gateway.get('/v1/payments?startingAfter=none')).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  for (const bad of [
    'limit=0',
    'limit=101',
    'limit=ten',
    'page=2',
    'limit=1&limit=2',
    'from=yesterday',
    'from=2026-02-30T10:00:00Z',
    'to=2026-11-25T25:00:00Z',
    'from=2026-11-25T10:00:00-99:00',
    'from=2026-11-25',
    'tradeStatus=x',
  ])
    expect([bad, await gateway.get(`/v1/payments?${bad}`)]).toMatchObject([bad, { status: 400, msg: 'PARAM_ERROR' }])
  expect(((await gateway.get('/v1/payments?limit=100')).data['items'] as object[]).length).toBeGreaterThan(7)
})

test('a list can be of one status, one number, one stretch of time', async () => {
  const gateway = await startGateway({ role: 'api' })
  const old = await create(gateway, { outTradeNo: 'OLD' })
  gateway.moveClock(DAY_MS)
  await create(gateway, { outTradeNo: 'NEW' })
  await cancel(gateway, 'NEW')
  const listed = async (query: string): Promise<unknown[]> =>
    ((await gateway.get(`/v1/payments?${query}`)).data['items'] as { outTradeNo: string }[]).map(
      (one) => one.outTradeNo,
    )
  expect(await listed('tradeStatus=CLOSED')).toEqual(['NEW'])
  expect(await listed('outTradeNo=OLD')).toEqual(['OLD'])
  expect(await listed('outTradeNo=NONE')).toEqual([])
  const at = String(old.data['tranTime'])
  expect(await listed(`from=${at}`)).toEqual(['NEW', 'OLD'])
  expect(await listed(`to=${at}`)).toEqual([])
  expect(await listed(`from=${at}&to=${new Date(Date.parse(at) + 1).toISOString()}`)).toEqual(['OLD'])
})

test('held money is captured in part, once, whatever is repeated', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ captureMode: 'manual' })
  expect(await capture(gateway, order.ucpOrderNo, { captureAmt: 451 })).toMatchObject({ msg: 'INVALID_REQUEST' })
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => capture(gateway, order.outTradeNo, { captureAmt: 300 })),
  )
  const counts = tally(replies)
  expect(counts['SUCCESS']).toBeGreaterThan(0)
  expect((counts['SUCCESS'] ?? 0) + (counts['BIZERR_NEED_RETRY'] ?? 0)).toBe(10)
  expect(await capture(gateway, order.ucpOrderNo, { captureAmt: 300 })).toMatchObject({
    msg: 'SUCCESS',
    data: { tradeStatus: 'SUCCESS', captureAmt: 300 },
  })
  expect(await capture(gateway, order.ucpOrderNo)).toMatchObject({ status: 409, msg: 'ORDERPAID' })
  expect(await gateway.rows(`payment_attempts where operation = 'capture'`)).toHaveLength(1)
  const unpaid = await create(gateway)
  expect(await capture(gateway, unpaid.data['ucpOrderNo'])).toMatchObject({ status: 409, msg: 'ORDER_NOT_READY' })
})

test('cancelling closes what is unpaid, releases what is held, and gives back what was paid', async () => {
  const gateway = await startGateway()
  const unpaid = await create(gateway, { outTradeNo: 'A1' })
  expect(await gateway.send('POST', '/v1/payments/A1/cancel')).toMatchObject({ data: { tradeStatus: 'CLOSED' } })
  expect(await cancel(gateway, unpaid.data['ucpOrderNo'])).toMatchObject({ data: { tradeStatus: 'CLOSED' } })
  expect((await gateway.pay(unpaid.data['payUrl'])).msg).toBe('ORDERCLOSED')

  const held = await gateway.paidOrder({ captureMode: 'manual' })
  expect(await cancel(gateway, held.ucpOrderNo)).toMatchObject({ data: { tradeStatus: 'REVOKED', totalRefundAmt: 0 } })
  const paid = await gateway.paidOrder()
  const replies = await Promise.all(Array.from({ length: 10 }, () => cancel(gateway, paid.ucpOrderNo)))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  for (const { data } of replies) expect(data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 450 })
  const done = (): Promise<unknown> =>
    gateway.sql(
      `select operation, count(*)::int, sum(amount)::bigint from sandbox_acquirer.operations
       where operation in ('void', 'refund') and status = 'succeeded' group by 1 order by 1`,
    )
  await expect.poll(done).toEqual([
    { operation: 'refund', count: 1, sum: 450 },
    { operation: 'void', count: 1, sum: 450 },
  ])

  const partly = await gateway.paidOrder({ outTradeNo: 'P1' })
  await gateway.refund(partly)
  expect(await cancel(gateway, 'P1')).toMatchObject({ status: 409, msg: 'ORDER_NOT_READY' })
  const late = await gateway.paidOrder()
  gateway.moveClock(7 * DAY_MS + 60_000)
  expect(await cancel(gateway, late.ucpOrderNo)).toMatchObject({ status: 422, msg: 'TRADE_OVERDUE' })
})

test('a stranger’s payment is no payment', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { secretKey: key } = await gateway.addMerchant()
  const { data } = await create(gateway, { outTradeNo: 'A1' })
  const id = String(data['ucpOrderNo'])
  for (const ask of [
    (number: string) => gateway.get(`/v1/payments/${number}`, { key }),
    (number: string) => gateway.post(`/v1/payments/${number}/capture`, {}, { key }),
    (number: string) => gateway.post(`/v1/payments/${number}/cancel`, {}, { key }),
    (number: string) => gateway.get(`/v1/payments?startingAfter=${number}`, { key }),
  ]) {
    const nobodys = failureOf(await ask('17000000000000000001'))
    expect(nobodys).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
    expect([failureOf(await ask(id)), failureOf(await ask('A1'))]).toEqual([nobodys, nobodys])
  }
  expect((await gateway.get('/v1/payments', { key })).data['items']).toEqual([])
  expect((await gateway.get('/v1/payments/A1')).data['tradeStatus']).toBe('NOTPAY')
})
