import { expect, test } from 'vitest'
import type { HomeData } from '@ucanpay/wire/dashboard/record-schemas'
import { home } from '../../src/domain/reports/home.ts'
import { operator, startGateway, type TestGateway } from '../support/gateway.ts'
import { signedIn, type Browser } from '../support/member.ts'

async function homeOf(browser: Browser, query = ''): Promise<HomeData> {
  const answer = await browser.get(`/home${query}`)
  expect([query, answer.status]).toEqual([query, 200])
  return answer.data as unknown as HomeData
}

/** Pays 100 minor units at each of these times, behind the gateway's back. */
async function paidAt(gateway: TestGateway, times: readonly string[]): Promise<void> {
  for (const [n, time] of times.entries()) {
    const number = String(n + 1)
    const values = [gateway.merchant.merchantId, number, time]
    await gateway.sql(
      `insert into orders (merchant_id, mode, ucp_order_no, out_trade_no, subject, body, total_amt, currency, scene_type,
         capture_mode, notify_url, expires_in_s, expires_at, tran_time)
       values ($1, 'test', $2, $2, 'Coffee', 'Coffee', 100, 'CAD', 'MWEB', 'automatic', 'https://example.com/', 60, $3, $3)`,
      values,
    )
    for (const status of ['USERPAYING', 'SUCCESS'])
      await gateway.sql(
        `update orders set trade_status = '${status}', captured_amt = case '${status}' when 'SUCCESS' then 100 else 0 end,
         time_end = case '${status}' when 'SUCCESS' then $3::timestamptz end where merchant_id = $1 and ucp_order_no = $2`,
        values,
      )
  }
}

function at(gateway: TestGateway, now: string) {
  return { ...operator(gateway.merchant.merchantId, 'test'), now: new Date(now) }
}

test('the day’s sums are those of the ledger, currency by currency, with what was refused and why', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  await gateway.paidOrder({ totalAmt: 1_000 })
  const refunded = await gateway.paidOrder({ totalAmt: 500 })
  const undone = await gateway.paidOrder({ totalAmt: 300, currency: 'EUR' })
  await gateway.refund(refunded, { refundAmt: 200 })
  await gateway.post('/payment/reverse', { outTradeNo: undone.outTradeNo })
  await gateway.pay((await gateway.place()).data['payUrl'], { number: '4000000000000002' })
  const { now, before, series, declines, balances } = await homeOf(browser, '?zone=America/Toronto')
  expect(now).toEqual([
    { currency: 'CAD', placedCount: 3, paidCount: 2, failedCount: 1, paidAmt: 1_500, refundedAmt: 200, refundCount: 1 },
    { currency: 'EUR', placedCount: 1, paidCount: 1, failedCount: 0, paidAmt: 300, refundedAmt: 300, refundCount: 1 },
  ])
  expect(before).toEqual([])
  expect(declines.map(({ count }) => count)).toEqual([1])
  expect(balances).toEqual([
    { currency: 'CAD', amount: 1_300 },
    { currency: 'EUR', amount: 0 },
  ])
  const sum = (currency: string, member: 'paidAmt' | 'refundedAmt'): number =>
    series.filter((step) => step.currency === currency).reduce((total, step) => total + step[member], 0)
  expect([sum('CAD', 'paidAmt'), sum('CAD', 'refundedAmt'), sum('EUR', 'refundedAmt')]).toEqual([1_500, 200, 300])
})

test('a day has its own number of hours where the clocks change, and each payment is in its own', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { db } = gateway.gateway.deps
  await paidAt(gateway, [
    '2026-03-08T05:30:00Z', // 00:30 in Toronto; the clocks go forward at 02:00.
    '2026-03-08T07:30:00Z', // 03:30, there is no 02:30.
    '2026-11-01T05:30:00Z', // 01:30, the first time.
    '2026-11-01T06:30:00Z', // 01:30, the second time.
  ])
  const spring = await home(db, at(gateway, '2026-03-09T03:59:00Z'), { zone: 'America/Toronto' })
  expect(spring.series).toHaveLength(23)
  expect(spring.series.map(({ paidAmt }) => paidAmt).slice(0, 4)).toEqual([100, 0, 100, 0])
  expect(spring.series[0]?.at).toBe('2026-03-08T05:00:00.000Z')
  const autumn = await home(db, at(gateway, '2026-11-01T20:00:00Z'), { zone: 'America/Toronto' })
  expect(autumn.series).toHaveLength(25)
  expect(autumn.series.map(({ paidAmt }) => paidAmt).slice(0, 4)).toEqual([0, 100, 100, 0])
  const week = await home(db, at(gateway, '2026-03-10T12:00:00Z'), { zone: 'America/Toronto', days: '7' })
  expect(week.series).toHaveLength(7)
  expect(week.series.map((step) => step.at.slice(11, 13))).toEqual(['05', '05', '05', '05', '05', '04', '04'])
  expect(week.series[4]).toMatchObject({ paidAmt: 200, paidCount: 2 })
  const lordHowe = await home(db, at(gateway, '2026-04-05T03:00:00Z'), { zone: 'Australia/Lord_Howe' })
  expect(lordHowe.series).toEqual([]) // Nothing was paid, so there is no currency to draw.
})

test('the period before ends as long before now, so that a morning is compared with a morning', async () => {
  const gateway = await startGateway({ role: 'api' })
  await paidAt(gateway, [
    '2026-06-10T12:00:00Z',
    '2026-06-11T12:00:00Z', // Yesterday at noon.
    '2026-06-11T18:00:00Z', // Yesterday, later than it is now.
    '2026-06-12T12:00:00Z', // Today.
  ])
  const now = at(gateway, '2026-06-12T13:00:00Z')
  const day = await home(gateway.gateway.deps.db, now, {})
  expect([day.now[0]?.paidCount, day.before[0]?.paidCount]).toEqual([1, 1])
  const week = await home(gateway.gateway.deps.db, now, { days: '7' })
  expect([week.now[0]?.paidCount, week.before]).toEqual([4, []])
})

test('what is no time zone is refused, an offset too', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  for (const zone of ['Nowhere/Land', '%2B05:30', '-03', 'America', 'x'])
    expect([zone, (await browser.get(`/home?zone=${zone}`)).msg]).toEqual([zone, 'PARAM_ERROR'])
  for (const zone of ['Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT%2B5', 'Europe/Kyiv'])
    expect([zone, (await browser.get(`/home?zone=${zone}`)).status]).toEqual([zone, 200])
})

test('the checklist has all fourteen practices, and shows what wants attention', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const practices = async () => (await homeOf(browser)).practices
  const states = (await practices()).map(({ practice, state }) => `${practice} ${state}`)
  expect(states).toHaveLength(14)
  expect(states.filter((text) => !text.endsWith('held'))).toEqual(['12 yours', '14 attention']) // No second factor yet.
  await gateway.get('/payment/status?outTradeNo=x', { headers: { origin: 'https://shop.example' } }) // A key in a browser.
  const exposed = async () => (await practices()).find(({ practice }) => practice === 3)
  await expect.poll(exposed, { timeout: 5_000 }).toMatchObject({ state: 'attention', count: 1 })
  expect((await homeOf(browser)).alerts).toMatchObject([{ kind: 'key-in-browser', target: gateway.merchant.apiKeyId }])
  await gateway.addKey({ kind: 'rk', mode: 'test', scopes: ['payments:read'], expiresInDays: 7 })
  expect((await practices()).find(({ practice }) => practice === 4)).toMatchObject({ state: 'attention', count: 1 })
})
