import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

test('a refund that the acquirer refuses gives its amount back to what can be refunded', async () => {
  const gateway = await startGateway()
  const { payUrl, outTradeNo } = (await gateway.place({ totalAmt: 1000 })).data as {
    payUrl: string
    outTradeNo: string
  }
  await gateway.pay(payUrl, { number: '4000000000005126' })
  await gateway.post('/payment/refund', {
    outTradeNo,
    outRefundNo: 'R1',
    totalAmt: 1000,
    refundAmt: 1000,
    refundDesc: 'cold',
  })
  const [, told] = await gateway.receiver.waitFor(2)
  expect(told?.data).toMatchObject({ outRefundNo: 'R1', refundStatus: 'FAIL', tradeStatus: 'SUCCESS' })
  expect((await gateway.post('/payment/orderquery', { outTradeNo })).data['totalRefundAmt']).toBe(0)
  expect(
    (
      await gateway.post('/payment/refund', {
        outTradeNo,
        outRefundNo: 'R2',
        totalAmt: 1000,
        refundAmt: 1000,
        refundDesc: 'cold',
      })
    ).msg,
  ).toBe('SUCCESS')
})
