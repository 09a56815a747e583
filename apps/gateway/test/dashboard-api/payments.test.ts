import { expect, test } from 'vitest'
import type { PaymentDetail, PaymentRow } from '@ucanpay/wire/dashboard/payment-schemas'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { signedIn, type Browser } from '../support/member.ts'

interface List {
  readonly items: PaymentRow[]
  readonly hasMore: boolean
}

async function list(browser: Browser, query = ''): Promise<List> {
  const answer = await browser.get(`/payments${query}`)
  expect([query, answer.status]).toEqual([query, 200])
  return answer.data as unknown as List
}

async function detail(browser: Browser, ucpOrderNo: string): Promise<PaymentDetail> {
  const answer = await browser.get(`/payments/${ucpOrderNo}`)
  expect(answer.status).toBe(200)
  return answer.data as unknown as PaymentDetail
}

/** The same list, page by page. */
async function paged(browser: Browser, query: string): Promise<string[]> {
  const numbers: string[] = []
  for (let after = ''; ;) {
    const { items, hasMore } = await list(browser, `?limit=2&${query}${after}`)
    numbers.push(...items.map(({ outTradeNo }) => outTradeNo))
    if (!hasMore) return numbers
    expect(items).toHaveLength(2)
    after = `&startingAfter=${items.at(-1)?.ucpOrderNo ?? ''}`
  }
}

async function withOrders(): Promise<{ gateway: TestGateway; browser: Browser }> {
  const gateway = await startGateway({ role: 'all' })
  for (const [outTradeNo, totalAmt, currency] of [
    ['A1', 300, 'CAD'],
    ['A2', 100, 'EUR'],
    ['A3', 300, 'CAD'],
    ['A4', 200, 'EUR'],
    ['A5', 300, 'CAD'],
  ] as const)
    await gateway.place({ outTradeNo, totalAmt, currency })
  return { gateway, browser: await signedIn(gateway) }
}

test('payments are listed by every sort, each once, however they are paged', async () => {
  const { browser } = await withOrders()
  expect(await paged(browser, '')).toEqual(['A5', 'A4', 'A3', 'A2', 'A1'])
  expect(await paged(browser, 'sort=oldest')).toEqual(['A1', 'A2', 'A3', 'A4', 'A5'])
  expect(await paged(browser, 'sort=smallest')).toEqual(['A2', 'A4', 'A1', 'A3', 'A5'])
  expect(await paged(browser, 'sort=largest')).toEqual(['A5', 'A3', 'A1', 'A4', 'A2'])
})

test('a filter shows what fits it, and filters hold together', async () => {
  const { gateway, browser } = await withOrders()
  await gateway.post('/payment/closeorder', { outTradeNo: 'A2' })
  await gateway.post('/payment/closeorder', { outTradeNo: 'A3' })
  expect(await paged(browser, 'status=CLOSED')).toEqual(['A3', 'A2'])
  expect(await paged(browser, 'currency=EUR')).toEqual(['A4', 'A2'])
  expect(await paged(browser, 'currency=EUR&status=CLOSED&sort=smallest')).toEqual(['A2'])
  const [, second] = (await list(browser, '?sort=oldest')).items
  const from = encodeURIComponent(second?.tranTime ?? '')
  expect(await paged(browser, `from=${from}`)).toEqual(['A5', 'A4', 'A3', 'A2'])
  expect(await paged(browser, `to=${from}`)).toEqual(['A1'])
})

test('a payment is found by any number that belongs to it', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const paid = await gateway.paidOrder({ outTradeNo: 'Found1' })
  await gateway.place({ outTradeNo: 'Other1' })
  const { data } = await gateway.refund(paid, { outRefundNo: 'MyRefund1' })
  await gateway.receiver.waitFor(2)
  const attempts = await gateway.rows<{ attempt_id: string }>('payment_attempts')
  const notifications = await gateway.rows<{ notification_id: string }>('notifications')
  const numbers = [
    paid.ucpOrderNo,
    'Found1',
    'MyRefund1',
    String(data['ucpRefundNo']),
    ...attempts.map((row) => row.attempt_id),
    ...notifications.map((row) => row.notification_id),
    '4242',
  ]
  expect(numbers.length).toBeGreaterThan(7)
  for (const q of numbers) {
    const { items } = await list(browser, `?q=${q}`)
    expect([q, items.map(({ outTradeNo }) => outTradeNo)]).toEqual([q, ['Found1']])
    expect(items[0]).toMatchObject({ last4: '4242', brand: 'visa', totalRefundAmt: 100 })
  }
  expect(await list(browser, '?q=Found')).toEqual({ items: [], hasMore: false }) // Whole numbers alone.
})

test('a stranger’s payment is none, and neither is one of the other mode', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const stranger = await gateway.addMerchant()
  const theirs = await gateway.place({}, { key: stranger.secretKey })
  const live = await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  const body = gateway.signed('/payment/unifiedorder', gateway.order({ notifyUrl: 'https://example.com/' }))
  await gateway.post('/payment/unifiedorder', body, { key: live.key })
  expect(await list(browser)).toEqual({ items: [], hasMore: false })
  const number = String(theirs.data['ucpOrderNo'])
  expect(await list(browser, `?q=${number}`)).toEqual({ items: [], hasMore: false })
  const answers = [
    await browser.get(`/payments/${number}`),
    await browser.get(`/payments?startingAfter=${number}`),
    await browser.post(`/payments/${number}/close`),
    await browser.post(`/payments/${number}/reverse`),
    await browser.post(`/payments/${number}/capture`),
    await browser.post(`/payments/${number}/refund`, { refundAmt: 1, refundDesc: 'x', outRefundNo: 'R1' }),
  ]
  expect(answers.map(({ status, msg }) => `${status} ${String(msg)}`)).toEqual(Array(6).fill('404 ORDERNOTEXIST'))
})

test('one payment tells everything that happened, in its order, and what can be done', async () => {
  const gateway = await startGateway({ feeBasisPoints: 290 })
  const browser = await signedIn(gateway)
  const placed = await gateway.place({ outTradeNo: 'Story1', totalAmt: 1_000 })
  const { payUrl, ucpOrderNo } = placed.data as { payUrl: string; ucpOrderNo: string }
  expect(await detail(browser, ucpOrderNo)).toMatchObject({ actions: ['close'], payment: { payUrl } })
  await gateway.pay(payUrl, { number: '4000000000000002' })
  await gateway.pay(payUrl)
  await gateway.refund({ outTradeNo: 'Story1', ucpOrderNo, totalAmt: 1_000, payUrl }, { refundAmt: 250 })
  const told = async () => (await detail(browser, ucpOrderNo)).timeline.filter(({ kind }) => kind === 'notified').length
  await expect.poll(told, { timeout: 15_000 }).toBe(2)
  const story = await detail(browser, ucpOrderNo)
  const kinds = story.timeline.map(({ kind }) => kind)
  expect(kinds.slice(0, 5)).toEqual([
    'placed',
    'attempt-started',
    'attempt-refused',
    'attempt-started',
    'attempt-succeeded',
  ])
  expect(kinds.slice(5).sort()).toEqual(['notified', 'notified', 'refund-accepted', 'refund-succeeded'])
  expect(story.timeline.find(({ kind }) => kind === 'attempt-refused')?.reason).toBeTruthy()
  expect(story.timeline.find(({ kind }) => kind === 'refund-accepted')).toMatchObject({
    actor: gateway.merchant.apiKeyId,
    amount: 250,
  })
  expect(story.payment).toMatchObject({ refundableAmt: 750, refundsLeft: 9, tradeStatus: 'REFUND', capturedAmt: 1_000 })
  expect(story.payment.payUrl).toBeUndefined()
  expect(story.actions).toEqual(['refund'])
  expect(story.refunds).toMatchObject([{ outTradeNo: 'Story1', refundAmt: 250, refundStatus: 'SUCCESS' }])
  expect(story.entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
  expect(story.entries.filter(({ kind }) => kind === 'capture')).toHaveLength(2)
  expect(JSON.stringify(story)).not.toContain('4242424242424242')
})

test('a member refunds once however often the button is pressed, and above the limit shows who they are first', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway, 'support')
  const { ucpOrderNo } = await gateway.paidOrder({ totalAmt: 50_000 })
  const refund = (refundAmt: number, outRefundNo: string) =>
    browser.post(`/payments/${ucpOrderNo}/refund`, { refundAmt, refundDesc: 'cold', outRefundNo })
  const replies = await Promise.all(Array.from({ length: 10 }, () => refund(100, 'Page1')))
  expect(new Set(replies.map(({ data }) => data['ucpRefundNo'])).size).toBe(1)
  expect(await gateway.rows('refunds')).toHaveLength(1)
  expect((await refund(200, 'Page1')).msg).toBe('REFUND_FEE_MISMATCH')
  expect((await refund(10_001, 'Page2')).status).toBe(200) // Signed in a moment ago.
  gateway.moveClock(6 * 60_000)
  const late = await refund(10_001, 'Page3')
  expect([late.status, late.msg, late.headers['x-needs']]).toEqual([403, 'NOAUTH', 'reauthentication'])
  gateway.moveClock(24 * 3_600_000 - 12 * 60_000)
  const soon = await signedIn(gateway, 'support')
  gateway.moveClock(12 * 60_000) // A day after the first refunds, and longer than it takes to be asked again.
  const orders = [1, 2, 3, 4].map(() => gateway.paidOrder({ totalAmt: 5_000 }))
  const numbers = [ucpOrderNo, ...(await Promise.all(orders)).map((order) => order.ucpOrderNo)]
  const next = (refundAmt: number, outRefundNo: string, of = 0) =>
    soon.post(`/payments/${numbers[of] ?? ''}/refund`, { refundAmt, refundDesc: 'cold', outRefundNo })
  const atOnce = await Promise.all([1, 2, 3, 4].map((of) => next(3_000, `Part${of}`, of)))
  expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 200, 200, 403]) // Parts do not get around the limit.
  expect((await next(1_001, 'Page8')).headers['x-needs']).toBe('reauthentication')
  expect((await next(1_000, 'Page9')).status).toBe(200)
  const [row] = await gateway.rows<{ actor: string }>(`audit_log where action = 'refund.accepted' limit 1`)
  expect(row?.actor).toBe(browser.memberId)
})

test('money that is held is captured, and what is paid is undone, by a member who may', async () => {
  const gateway = await startGateway()
  const [finance, auditor] = [await signedIn(gateway, 'finance'), await signedIn(gateway, 'auditor')]
  const held = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 900 })
  const paid = await gateway.paidOrder({ totalAmt: 700 })
  expect((await detail(finance, held.ucpOrderNo)).actions).toEqual(['capture', 'reverse'])
  expect((await detail(auditor, held.ucpOrderNo)).actions).toEqual([])
  for (const action of ['capture', 'close', 'reverse'])
    expect((await auditor.post(`/payments/${held.ucpOrderNo}/${action}`)).status).toBe(403)
  const captured = await finance.post(`/payments/${held.ucpOrderNo}/capture`, { captureAmt: 800 })
  expect(captured.data).toEqual({ tradeStatus: 'SUCCESS' })
  expect((await finance.post(`/payments/${held.ucpOrderNo}/close`)).msg).toBe('ORDERPAID')
  expect((await finance.post(`/payments/${paid.ucpOrderNo}/reverse`)).data).toEqual({ tradeStatus: 'REVOKED' })
  const kinds = (await detail(finance, held.ucpOrderNo)).timeline.map(({ kind }) => kind)
  expect(kinds).toContain('captured')
})

test('an order at the counter is paid by its QR code, and made once', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway, 'finance')
  const order = {
    subject: 'Two coffees',
    totalAmt: 900,
    currency: 'CAD',
    outTradeNo: 'Till1',
    notifyUrl: gateway.receiver.url,
  }
  const made = await browser.post('/orders', order)
  expect(made.status).toBe(200)
  expect(made.data['qrCode']).toBe(made.data['payUrl'])
  expect((await browser.post('/orders', order)).data['ucpOrderNo']).toBe(made.data['ucpOrderNo'])
  expect((await browser.post('/orders', { ...order, totalAmt: 901 })).msg).toBe('OUT_TRADE_NO_USED')
  expect((await browser.post('/orders', { ...order, outTradeNo: 'Till2', currency: 'XXX' })).msg).toBe('PARAM_ERROR')
  expect((await gateway.pay(made.data['payUrl'])).body).toMatchObject({ tradeStatus: 'SUCCESS' })
  expect((await list(browser)).items).toMatchObject([{ outTradeNo: 'Till1', tradeStatus: 'SUCCESS' }])
})
