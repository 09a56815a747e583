import { verify, createPublicKey, type JsonWebKey } from 'node:crypto'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

test('a placed order has numbers, a status and an address to pay at, signed by the gateway', async () => {
  const gateway = await startGateway()
  const placed = await gateway.place({ outTradeNo: 'A1' })

  expect(placed.body).toMatchObject({ code: 0, msg: 'SUCCESS' })
  expect(placed.data).toMatchObject({ outTradeNo: 'A1', totalAmt: 450, currency: 'CAD', tradeStatus: 'NOTPAY' })
  expect(placed.data['ucpOrderNo']).toMatch(/^[0-9]{1,20}$/)
  expect(placed.data['payUrl']).toMatch(/^https:/)
  const { body } = await gateway.get('/.well-known/jwks.json', { key: null })
  const [jwk] = (body['keys'] as JsonWebKey[]).filter((key) => key.kty === 'RSA')
  const text = stringToSign(placed.data, '/payment/unifiedorder')
  const signature = Buffer.from(String(placed.data['sign']), 'base64')
  expect(verify('sha256', Buffer.from(text), createPublicKey({ key: jwk ?? {}, format: 'jwk' }), signature)).toBe(true)
})

test('two hundred identical orders at once are one order', async () => {
  const gateway = await startGateway()
  const replies = await Promise.all(Array.from({ length: 200 }, () => gateway.place({ outTradeNo: 'SAME' })))

  expect(new Set(replies.map((reply) => reply.msg))).toEqual(new Set(['SUCCESS']))
  expect(new Set(replies.map((reply) => reply.data['ucpOrderNo'])).size).toBe(1)
  expect(await gateway.rows('orders')).toHaveLength(1)
  expect(await gateway.rows('outbox')).toHaveLength(1)
})

test('a payment goes all the way: placed, paid, notified, queried, refunded', async () => {
  const gateway = await startGateway()
  const { outTradeNo, ucpOrderNo } = await gateway.paidOrder()
  const [told] = await gateway.receiver.waitFor(1)
  expect(told?.data).toMatchObject({ ucpOrderNo, tradeStatus: 'SUCCESS' })
  const queried = await gateway.post('/payment/orderquery', gateway.signed('/payment/orderquery', { outTradeNo }))
  expect(queried.data).toMatchObject({ tradeStatus: 'SUCCESS', totalRefundAmt: 0 })
  const refund = await gateway.post('/payment/refund', {
    outTradeNo,
    outRefundNo: 'R1',
    totalAmt: 450,
    refundAmt: 100,
    refundDesc: 'cold',
  })
  expect(refund.data).toMatchObject({ refundStatus: 'PROCESSING', refundAmt: 100 })
  const [, refunded] = await gateway.receiver.waitFor(2)
  expect(refunded?.data).toMatchObject({ outRefundNo: 'R1', refundStatus: 'SUCCESS', tradeStatus: 'REFUND' })
})
