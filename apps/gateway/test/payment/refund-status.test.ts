import { expect, test } from 'vitest'
import { failureOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const PATH = '/payment/refund/status'

test('a refund is found by either of its numbers, however many ask', async () => {
  const gateway = await startGateway()
  const { ucpRefundNo } = (await gateway.refund(await gateway.paidOrder())).data

  const byOurs = await gateway.get(`${PATH}?ucpRefundNo=${String(ucpRefundNo)}`)
  expect(byOurs.body).toMatchObject({ code: 0, msg: 'SUCCESS', data: { outRefundNo: 'R1', refundAmt: 100 } })
  expect(byOurs.data).toHaveProperty('sign')
  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.get(`${PATH}?outRefundNo=R1`)))
  for (const reply of replies) expect(reply.data).toMatchObject({ ucpRefundNo, refundAmt: 100 })
})

test('an address that asks for nothing, or for something else, is refused', async () => {
  const gateway = await startGateway()

  expect(await gateway.get(PATH)).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  for (const query of ['outRefundNo=', 'outRefundNo=R-1', 'outRefundNo=R1&outTradeNo=Q1', 'ucpRefundNo=x']) {
    expect(await gateway.get(`${PATH}?${query}`), query).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  }
})

test('a stranger’s refund is answered as no refund at all', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpRefundNo } = (await gateway.refund(await gateway.paidOrder())).data

  const nobodys = await gateway.get(`${PATH}?ucpRefundNo=404`)
  expect(nobodys).toMatchObject({ status: 404, msg: 'REFUNDNOTEXIST' })
  for (const query of [`ucpRefundNo=${String(ucpRefundNo)}`, 'outRefundNo=R1']) {
    const strangers = await gateway.get(`${PATH}?${query}`, { key: stranger.secretKey })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
  }
})
