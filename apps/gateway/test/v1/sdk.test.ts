import { expect, test } from 'vitest'
import { UCanPay, UCanPayError } from '../../../../packages/sdk/src/index.ts'
import { startGateway, testCertificates, type TestGateway } from '../support/gateway.ts'

function clientOf({ merchant, apiUrl }: TestGateway): UCanPay {
  const { merchantId, secretKey, privateKey } = merchant
  return new UCanPay({ apiKey: secretKey, baseUrl: apiUrl, merchantId, privateKey, ca: testCertificates.ca })
}

test('the SDK does all of it by the REST names, signed both ways', async () => {
  const gateway = await startGateway()
  await gateway.sql(`update merchants set signatures_test = 'required'`)
  await new Promise((resolve) => setTimeout(resolve, 600)) // So long is an account kept.
  const client = clientOf(gateway)
  const { payments } = client
  const order = { subject: 'Coffee', body: 'Coffee', totalAmt: 450, sceneType: 'MWEB' } as const
  const held = { ...order, captureMode: 'manual', notifyUrl: gateway.receiver.url } as const
  const placed = await payments.create(held, { idempotencyKey: 'basket-1' })
  expect((await payments.create(held, { idempotencyKey: 'basket-1' })).ucpOrderNo).toBe(placed.ucpOrderNo)
  await gateway.pay(placed.payUrl)
  expect(await payments.capture(placed.ucpOrderNo, { captureAmt: 300 })).toMatchObject({ captureAmt: 300 })
  const refund = await payments.refund({ ucpOrderNo: placed.ucpOrderNo, refundAmt: 100 })
  expect(await payments.retrieveRefund(refund.outRefundNo)).toMatchObject({ refundAmt: 100 })
  expect((await payments.listRefunds({ ucpOrderNo: placed.ucpOrderNo })).items).toHaveLength(1)
  expect(await payments.retrieve(placed.outTradeNo)).toMatchObject({ totalRefundAmt: 100 })
  const other = await payments.create(held)
  expect(await payments.cancel(other.ucpOrderNo)).toMatchObject({ tradeStatus: 'CLOSED' })
  const { items, hasMore } = await payments.list({ limit: 1 })
  expect([items.map(({ ucpOrderNo }) => ucpOrderNo), hasMore]).toEqual([[other.ucpOrderNo], true])
  await expect(payments.retrieve('none')).rejects.toBeInstanceOf(UCanPayError)
  await expect(payments.cancel('none')).rejects.toMatchObject({ msg: 'ORDERNOTEXIST', status: 404 })
  client.close()
})
