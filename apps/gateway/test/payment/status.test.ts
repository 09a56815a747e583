import { expect, test } from 'vitest'
import { failureOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const PATH = '/payment/status'

test('an order is found by either of its numbers, without a signature, however many ask', async () => {
  const gateway = await startGateway()
  await gateway.sql(`update merchants set signatures_test = 'required'`)
  const placed = await gateway.post(
    '/payment/unifiedorder',
    gateway.signed('/payment/unifiedorder', gateway.order({ outTradeNo: 'Q1' })),
  )
  const { ucpOrderNo } = placed.data

  const byOurs = await gateway.get(`${PATH}?ucpOrderNo=${String(ucpOrderNo)}`)
  expect(byOurs.body).toMatchObject({ code: 0, msg: 'SUCCESS', data: { outTradeNo: 'Q1', tradeStatus: 'NOTPAY' } })
  expect(byOurs.data).toHaveProperty('sign')
  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.get(`${PATH}?outTradeNo=Q1`)))
  for (const reply of replies) expect(reply.data).toMatchObject({ ucpOrderNo, tradeStatus: 'NOTPAY' })
})

test('an address that asks for nothing, or for something else, is refused', async () => {
  const gateway = await startGateway()
  await gateway.place({ outTradeNo: 'Q1' })

  expect(await gateway.get(PATH)).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  const refused = [
    'outTradeNo=',
    'outTradeNo=Q%201',
    'outTradeNo=Q1&outTradeNo=Q2',
    'outTradeNo=Q1&extra=1',
    'ucpOrderNo=1x',
    'ucpOrderNo=123456789012345678901',
    'ucpOrderNo[]=1',
    '__proto__=1',
  ]
  for (const query of refused) {
    expect(await gateway.get(`${PATH}?${query}`), query).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  }
  expect(await gateway.get(`${PATH}?ucpOrderNo=1&outTradeNo=Q1`)).toMatchObject({ msg: 'ORDERNOTEXIST' })
})

test('a stranger’s order is answered as no order at all', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpOrderNo, outTradeNo } = (await gateway.place()).data

  const nobodys = await gateway.get(`${PATH}?ucpOrderNo=404`)
  expect(nobodys).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  for (const query of [`ucpOrderNo=${String(ucpOrderNo)}`, `outTradeNo=${String(outTradeNo)}`]) {
    const strangers = await gateway.get(`${PATH}?${query}`, { key: stranger.secretKey })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
  }
})
