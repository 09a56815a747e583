import { expect, onTestFinished, test } from 'vitest'
import { request } from 'undici'
import type { PaymentRow } from '@ucanpay/wire/dashboard/payment-schemas'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { signedIn, type Browser } from '../support/member.ts'

interface Viewer {
  readonly status: number
  readonly rows: PaymentRow[]
  readonly ended: () => boolean
  readonly close: () => void
}

/** Opens the stream as a page does, and collects what comes. */
async function view(gateway: TestGateway, browser: Browser): Promise<Viewer> {
  const aborter = new AbortController()
  const reply = await request(`${gateway.config.dashboardUrl}/dashboard-api/payments/stream`, {
    dispatcher: gateway.agent,
    signal: aborter.signal,
    headers: { cookie: `__Host-ucanpay=${browser.cookie ?? ''}`, 'sec-fetch-site': 'same-origin' },
  })
  const rows: PaymentRow[] = []
  let text = ''
  let ended = false
  reply.body.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^event: payments\ndata: (.*)$/.exec(event)?.[1]
      if (data) rows.push(...(JSON.parse(data) as PaymentRow[]))
    }
  })
  reply.body.on('end', () => (ended = true))
  reply.body.on('error', () => (ended = true))
  const close = (): void => aborter.abort()
  onTestFinished(close)
  return { status: reply.statusCode, rows, ended: () => ended, close }
}

test('payments come in as they are placed and change, to their own merchant and mode alone', async () => {
  const gateway = await startGateway()
  const other = await gateway.addMerchant()
  const browser = await signedIn(gateway)
  const stranger = await signedIn(gateway, 'owner', other.merchantId)
  const [viewer, second, theirs] = [
    await view(gateway, browser),
    await view(gateway, browser),
    await view(gateway, stranger),
  ]
  const { payUrl } = (await gateway.place({ outTradeNo: 'Live1' })).data
  await expect.poll(() => viewer.rows.map(({ tradeStatus }) => tradeStatus), { timeout: 5_000 }).toEqual(['NOTPAY'])
  await gateway.pay(payUrl)
  await expect
    .poll(() => viewer.rows.at(-1), { timeout: 5_000 })
    .toMatchObject({
      outTradeNo: 'Live1',
      tradeStatus: 'SUCCESS',
      last4: '4242',
    })
  await expect.poll(() => second.rows.at(-1)?.tradeStatus, { timeout: 5_000 }).toBe('SUCCESS')
  const late = await view(gateway, browser) // What came just before it was opened is told as well.
  await expect.poll(() => late.rows.map(({ outTradeNo }) => outTradeNo), { timeout: 5_000 }).toContain('Live1')
  expect(theirs.rows).toEqual([])
})

test('all who watch a merchant share one question a second, and nobody who watches none', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const seen = async (): Promise<number> => {
    const [row] = await gateway.sql<{ scans: number }>(
      `select (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int as scans from pg_stat_user_tables where relname = 'orders'`,
    )
    return row?.scans ?? 0
  }
  const viewers = await Promise.all(Array.from({ length: 8 }, () => view(gateway, browser)))
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  const before = await seen()
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  const shared = (await seen()) - before
  expect(shared).toBeGreaterThan(1)
  expect(shared).toBeLessThan(16) // Eight who each asked would be near fifty.
  for (const viewer of viewers) viewer.close()
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const quiet = await seen()
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  expect((await seen()) - quiet).toBe(0)
})

test('a stream ends with its session, and tells nothing more of what happens after', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const viewer = await view(gateway, browser)
  await gateway.place({ outTradeNo: 'Before1' })
  await expect.poll(() => viewer.rows.map(({ outTradeNo }) => outTradeNo)).toEqual(['Before1'])
  await browser.post('/sign-out')
  await gateway.place({ outTradeNo: 'After1' })
  await expect.poll(viewer.ended, { timeout: 20_000 }).toBe(true)
  expect(viewer.rows.map(({ outTradeNo }) => outTradeNo)).toEqual(['Before1'])
})

test('a stream keeps no session alive', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const viewer = await view(gateway, browser)
  gateway.moveClock(16 * 60_000)
  await expect.poll(viewer.ended, { timeout: 20_000 }).toBe(true)
  expect((await browser.get('/session')).status).toBe(401)
})

test('ten streams are enough for one member, and a gateway that stops ends them', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const viewers = await Promise.all(Array.from({ length: 10 }, () => view(gateway, browser)))
  expect((await view(gateway, browser)).status).toBe(429)
  viewers[0]?.close()
  await expect.poll(async () => (await view(gateway, browser)).status, { timeout: 5_000 }).toBe(200)
  const stoppedAt = performance.now()
  await gateway.stop()
  expect(performance.now() - stoppedAt).toBeLessThan(5_000)
  await expect.poll(() => viewers[1]?.ended(), { timeout: 5_000 }).toBe(true)
})

test('the stream opens to members who may read payments, and to nobody else', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  expect((await view(gateway, browser)).status).toBe(200)
  browser.cookie = undefined
  expect((await view(gateway, browser)).status).toBe(401)
})
