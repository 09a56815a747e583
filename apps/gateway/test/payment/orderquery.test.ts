import { expect, test } from 'vitest'
import { failureOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const PATH = '/payment/orderquery'

test('an order is found by either of its numbers, the same each time', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, outTradeNo } = (await gateway.place({ outTradeNo: 'Q1' })).data
  const expected = { ucpOrderNo, outTradeNo, tradeStatus: 'NOTPAY', totalAmt: 450, currency: 'CAD', totalRefundAmt: 0 }

  const byOurs = await gateway.post(PATH, { ucpOrderNo })
  expect(byOurs.body).toMatchObject({ code: 0, msg: 'SUCCESS', data: expected })
  expect(byOurs.data).not.toHaveProperty('timeEnd') // Not paid, so there is no time of payment.
  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(PATH, { outTradeNo })))
  for (const reply of replies) expect(reply.data).toMatchObject(expected)
})

test('the gateway’s number goes before the merchant’s where both are given', async () => {
  const gateway = await startGateway()
  const first = await gateway.place({ outTradeNo: 'Q1' })
  await gateway.place({ outTradeNo: 'Q2' })

  const found = await gateway.post(PATH, { ucpOrderNo: first.data['ucpOrderNo'], outTradeNo: 'Q2' })
  expect(found.data).toMatchObject({ outTradeNo: 'Q1' })
  const missed = await gateway.post(PATH, { ucpOrderNo: '1', outTradeNo: 'Q2' })
  expect(missed).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
})

test('a paid order says when it was paid', async () => {
  const gateway = await startGateway()
  const { outTradeNo } = await gateway.paidOrder()

  const { data } = await gateway.post(PATH, { outTradeNo })
  expect(data).toMatchObject({ tradeStatus: 'SUCCESS', totalRefundAmt: 0 })
  expect(Date.parse(String(data['timeEnd']))).toBeGreaterThanOrEqual(Date.parse(String(data['tranTime'])))
})

test('without a number there is nothing to look for', async () => {
  const gateway = await startGateway()
  const reply = await gateway.post(PATH, {})
  expect(reply).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  expect(reply.body['detail']).toEqual([{ pointer: '/ucpOrderNo', rule: 'required' }])
})

test('a stranger’s order is answered as no order at all', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpOrderNo, outTradeNo } = (await gateway.place()).data

  for (const ref of [{ ucpOrderNo }, { outTradeNo }]) {
    const strangers = await gateway.post(PATH, ref, { key: stranger.secretKey })
    const nobodys = await gateway.post(PATH, { ucpOrderNo: '99999999999999999999' })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
    expect(strangers).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  }
})
