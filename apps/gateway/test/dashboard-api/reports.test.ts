import { expect, test } from 'vitest'
import { reportRows } from '../../src/domain/reports/report-rows.ts'
import { operator, startGateway } from '../support/gateway.ts'
import { signedIn } from '../support/member.ts'

const ALL = 'from=2020-01-01T00:00:00Z&to=2020-12-31T00:00:00Z'

function thisMonth(): string {
  const day = 86_400_000
  const [from, to] = [new Date(Date.now() - 20 * day), new Date(Date.now() + day)]
  return `from=${from.toISOString()}&to=${to.toISOString()}`
}

test('a report is a file that a spreadsheet opens, with amounts as books have them, and runs nothing', async () => {
  const gateway = await startGateway({ feeBasisPoints: 290 })
  const browser = await signedIn(gateway, 'finance')
  const paid = await gateway.paidOrder({ outTradeNo: 'Csv1', totalAmt: 1_234, subject: '+SUM(A1)', body: 'x' })
  await gateway.place({ outTradeNo: 'Csv2', totalAmt: 900, currency: 'JPY', subject: 'Tea, "green"' })
  await gateway.refund(paid, { refundAmt: 34, refundDesc: '@cold' })
  const csv = await browser.get(`/reports/payments?${thisMonth()}&zone=Asia/Tokyo`)
  expect(csv.headers['content-type']).toContain('text/csv')
  expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="payments-\d{4}-\d\d-\d\d\.csv"$/)
  const lines = csv.text.split('\r\n')
  expect(lines[0]?.startsWith('ucpOrderNo,outTradeNo,subject,tradeStatus,currency,total')).toBe(true)
  expect(lines[1]).toContain(`,Csv1,'+SUM(A1),`)
  expect(lines[1]).toContain(',CAD,12.34,12.34,0.34,visa,4242,')
  expect(lines[2]).toContain(',Csv2,"Tea, ""green""",NOTPAY,JPY,900,0,0,,,')
  expect(lines.slice(3)).toEqual([''])
  const refunds = await browser.get(`/reports/refunds?${thisMonth()}`)
  expect(refunds.text).toContain(`,CAD,0.34,'@cold,`)
  const ledger = await browser.get(`/reports/ledger?${thisMonth()}`)
  expect(ledger.text).toContain(',merchant_payable,CAD,-12.34,')
  const summary = await browser.get(`/reports/summary?${thisMonth()}`)
  expect(summary.text).toContain(',CAD,1,12.34,1,0.34,0.36')
  const printed = await browser.get(`/report-summary?${thisMonth()}`)
  expect(printed.data).toMatchObject({
    merchantName: 'Corner Coffee',
    rows: [{ currency: 'CAD', paidCount: 1, paidAmt: 1_234, refundCount: 1, refundedAmt: 34, feeAmt: 36 }],
  })
})

test('a report begins with the mark that tells a spreadsheet its encoding', async () => {
  const gateway = await startGateway({ role: 'api' })
  const period = { from: new Date('2020-01-01'), to: new Date('2020-02-01'), zone: 'UTC' }
  const caller = operator(gateway.merchant.merchantId, 'test')
  for (const kind of ['payments', 'refunds', 'ledger', 'summary'] as const) {
    const first = await reportRows(gateway.gateway.deps.pools.dashboard, caller, { kind, period }).next()
    expect(Buffer.from(String(first.value)).subarray(0, 3).toString('hex')).toBe('efbbbf')
  }
})

test('a report of more rows than one batch has each of them once, those of one moment too', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway, 'finance')
  await gateway.sql(
    `insert into orders (merchant_id, mode, ucp_order_no, out_trade_no, subject, body, total_amt, currency, scene_type,
       capture_mode, notify_url, expires_in_s, expires_at, tran_time)
     select $1, 'test', n::text, 'B' || n, 'Coffee', 'Coffee', 100, 'CAD', 'MWEB', 'automatic', 'https://example.com/', 60,
       t, t from generate_series(1, 2500) n, lateral (select '2020-05-01T00:00:00Z'::timestamptz + make_interval(secs => n / 700)) as at (t)`,
    [gateway.merchant.merchantId],
  )
  const { text } = await browser.get(`/reports/payments?${ALL}`)
  const numbers = text
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[0])
  expect(numbers).toHaveLength(2_500)
  expect(new Set(numbers).size).toBe(2_500)
  const edge = 'from=2020-05-01T00:00:01Z&to=2020-05-01T00:00:02Z' // From is in it, to is not.
  const part = (await browser.get(`/reports/payments?${edge}`)).text.trimEnd().split('\r\n')
  expect(part).toHaveLength(701)
})

test('a report has a period, a kind, and a reader who may', async () => {
  const gateway = await startGateway()
  const [finance, support] = [await signedIn(gateway, 'finance'), await signedIn(gateway, 'support')]
  expect((await support.get(`/reports/payments?${ALL}`)).status).toBe(403)
  expect((await support.get(`/report-summary?${ALL}`)).status).toBe(403)
  expect((await finance.get(`/reports/cards?${ALL}`)).msg).toBe('PARAM_ERROR')
  expect((await finance.get('/reports/payments')).msg).toBe('LACK_PARAMS')
  for (const period of [
    'from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z',
    'from=2020-01-01T00:00:00Z&to=2021-01-03T00:00:00Z',
    'from=2020-01-01&to=2020-02-01',
    `${ALL}&zone=Nowhere`,
  ])
    expect([period, (await finance.get(`/reports/payments?${period}`)).msg]).toEqual([period, 'PARAM_ERROR'])
})
