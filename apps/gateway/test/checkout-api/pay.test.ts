import { expect, test } from 'vitest'
import { CARD, tally, tokenOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

test('a good card pays, and the buyer sees the order without what is the merchant’s', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place({ subject: 'Tea', outTradeNo: 'SECRETNUMBER' })).data

  const paid = await gateway.pay(payUrl)
  expect(paid.status).toBe(200)
  expect(paid.body).toMatchObject({
    subject: 'Tea',
    tradeStatus: 'SUCCESS',
    totalAmt: 450,
    merchantName: 'Corner Coffee',
  })
  expect(paid.text).not.toContain('SECRETNUMBER')
  expect(paid.text).not.toContain(gateway.receiver.url)
})

test('every test card does what the contract says', async () => {
  const gateway = await startGateway()
  const cards = [
    ['4242424242424242', 'SUCCESS', undefined],
    ['5555555555554444', 'SUCCESS', undefined],
    ['4000000000000002', 'PAYERROR', 'declined'],
    ['4000000000009995', 'PAYERROR', 'insufficient_funds'],
    ['4000000000000119', 'PAYERROR', 'processor_error'],
    ['4000000000000341', 'PAYERROR', 'declined'],
    ['4000000000003220', 'USERPAYING', undefined],
  ] as const
  for (const [number, tradeStatus, declineReason] of cards) {
    const { payUrl } = (await gateway.place()).data
    const { body } = await gateway.pay(payUrl, { number })
    expect([body['tradeStatus'], body['declineReason']], number).toEqual([tradeStatus, declineReason])
  }
})

test('after a refused card another one can pay', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data
  await gateway.pay(payUrl, { number: '4000000000000002' })

  expect((await gateway.pay(payUrl)).body).toMatchObject({ tradeStatus: 'SUCCESS' })
  expect(await gateway.pay(payUrl)).toMatchObject({ status: 409, msg: 'ORDERPAID' })
})

test('ten payments of one order at once charge one card', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data

  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.pay(payUrl)))
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  const { ORDERPAID = 0, ORDER_NOT_READY = 0 } = tally(replies)
  expect(ORDERPAID + ORDER_NOT_READY).toBe(9)
  expect(await gateway.rows('sandbox_acquirer.operations')).toHaveLength(1)
  expect(await gateway.rows('payment_attempts')).toHaveLength(1)
  expect(await gateway.rows('cards')).toHaveLength(1)
  expect(await gateway.sql(`select from ledger_entries where kind = 'capture'`)).toHaveLength(2)
})

test('an order that has expired cannot be paid, even before the worker has closed it', async () => {
  const gateway = await startGateway()
  const checkout = await startGateway({ beside: gateway, role: 'checkout' })
  const { payUrl } = (await gateway.place({ expiresIn: 60 })).data
  await gateway.stop() // No worker is left to close it.
  gateway.moveClock(60_000)

  const { pathname } = new URL(String(payUrl))
  expect(await gateway.pay(checkout.checkoutUrl + pathname)).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
  expect(await checkout.rows('payment_attempts')).toEqual([])
})

test('a card that cannot be one is refused, and nothing is kept of it', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data
  const year = new Date().getUTCFullYear()
  const cards = [
    { number: '4242424242424241' },
    { number: '4242 4242 4242 4242' },
    { number: 4242424242424242 },
    { number: '42424242424' },
    { expiryYear: year - 1 },
    { expiryMonth: 13 },
    { expiryMonth: 0 },
    { expiryMonth: '12' },
    { securityCode: '73' },
    { securityCode: '73a' },
    { securityCode: undefined },
    { holderName: '' },
    { holderName: 'A'.repeat(65) },
    { holderName: 'A\nB' },
    { totalAmt: 1 },
  ]
  for (const card of cards) {
    const reply = await gateway.pay(payUrl, card)
    expect(reply.status, JSON.stringify(card)).toBe(400)
    expect(['PARAM_ERROR', 'LACK_PARAMS']).toContain(reply.msg)
    expect(reply.body).not.toHaveProperty('detail') // A buyer is not an authenticated caller.
  }
  expect(await gateway.rows('cards')).toEqual([])
  expect(await gateway.rows('payment_attempts')).toEqual([])
  expect((await gateway.pay(payUrl)).status).toBe(200)
})

test('a card that is not encrypted, or is encrypted for another order, is refused and kept nowhere', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data
  const other = (await gateway.place()).data['payUrl']
  const own = await gateway.encrypted(payUrl)
  for (const body of [
    CARD,
    { ...own, ...CARD },
    await gateway.encrypted(other),
    { encryptedCard: own.encryptedCard.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')) },
    // The same bytes in another spelling.
    { encryptedCard: own.encryptedCard.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)) },
    { encryptedCard: `${own.encryptedCard}.` },
    { encryptedCard: '' },
  ]) {
    const reply = await gateway.checkout(payUrl, 'pay', body)
    expect([reply.status, reply.msg === 'PARAM_ERROR' || reply.msg === 'LACK_PARAMS']).toEqual([400, true])
  }
  expect(await gateway.rows('cards')).toEqual([])
  expect((await gateway.checkout(payUrl, 'pay', own)).body).toMatchObject({ tradeStatus: 'SUCCESS' })
})

test('a link that was changed in any place opens nothing', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { payUrl } = (await gateway.place()).data
  const token = tokenOf(payUrl)
  const url = (forged: string): string => `${gateway.checkoutUrl}/checkout-api/orders/${forged}`

  expect((await gateway.get(url(token), { key: null })).status).toBe(200)
  const forged = [
    token.replace(/^t/, 'l'),
    token.replace(gateway.merchant.merchantId, stranger.merchantId),
    token.replace(/-(\d+)-/, (_, digits: string) => `-${String(BigInt(digits) + 1n)}-`),
    token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
    token.slice(0, -1),
    `${token}A`,
    token.toUpperCase(),
    'x',
    'A'.repeat(128),
  ]
  for (const other of forged) {
    expect(await gateway.get(url(other), { key: null }), other).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
    const paid = await gateway.post(`${url(other)}/pay`, CARD, { key: null })
    expect(paid, other).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  }
  expect(await gateway.rows('payment_attempts')).toEqual([])
})

test('a page of another origin cannot make a browser pay', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data
  const url = `${gateway.checkoutUrl}/checkout-api/orders/${tokenOf(payUrl)}/pay`
  const card = await gateway.encrypted(payUrl)

  for (const site of ['cross-site', 'same-site', 'none']) {
    const reply = await gateway.post(url, card, { key: null, headers: { 'sec-fetch-site': site } })
    expect(reply, site).toMatchObject({ status: 403, msg: 'NOAUTH' })
  }
  const own = await gateway.post(url, card, { key: null, headers: { 'sec-fetch-site': 'same-origin' } })
  expect(own.body).toMatchObject({ tradeStatus: 'SUCCESS' })
})
