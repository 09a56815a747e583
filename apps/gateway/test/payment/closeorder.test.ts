import { expect, test } from 'vitest'
import { failureOf, tally } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const PATH = '/payment/closeorder'

test('an unpaid order is closed, by either number, and closing it again gives the same answer', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, outTradeNo } = (await gateway.place()).data

  const closed = await gateway.post(PATH, { ucpOrderNo })
  expect(closed).toMatchObject({ status: 200, msg: 'SUCCESS' })
  expect(closed.data).toMatchObject({ ucpOrderNo, outTradeNo, tradeStatus: 'CLOSED' })
  expect((await gateway.post(PATH, { outTradeNo })).data).toMatchObject({ ucpOrderNo, tradeStatus: 'CLOSED' })
  expect(await gateway.sql(`select from audit_log where action = 'order.closed'`)).toHaveLength(1)
  expect(await gateway.rows('outbox')).toEqual([]) // Nothing is left to expire.
})

test('ten closings at once close an order once', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo } = (await gateway.place()).data

  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(PATH, { ucpOrderNo })))
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  expect(await gateway.sql(`select from audit_log where action = 'order.closed'`)).toHaveLength(1)
})

test('a closed order cannot be paid', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, payUrl } = (await gateway.place()).data
  await gateway.post(PATH, { ucpOrderNo })

  expect(await gateway.pay(payUrl)).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
  expect(await gateway.rows('payment_attempts')).toEqual([])
  expect(await gateway.rows('cards')).toEqual([])
  expect(await gateway.rows('sandbox_acquirer.operations')).toEqual([])
})

test('an order whose payment was refused can be closed', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, payUrl } = (await gateway.place()).data
  await gateway.pay(payUrl, { number: '4000000000000002' })

  expect((await gateway.post(PATH, { ucpOrderNo })).data).toMatchObject({ tradeStatus: 'CLOSED' })
})

test('paying and closing at once: one of them wins, and the books agree with it', async () => {
  const gateway = await startGateway()
  for (let round = 0; round < 8; round++) {
    const { ucpOrderNo, payUrl } = (await gateway.place()).data
    const [paid, closed] = await Promise.all([gateway.pay(payUrl), gateway.post(PATH, { ucpOrderNo })])

    const { data } = await gateway.post('/payment/orderquery', { ucpOrderNo })
    const charged = await gateway.sql(`select from payment_attempts where ucp_order_no = $1`, [ucpOrderNo])
    if (closed.msg === 'SUCCESS') {
      expect(paid).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
      expect(data['tradeStatus']).toBe('CLOSED')
      expect(charged).toEqual([])
    } else {
      expect(['ORDERPAID', 'BIZERR_NEED_RETRY']).toContain(closed.msg)
      expect(paid.body['tradeStatus']).toBe('SUCCESS')
      expect(data['tradeStatus']).toBe('SUCCESS')
      expect(charged).toHaveLength(1)
    }
  }
})

test('what is paid, being paid, held, given back or reversed is not closed', async () => {
  const gateway = await startGateway()
  const paid = await gateway.paidOrder()
  const held = await gateway.paidOrder({ captureMode: 'manual' })
  const challenged = (await gateway.place()).data
  await gateway.pay(challenged['payUrl'], { number: '4000000000003220' })
  const reversed = (await gateway.place()).data
  await gateway.post('/payment/reverse', { ucpOrderNo: reversed['ucpOrderNo'] })
  const refunded = await gateway.paidOrder()
  await gateway.refund(refunded)
  await expect.poll(async () => (await statusOf(refunded.ucpOrderNo))['tradeStatus']).toBe('REFUND')

  const expected = [
    [paid.ucpOrderNo, 'ORDERPAID', 'SUCCESS'],
    [held.ucpOrderNo, 'ORDERPAID', 'AUTHORIZED'],
    [challenged['ucpOrderNo'], 'BIZERR_NEED_RETRY', 'USERPAYING'],
    [reversed['ucpOrderNo'], 'ORDERCLOSED', 'REVOKED'],
    [refunded.ucpOrderNo, 'ORDERPAID', 'REFUND'],
  ] as const
  for (const [ucpOrderNo, msg, tradeStatus] of expected) {
    expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ status: 409, msg })
    expect(await statusOf(ucpOrderNo)).toMatchObject({ tradeStatus })
  }

  async function statusOf(ucpOrderNo: unknown): Promise<Record<string, unknown>> {
    return (await gateway.post('/payment/orderquery', { ucpOrderNo })).data
  }
})

test('a missing number is refused, and a stranger’s order is no order', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpOrderNo, outTradeNo } = (await gateway.place()).data

  expect(await gateway.post(PATH, {})).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  const nobodys = await gateway.post(PATH, { ucpOrderNo: '404' })
  expect(nobodys).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  for (const ref of [{ ucpOrderNo }, { outTradeNo }]) {
    const strangers = await gateway.post(PATH, ref, { key: stranger.secretKey })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
  }
  expect(await gateway.sql(`select trade_status from orders`)).toEqual([{ trade_status: 'NOTPAY' }])
})
