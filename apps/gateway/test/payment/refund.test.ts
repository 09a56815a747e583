import { expect, test } from 'vitest'
import { recordPayout } from '../../src/domain/ledger/record-payout.ts'
import { failureOf, tally } from '../support/client.ts'
import { operator, startGateway, type TestGateway } from '../support/gateway.ts'

const PATH = '/payment/refund'
const DAY_MS = 86_400_000

test('a refund is accepted at once, carried out by the worker and then told', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ totalAmt: 1000 })
  await gateway.receiver.waitFor(1)

  const accepted = await gateway.refund(order, { refundAmt: 300 })
  expect(accepted).toMatchObject({ status: 200, msg: 'SUCCESS' })
  expect(accepted.data).toMatchObject({
    outTradeNo: order.outTradeNo,
    outRefundNo: 'R1',
    refundStatus: 'PROCESSING',
    refundAmt: 300,
    totalAmt: 1000,
    totalRefundAmt: 300,
  })
  expect(accepted.data['ucpRefundNo']).toMatch(/^[0-9]{1,20}$/)
  const [, told] = await gateway.receiver.waitFor(2)
  expect(told?.data).toMatchObject({
    outRefundNo: 'R1',
    refundStatus: 'SUCCESS',
    refundAmt: 300,
    tradeStatus: 'REFUND',
  })
})

test('the same values again are the same refund, ten times at once as well', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ totalAmt: 1000 })

  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.refund(order, { refundAmt: 600 })))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  expect(new Set(replies.map(({ data }) => data['ucpRefundNo'])).size).toBe(1)
  expect(await gateway.rows('refunds')).toHaveLength(1)
  await expect.poll(() => returned(gateway)).toEqual({ sum: 600, count: 1 })
})

test('fifty refunds of 30 % at once: three are accepted, and no more than was paid goes back', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ totalAmt: 1000 })

  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, i) => gateway.refund(order, { outRefundNo: `R${i}`, refundAmt: 300 })),
  )
  expect(tally(replies)).toEqual({ SUCCESS: 3, INVALID_REQUEST: 47 })
  expect(replies.filter(({ msg }) => msg === 'INVALID_REQUEST').every(({ status }) => status === 422)).toBe(true)
  expect(await gateway.rows('refunds')).toHaveLength(3)
  await expect.poll(() => returned(gateway)).toEqual({ sum: 900, count: 3 })
  expect((await gateway.post('/payment/orderquery', { outTradeNo: order.outTradeNo })).data).toMatchObject({
    totalRefundAmt: 900,
  })
})

test('an eleventh refund of a payment is refused, however small', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ totalAmt: 1000 })

  const replies = await Promise.all(
    Array.from({ length: 11 }, (_, i) => gateway.refund(order, { outRefundNo: `R${i}`, refundAmt: 1 })),
  )
  expect(tally(replies)).toEqual({ SUCCESS: 10, INVALID_REQUEST: 1 })
  expect(await gateway.refund(order, { outRefundNo: 'R99', refundAmt: 1 })).toMatchObject({
    status: 422,
    msg: 'INVALID_REQUEST',
  })
})

test('one more than what is left is refused, and the rest can still go back', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ totalAmt: 1000 })
  await gateway.refund(order, { outRefundNo: 'R1', refundAmt: 999 })

  expect(await gateway.refund(order, { outRefundNo: 'R2', refundAmt: 2 })).toMatchObject({ msg: 'INVALID_REQUEST' })
  expect(await gateway.refund(order, { outRefundNo: 'R2', refundAmt: 1 })).toMatchObject({ msg: 'SUCCESS' })
})

test('a refund number with other values is refused, on another order as well', async () => {
  const gateway = await startGateway()
  const [order, other] = [await gateway.paidOrder({ totalAmt: 1000 }), await gateway.paidOrder({ totalAmt: 1000 })]
  await gateway.refund(order, { refundAmt: 100 })

  const mismatches = [
    await gateway.refund(order, { refundAmt: 101 }),
    await gateway.refund(order, { refundAmt: 100, refundDesc: 'burnt' }),
    await gateway.refund(order, { refundAmt: 100, totalAmt: 999 }),
    await gateway.refund(order, { refundAmt: 100, notifyUrl: gateway.receiver.url }),
    await gateway.refund(other, { refundAmt: 100 }),
    await gateway.refund(other, { outRefundNo: 'R2', totalAmt: 999 }),
  ]
  for (const reply of mismatches) expect(reply).toMatchObject({ status: 409, msg: 'REFUND_FEE_MISMATCH' })
  expect(await gateway.rows('refunds')).toHaveLength(1)
})

test('one refund number on ten orders at once is one refund', async () => {
  const gateway = await startGateway()
  const orders = await Promise.all(Array.from({ length: 10 }, () => gateway.paidOrder({ totalAmt: 1000 })))

  const replies = await Promise.all(orders.map((order) => gateway.refund(order)))
  expect(tally(replies)).toEqual({ SUCCESS: 1, REFUND_FEE_MISMATCH: 9 })
  expect(await gateway.rows('refunds')).toHaveLength(1)
  const counted = await gateway.sql(`select sum(refund_amt)::bigint as sum from orders`)
  expect(counted).toEqual([{ sum: 100 }])
})

test('a payment can be refunded for a year', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder()
  // The key expires long before; one that lives on is what a merchant would have by then.
  const { key } = await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [], expiresInDays: 400 })
  const refund = (outRefundNo: string) => gateway.post(PATH, gateway.refundOf(order, { outRefundNo }), { key })

  gateway.moveClock(365 * DAY_MS - 60_000)
  expect(await refund('R1')).toMatchObject({ msg: 'SUCCESS' })
  gateway.moveClock(120_000)
  expect(await refund('R2')).toMatchObject({ status: 422, msg: 'TRADE_OVERDUE' })
  expect(await refund('R1')).toMatchObject({ msg: 'SUCCESS' }) // A repeat asks for nothing new.
})

test('money that was paid out cannot be given back, however many ask at once', async () => {
  const gateway = await startGateway()
  const orders = [await gateway.paidOrder({ totalAmt: 1000 }), await gateway.paidOrder({ totalAmt: 1000 })]
  await payOut(gateway, 1500)

  const replies = await Promise.all(
    orders.flatMap((order, at) =>
      Array.from({ length: 5 }, (_, i) => gateway.refund(order, { outRefundNo: `R${at}x${i}`, refundAmt: 200 })),
    ),
  )
  expect(tally(replies)).toEqual({ SUCCESS: 2, NOTENOUGH: 8 })
  expect(replies.find(({ msg }) => msg === 'NOTENOUGH')?.status).toBe(422)
  await expect(payOut(gateway, 101)).rejects.toMatchObject({ msg: 'NOTENOUGH' })
  await payOut(gateway, 100)
})

test('another currency’s balance does not cover a refund', async () => {
  const gateway = await startGateway()
  const cad = await gateway.paidOrder({ totalAmt: 1000 })
  await gateway.paidOrder({ totalAmt: 1000, currency: 'USD' })
  await payOut(gateway, 1000)

  expect(await gateway.refund(cad, { refundAmt: 1 })).toMatchObject({ status: 422, msg: 'NOTENOUGH' })
})

test('only what is paid can be given back', async () => {
  const gateway = await startGateway()
  const unpaid = (await gateway.place()).data
  const held = await gateway.paidOrder({ captureMode: 'manual' })
  const closed = (await gateway.place()).data
  await gateway.post('/payment/closeorder', { ucpOrderNo: closed['ucpOrderNo'] })
  const reversed = await gateway.paidOrder()
  await gateway.post('/payment/reverse', { ucpOrderNo: reversed.ucpOrderNo })
  const refund = (ucpOrderNo: unknown) =>
    gateway.post(PATH, { ucpOrderNo, outRefundNo: 'R1', totalAmt: 450, refundAmt: 100, refundDesc: 'cold' })

  expect(await refund(unpaid['ucpOrderNo'])).toMatchObject({ status: 409, msg: 'ORDER_NOT_READY' })
  expect(await refund(held.ucpOrderNo)).toMatchObject({ status: 409, msg: 'ORDER_NOT_READY' })
  expect(await refund(closed['ucpOrderNo'])).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
  expect(await refund(reversed.ucpOrderNo)).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
  expect(await refund(undefined)).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  expect(await gateway.rows('refunds')).toEqual([])
})

test('the result goes to the refund’s own address where it has one', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder()
  const notifyUrl = gateway.receiver.url.replace('/notify', '/refunds')

  expect(await gateway.refund(order, { notifyUrl: 'https://10.0.0.1/x' })).toMatchObject({ msg: 'PARAM_ERROR' })
  expect(await gateway.refund(order, { notifyUrl })).toMatchObject({ msg: 'SUCCESS' })
  await gateway.receiver.waitFor(2)
  const addresses = await gateway.sql(`select kind, notify_url from notifications order by kind`)
  expect(addresses).toEqual([
    { kind: 'payment', notify_url: gateway.receiver.url },
    { kind: 'refund', notify_url: notifyUrl },
  ])
})

test('a stranger’s order is no order, and a stranger’s refund number is free', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const order = await gateway.paidOrder()

  const strangers = await gateway.post(PATH, gateway.refundOf(order), { key: stranger.secretKey })
  const nobodys = await gateway.post(PATH, { ...gateway.refundOf(order), outTradeNo: 'NONE' })
  expect(nobodys).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  expect(failureOf(strangers)).toEqual(failureOf(nobodys))

  await gateway.refund(order)
  const own = await gateway.place({ outTradeNo: 'S1' }, { key: stranger.secretKey })
  await gateway.pay(own.data['payUrl'])
  const body = gateway.refundOf(order, { outTradeNo: 'S1' })
  expect(await gateway.post(PATH, body, { key: stranger.secretKey })).toMatchObject({ msg: 'SUCCESS' })
})

/** What the acquirer was asked to give back and did. */
async function returned(gateway: TestGateway): Promise<unknown> {
  const [row] = await gateway.sql(
    `select coalesce(sum(amount), 0)::bigint as sum, count(*)::int as count from sandbox_acquirer.operations
     where operation = 'refund' and status = 'succeeded'`,
  )
  return row
}

function payOut(gateway: TestGateway, amount: number): Promise<string> {
  const caller = operator(gateway.merchant.merchantId, 'test')
  return gateway.gateway.deps.db.transaction((tx) => recordPayout(tx, caller, { amount, currency: 'CAD' }))
}
