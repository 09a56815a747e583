import { expect, test } from 'vitest'
import { operator, startGateway, type TestGateway } from '../support/gateway.ts'
import { failureOf, tally } from '../support/client.ts'
import { recordPayout } from '../../src/domain/ledger/record-payout.ts'

const PATH = '/payment/reverse'
const DAY_MS = 86_400_000

test('an unpaid order is reversed for good, and reversing it again gives the same answer', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, outTradeNo, payUrl } = (await gateway.place()).data

  expect((await gateway.post(PATH, { ucpOrderNo })).data).toMatchObject({ outTradeNo, tradeStatus: 'REVOKED' })
  expect((await gateway.post(PATH, { outTradeNo })).data).toMatchObject({ ucpOrderNo, tradeStatus: 'REVOKED' })
  expect(await gateway.pay(payUrl)).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
  expect(await gateway.rows('ledger_entries')).toEqual([])
})

test('of a paid order all the money goes back, once, and so does the fee', async () => {
  const gateway = await startGateway({ feeBasisPoints: 290 })
  const { ucpOrderNo } = await gateway.paidOrder({ totalAmt: 1000 })

  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(PATH, { ucpOrderNo })))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  expect(replies[0]?.data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 1000 })
  await expect.poll(() => gateway.sql(`select from outbox where job = 'send-reversal'`)).toEqual([])
  const returned = await gateway.sql(
    `select amount, status from sandbox_acquirer.operations where operation = 'refund'`,
  )
  expect(returned).toEqual([{ amount: 1000, status: 'succeeded' }])
  expect(await balances(gateway)).toEqual({
    acquirer_receivable: 0,
    fee_revenue: 0,
    fees_receivable: 0,
    merchant_payable: 0,
    refunds_pending: 0,
  })
})

test('money that is held is let go', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual' })

  expect((await gateway.post(PATH, { ucpOrderNo })).data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 0 })
  await expect.poll(() => gateway.sql(`select from outbox where job = 'send-reversal'`)).toEqual([])
  const told = await gateway.sql(`select operation, status from sandbox_acquirer.operations order by at`)
  expect(told).toEqual([
    { operation: 'authorise', status: 'refused' },
    { operation: 'void', status: 'succeeded' },
  ])
  expect(await gateway.rows('ledger_entries')).toEqual([])
})

test('a payment is reversible for seven days', async () => {
  const gateway = await startGateway()
  const [early, late] = [await gateway.paidOrder(), await gateway.paidOrder()]

  gateway.moveClock(7 * DAY_MS - 60_000)
  expect(await gateway.post(PATH, { ucpOrderNo: early.ucpOrderNo })).toMatchObject({ msg: 'SUCCESS' })
  gateway.moveClock(120_000)
  expect(await gateway.post(PATH, { ucpOrderNo: late.ucpOrderNo })).toMatchObject({ status: 422, msg: 'TRADE_OVERDUE' })
})

test('what is closed, being paid or partly refunded is not reversed', async () => {
  const gateway = await startGateway()
  const closed = (await gateway.place()).data
  await gateway.post('/payment/closeorder', { ucpOrderNo: closed['ucpOrderNo'] })
  const challenged = (await gateway.place()).data
  await gateway.pay(challenged['payUrl'], { number: '4000000000003220' })
  const refunded = await gateway.paidOrder()
  await gateway.refund(refunded)

  const expected = [
    [closed['ucpOrderNo'], 'ORDERCLOSED'],
    [challenged['ucpOrderNo'], 'BIZERR_NEED_RETRY'],
    [refunded.ucpOrderNo, 'ORDER_NOT_READY'],
  ] as const
  for (const [ucpOrderNo, msg] of expected)
    expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ status: 409, msg })
})

test('money that was paid out cannot be given back', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo } = await gateway.paidOrder({ totalAmt: 1000 })
  const caller = operator(gateway.merchant.merchantId, 'test')
  await gateway.gateway.deps.db.transaction((tx) => recordPayout(tx, caller, { amount: 1, currency: 'CAD' }))

  expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ status: 422, msg: 'NOTENOUGH' })
  expect((await gateway.post('/payment/orderquery', { ucpOrderNo })).data).toMatchObject({ tradeStatus: 'SUCCESS' })
})

test('a refund and a reversal at once give back what was paid, never more', async () => {
  const gateway = await startGateway()
  for (let round = 0; round < 8; round++) {
    const order = await gateway.paidOrder({ totalAmt: 1000 })
    const { ucpOrderNo } = order
    const [refund, reversal] = await Promise.all([
      gateway.refund(order, { outRefundNo: `R${round}`, refundAmt: 1000 }),
      gateway.post(PATH, { ucpOrderNo }),
    ])

    if (reversal.msg === 'SUCCESS') expect(refund).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
    else {
      expect(refund.msg).toBe('SUCCESS')
      expect(reversal).toMatchObject({ status: 409, msg: 'ORDER_NOT_READY' })
    }
  }
  await expect.poll(() => gateway.sql(`select from outbox where job in ('send-refund', 'send-reversal')`)).toEqual([])
  const returned = await gateway.sql(
    `select sum(amount)::bigint as sum, count(*)::int as count from sandbox_acquirer.operations where operation = 'refund'`,
  )
  expect(returned).toEqual([{ sum: 8000, count: 8 }])
  expect(await balances(gateway)).toEqual({ acquirer_receivable: 0, merchant_payable: 0, refunds_pending: 0 })
})

test('a missing number is refused, and a stranger’s order is no order', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpOrderNo, outTradeNo } = await gateway.paidOrder()

  expect(await gateway.post(PATH, {})).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  const nobodys = await gateway.post(PATH, { ucpOrderNo: '404' })
  expect(nobodys).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  for (const ref of [{ ucpOrderNo }, { outTradeNo }]) {
    const strangers = await gateway.post(PATH, ref, { key: stranger.secretKey })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
  }
  expect((await gateway.post('/payment/orderquery', { ucpOrderNo })).data).toMatchObject({ tradeStatus: 'SUCCESS' })
})

async function balances(gateway: TestGateway): Promise<Record<string, number>> {
  const rows = await gateway.rows<{ account: string; balance: number }>('ledger_balances')
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]))
}
