import { expect, onTestFinished, test } from 'vitest'
import { UCanPay } from '../src/index.ts'
import { startTestGateway } from '../src/testing/testing.ts'

test('smoke', async () => {
  const gateway = await startTestGateway()
  onTestFinished(() => gateway.close())
  const pay = new UCanPay(gateway.options)
  const order = await pay.createPayment({
    subject: 'Coffee',
    body: 'x',
    totalAmt: 450,
    sceneType: 'MWEB',
    notifyUrl: 'https://shop.example/n',
    outTradeNo: 'A1',
  })
  expect(order.tradeStatus).toBe('NOTPAY')
  expect(gateway.pay('A1').tradeStatus).toBe('SUCCESS')
  const q = await pay.payments.list()
  expect(q.items.length).toBe(1)
})
