import { verify, createPublicKey, type JsonWebKey } from 'node:crypto'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { expect, test } from 'vitest'
import { tally } from '../support/client.ts'
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

test('the same values again are the same order; any other value under its number is refused', async () => {
  const gateway = await startGateway()
  const first = await gateway.place({ outTradeNo: 'A1', deviceNo: 'T1', returnUrl: 'https://shop.example/back' })
  const same = { outTradeNo: 'A1', deviceNo: 'T1', returnUrl: 'https://shop.example/back' }
  const again = await gateway.place({ ...same, currency: undefined, captureMode: 'automatic', expiresIn: 7200 })
  expect(again.data['ucpOrderNo']).toBe(first.data['ucpOrderNo'])

  const others = [
    { totalAmt: 451 },
    { currency: 'USD' },
    { subject: 'Tea' },
    { body: 'One tea' },
    { sceneType: 'NATIVE' },
    { captureMode: 'manual' },
    { deviceNo: undefined },
    { returnUrl: 'https://shop.example/other' },
    { notifyUrl: `${gateway.receiver.url}/2` },
    { expiresIn: 60 },
  ]
  for (const other of others) {
    const reply = await gateway.place({ ...same, ...other })
    expect(reply, JSON.stringify(other)).toMatchObject({ status: 409, msg: 'OUT_TRADE_NO_USED' })
  }
  expect(await gateway.rows('orders')).toHaveLength(1)
})

test('ten orders at once under one number and with ten amounts: one is placed', async () => {
  const gateway = await startGateway()
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, i) => gateway.place({ outTradeNo: 'A1', totalAmt: 100 + i })),
  )
  expect(tally(replies)).toEqual({ SUCCESS: 1, OUT_TRADE_NO_USED: 9 })
})

test('an order number belongs to its merchant', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const own = await gateway.place({ outTradeNo: 'A1' })
  const theirs = await gateway.place({ outTradeNo: 'A1', totalAmt: 999 }, { key: stranger.secretKey })

  expect(theirs).toMatchObject({ status: 200, msg: 'SUCCESS' })
  expect(theirs.data['ucpOrderNo']).not.toBe(own.data['ucpOrderNo'])
})

test('an order without a number gets one of 32 characters', async () => {
  const gateway = await startGateway()
  const [one, two] = [await gateway.place(), await gateway.place()]
  expect(one.data['outTradeNo']).toMatch(/^[0-9A-Za-z]{1,32}$/)
  expect(two.data['outTradeNo']).not.toBe(one.data['outTradeNo'])
})

test('an amount is accepted at its edges, in currencies of 0, 2 and 3 decimals', async () => {
  const gateway = await startGateway()
  for (const currency of ['JPY', 'CAD', 'KWD']) {
    for (const totalAmt of [1, 999_999_999_999]) {
      expect((await gateway.place({ totalAmt, currency })).data).toMatchObject({ totalAmt, currency })
    }
  }
})

test('an address that must not be called or shown is refused', async () => {
  const gateway = await startGateway()
  const notifyUrls = [
    'http://shop.example/notify',
    'https://user:secret@shop.example/notify',
    'https://shop.example/notify?a=1',
    'https://169.254.169.254/latest',
    'https://10.0.0.1/notify',
    'https://[::ffff:10.0.0.1]/notify',
    'https://0x0a000001/notify',
    'ftp://shop.example/notify',
    'notify',
  ]
  for (const notifyUrl of notifyUrls) {
    const reply = await gateway.place({ notifyUrl })
    expect(reply, notifyUrl).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
    expect(reply.body['detail']).toEqual([{ pointer: '/notifyUrl', rule: 'address' }])
  }
  const returnUrls = [
    'javascript:alert(1)',
    'http://shop.example/back',
    'https://user:secret@shop.example/back',
    '//shop.example',
    'data:text/html,x',
  ]
  for (const returnUrl of returnUrls) {
    const reply = await gateway.place({ returnUrl })
    expect(reply, returnUrl).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
    expect(reply.body['detail']).toEqual([{ pointer: '/returnUrl', rule: 'format' }])
  }
  expect(await gateway.rows('orders')).toEqual([])
})
