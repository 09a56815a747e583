import { expect, test } from 'vitest'
import { tally } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { addApp, signedIn, type Browser } from '../support/member.ts'
import { makeCode, newFormToken, orderBy, type MadeCode } from '../support/static-codes.ts'

async function withCode(values: object = {}): Promise<{ gateway: TestGateway; browser: Browser; code: MadeCode }> {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  return { gateway, browser, code: await makeCode(gateway, browser, values) }
}

/** What the page of a code holds for its script. */
async function shownAt(gateway: TestGateway, url: string): Promise<{ status: number; code: unknown; text: string }> {
  const { status, text, headers } = await gateway.get(url, { key: null })
  expect(headers['content-security-policy']).toContain("script-src 'self'")
  expect(headers['cache-control']).toBe('no-store')
  const json = /<script type="application\/json" id="code">(.*?)<\/script>/.exec(text)?.[1]
  return { status, text, code: json === undefined ? undefined : JSON.parse(json) }
}

test('a buyer sees what a code is for and nothing of the merchant’s, enters an amount, and pays an ordinary order', async () => {
  const { gateway, code } = await withCode({ name: 'SECRET till', subject: '</script> tea'.replaceAll('/', '') })
  const page = await shownAt(gateway, code.codeUrl)
  expect(page.status).toBe(200)
  expect(page.code).toEqual({
    merchantName: 'Corner Coffee',
    subject: '<script> tea',
    currency: 'CAD',
    minAmt: 100,
    maxAmt: 5_000,
    mode: 'test',
    enabled: true,
  })
  for (const secret of ['SECRET', gateway.receiver.url, code.codeId]) expect(page.text).not.toContain(secret)

  const placed = await orderBy(gateway, code, { totalAmt: 1_234 })
  expect([placed.status, Object.keys(placed.body)]).toEqual([200, ['payUrl']])
  expect((await gateway.pay(placed.body['payUrl'])).body).toMatchObject({ tradeStatus: 'SUCCESS', totalAmt: 1_234 })
  const [notified] = await gateway.receiver.waitFor(1)
  expect(JSON.stringify(notified)).toContain('1234')
  const [audit] = await gateway.rows<{ actor: string }>(`audit_log where action = 'order.created'`)
  expect(audit?.actor).toBe('buyer')
})

test('ten presses of one form at once give one order; another amount under the same form is refused', async () => {
  const { gateway, code } = await withCode()
  const form = { totalAmt: 300, formToken: newFormToken() }
  const replies = await Promise.all(Array.from({ length: 10 }, () => orderBy(gateway, code, form)))
  expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(new Set(replies.map(({ body }) => body['payUrl'])).size).toBe(1)
  expect(await gateway.rows('orders')).toHaveLength(1)
  expect(await gateway.rows('static_code_orders')).toHaveLength(1)
  expect(await orderBy(gateway, code, { ...form, totalAmt: 301 })).toMatchObject({
    status: 409,
    msg: 'OUT_TRADE_NO_USED',
  })
  expect((await orderBy(gateway, code, { totalAmt: 300 })).status).toBe(200)
  expect(await gateway.rows('orders')).toHaveLength(2)
})

test('the same form at two codes gives two orders, each with a number of its own', async () => {
  const { gateway, browser, code } = await withCode()
  const other = await makeCode(gateway, browser)
  const form = { formToken: newFormToken() }
  const [one, two] = await Promise.all([orderBy(gateway, code, form), orderBy(gateway, other, form)])
  expect(one.body['payUrl']).not.toBe(two.body['payUrl'])
  const numbers = await gateway.rows<{ out_trade_no: string }>('orders')
  for (const { out_trade_no } of numbers) expect(out_trade_no).toMatch(/^Q[0-9a-f]{31}$/)
})

test('amounts outside the bounds, and what is no amount or no form, place nothing', async () => {
  const { gateway, code } = await withCode()
  const bodies = [
    { totalAmt: 99 },
    { totalAmt: 5_001 },
    { totalAmt: 0 },
    { totalAmt: -100 },
    { totalAmt: 100.5 },
    { totalAmt: '450' },
    { totalAmt: null },
    { totalAmt: undefined },
    { formToken: '' },
    { formToken: 'x'.repeat(23) },
    { formToken: undefined },
    { currency: 'USD' },
    { notifyUrl: 'https://example.com' },
    { subject: 'mine' },
  ]
  for (const body of bodies) {
    const reply = await orderBy(gateway, code, body)
    expect(reply.status, JSON.stringify(body)).toBe(400)
    expect(['PARAM_ERROR', 'LACK_PARAMS']).toContain(reply.msg)
    expect(reply.body).not.toHaveProperty('detail')
  }
  expect(await gateway.rows('orders')).toEqual([])
  for (const totalAmt of [100, 5_000]) expect((await orderBy(gateway, code, { totalAmt })).status).toBe(200)
})

test('of a code with a fixed amount no other can be ordered', async () => {
  const { gateway, code } = await withCode({ currency: 'JPY', minAmt: 450, maxAmt: 450 })
  for (const totalAmt of [449, 451]) expect((await orderBy(gateway, code, { totalAmt })).msg).toBe('PARAM_ERROR')
  expect((await orderBy(gateway, code, { totalAmt: 450 })).status).toBe(200)
  expect(await gateway.rows('orders')).toMatchObject([{ currency: 'JPY', total_amt: 450 }])
})

test('a code that is switched off says so and takes no order, and its earlier orders can still be paid', async () => {
  const { gateway, browser, code } = await withCode()
  const earlier = await orderBy(gateway, code)
  await browser.send('PUT', `/static-codes/${code.codeId}`, { body: { enabled: false } })
  expect(await shownAt(gateway, code.codeUrl)).toMatchObject({ status: 200, code: { enabled: false } })
  expect(await orderBy(gateway, code)).toMatchObject({ status: 422, msg: 'INVALID_REQUEST' })
  expect(await gateway.rows('orders')).toHaveLength(1)
  expect((await gateway.pay(earlier.body['payUrl'])).body).toMatchObject({ tradeStatus: 'SUCCESS' })
  await browser.send('PUT', `/static-codes/${code.codeId}`, { body: { enabled: true } })
  expect((await orderBy(gateway, code)).status).toBe(200)
})

test('an address that was changed in any place leads nowhere, and so does that of a merchant who is shut out', async () => {
  const { gateway, code } = await withCode()
  const end = code.codeUrl.at(-1) === 'A' ? 'B' : 'A'
  const forged = [
    code.codeUrl.slice(0, -1) + end,
    code.codeUrl.slice(0, -1),
    `${code.codeUrl}A`,
    `${gateway.checkoutUrl}/q/x`,
  ]
  const expectNone = async (codeUrl: string): Promise<void> => {
    expect(await shownAt(gateway, codeUrl), codeUrl).toMatchObject({ status: 404, code: undefined })
    expect(await orderBy(gateway, { codeUrl }), codeUrl).toMatchObject({ status: 404, msg: 'NOT_FOUND' })
  }
  for (const codeUrl of forged) await expectNone(codeUrl)
  await gateway.sql(`update merchants set status = 'suspended'`)
  await expectNone(code.codeUrl)
  expect(await gateway.rows('orders')).toEqual([])
})

test('a page of another origin cannot have a browser place orders', async () => {
  const { gateway, code } = await withCode()
  for (const site of ['cross-site', 'same-site', 'none']) {
    const reply = await orderBy(gateway, code, { headers: { 'sec-fetch-site': site } })
    expect(reply, site).toMatchObject({ status: 403, msg: 'NOAUTH' })
  }
  expect(await gateway.rows('orders')).toEqual([])
  expect((await orderBy(gateway, code, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200)
})

test('one address places 30 orders in a quarter of an hour, and is then told to wait', async () => {
  const gateway = await startGateway({ config: { trustedProxies: ['127.0.0.1/8'] } })
  const browser = await signedIn(gateway)
  const [one, two] = await Promise.all([makeCode(gateway, browser), makeCode(gateway, browser)])
  const from = (ip: string, at: number) =>
    orderBy(gateway, at % 2 === 0 ? one : two, { headers: { 'x-forwarded-for': ip } })
  const replies = await Promise.all(Array.from({ length: 40 }, (_one, at) => from('192.0.2.1', at)))
  expect(tally(replies)).toEqual({ undefined: 30, FREQUENCY_LIMITED: 10 })
  const refused = replies.find(({ status }) => status === 429)
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0)
  expect((await from('192.0.2.2', 0)).status).toBe(200)
})

test('a code holds 100 orders that wait to be paid, from wherever they come, also when many come at once', async () => {
  const gateway = await startGateway({ config: { trustedProxies: ['127.0.0.1/8'] } })
  const browser = await signedIn(gateway)
  const code = await makeCode(gateway, browser)
  const other = await makeCode(gateway, browser)
  const first = { formToken: newFormToken() }
  const paid = await orderBy(gateway, code, first)
  await fill(gateway, code, 94) // Behind its back: a code takes 60 a minute, whoever asks.
  const from = (at: number, held = code) =>
    orderBy(gateway, held, { headers: { 'x-forwarded-for': `192.0.2.${at % 16}` } })
  const replies = await Promise.all(Array.from({ length: 20 }, (_one, at) => from(at)))
  expect(tally(replies)).toEqual({ undefined: 5, FREQUENCY_LIMITED: 15 })
  expect((await orderBy(gateway, code, first)).status).toBe(200) // A repeat takes no place.
  expect((await from(1, other)).status).toBe(200)
  await gateway.pay(paid.body['payUrl'])
  expect((await from(2)).status).toBe(200)
  expect((await from(3)).status).toBe(429)
  gateway.moveClock(15 * 60_000)
  expect((await from(4)).status).toBe(200)
})

/** Orders of a code that nobody has paid. */
async function fill(gateway: TestGateway, { codeId }: MadeCode, count: number): Promise<void> {
  await gateway.sql(
    `with placed as (
       insert into orders (merchant_id, mode, ucp_order_no, out_trade_no, subject, body, total_amt, currency, scene_type,
                           capture_mode, notify_url, expires_in_s, expires_at, tran_time)
       select merchant_id, mode, (7000 + n)::text, 'F' || n, subject, body, total_amt, currency, scene_type, capture_mode,
              notify_url, expires_in_s, expires_at, tran_time
       from orders, generate_series(1, $1) n returning merchant_id, mode, ucp_order_no, tran_time
     )
     insert into static_code_orders (merchant_id, mode, ucp_order_no, code_id, placed_at)
     select merchant_id, mode, ucp_order_no, $2, tran_time from placed`,
    [count, codeId],
  )
}

test('one code takes 60 tries a minute', async () => {
  const gateway = await startGateway({ config: { trustedProxies: ['127.0.0.1/8'] } })
  const code = await makeCode(gateway, await signedIn(gateway))
  const replies = await Promise.all(
    Array.from({ length: 130 }, (_one, at) =>
      orderBy(gateway, code, { totalAmt: 1, headers: { 'x-forwarded-for': `192.0.2.${at % 16}` } }),
    ),
  )
  const { FREQUENCY_LIMITED = 0 } = tally(replies)
  expect(FREQUENCY_LIMITED).toBeGreaterThanOrEqual(10) // The window may have turned over once.
})

test('a code of live mode places live orders, and its tokens mean nothing to test mode', async () => {
  const { gateway, browser } = await withCode()
  await addApp(gateway, browser)
  expect((await browser.post('/session/mode', { mode: 'live' })).status).toBe(200)
  await browser.session()
  const live = await makeCode(gateway, browser, { notifyUrl: 'https://example.com/notify' })
  expect((await shownAt(gateway, live.codeUrl)).code).toMatchObject({ mode: 'live' })
  expect((await orderBy(gateway, live)).status).toBe(200)
  expect((await gateway.rows<{ mode: string }>('orders')).map(({ mode }) => mode)).toEqual(['live'])
  await expect(
    gateway.sql(
      `insert into static_code_orders select merchant_id, 'test', ucp_order_no, code_id, placed_at from static_code_orders`,
    ),
  ).rejects.toThrow(/foreign key/)
})
