import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Database } from '@ucanpay/gateway/database/tx'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import { home } from '@ucanpay/gateway/domain/reports/home'
import { listAudit } from '@ucanpay/gateway/domain/reports/list-audit'
import { listLogs } from '@ucanpay/gateway/domain/reports/list-logs'
import { listNotifications } from '@ucanpay/gateway/domain/reports/list-notifications'
import { listOrderRefunds } from '@ucanpay/gateway/domain/reports/list-order-refunds'
import { listOrders } from '@ucanpay/gateway/domain/reports/list-orders'
import { listPayments } from '@ucanpay/gateway/domain/reports/list-payments'
import { findOrderByEither } from '@ucanpay/gateway/domain/orders/order'
import { listRefunds } from '@ucanpay/gateway/domain/reports/list-refunds'
import { notificationEndpoints } from '@ucanpay/gateway/domain/reports/notification-endpoints'
import { reportRows } from '@ucanpay/gateway/domain/reports/report-rows'
import { summaryRows } from '@ucanpay/gateway/domain/reports/summary-report'
import { openBenchGateway } from './support/bench-gateway.ts'

const HELP = `npm run bench:dashboard-lists

How quick the dashboard's lists are for a merchant with very many payments: loads orders with their attempts, refunds,
notifications, audit rows, failures and ledger entries, then reads each list by each sort and filter, from its beginning and
from its middle. Prints the median and the worst of each, and writes bench/results/dashboard-lists.json.

  --orders N     1000000 where unset
  --times N      readings of each, 15 where unset
`

if (process.argv.includes('--help')) {
  process.stdout.write(HELP)
  process.exit(0)
}
const orders = numberOf('--orders', 1_000_000)
const times = numberOf('--times', 15)
/** What a list may take (issue 4): the median of its readings. */
const LIMIT_MS = 20
/** An order in the middle of them. */
const middle = String(Math.floor(orders / 2)).padStart(20, '0')

/** Over 300 days until now; every 13th refused, every 20th refunded, one currency in 1,000 rare, one status in 100,000. */
const LOAD: readonly string[] = [
  `insert into orders (merchant_id, mode, ucp_order_no, out_trade_no, subject, body, total_amt, currency, scene_type,
     capture_mode, notify_url, expires_in_s, expires_at, tran_time, trade_status, captured_amt, refund_amt, refund_count, time_end)
   select $1, 'test', lpad(n::text, 20, '0'), 'T' || n, 'Coffee', 'A flat white', total,
     case when n % 1000 = 0 then 'ISK' when n % 7 = 0 then 'EUR' else 'CAD' end, 'MWEB', 'automatic',
     'https://shop' || n % 3 || '.example/told', 7200, t + interval '2 hours', t,
     case when n % 13 = 0 then 'PAYERROR' when n % 100000 = 1 then 'AUTHORIZED' when refunded then 'REFUND' else 'SUCCESS' end,
     case when paid then total else 0 end, case when refunded then 50 else 0 end, case when refunded then 1 else 0 end,
     case when paid then t + interval '40 seconds' end
   from generate_series(1, $2::int) n,
     lateral (select date_trunc('milliseconds', $3::timestamptz - make_interval(secs => ($2 - n) * (25920000.0 / $2))) as t,
       100 + (n::bigint * 7919) % 99900 as total, n % 13 > 0 and n % 100000 <> 1 as paid,
       n % 20 = 0 and n % 13 > 0 as refunded) made`,
  `insert into payment_attempts (merchant_id, mode, attempt_id, ucp_order_no, operation, amount, bin, last4, brand, status,
     reason, acquirer, started_at, ended_at)
   select merchant_id, mode, 'att_' || ucp_order_no, ucp_order_no, 'authorise', total_amt, '424242',
     case when ucp_order_no::bigint % 2 = 0 then '4242' else lpad((ucp_order_no::bigint % 10000)::text, 4, '0') end, 'visa',
     case when time_end is null then 'refused' else 'succeeded' end, case when time_end is null then 'declined' end,
     'sandbox', tran_time, tran_time + interval '1 second'
   from orders where merchant_id = $1 and $2::int > 0 and $3::timestamptz is not null`,
  `insert into refunds (merchant_id, mode, ucp_refund_no, out_refund_no, ucp_order_no, refund_amt, refund_desc, refund_status,
     created_at, refund_success_time)
   select merchant_id, mode, '9' || substr(ucp_order_no, 2), 'R' || ucp_order_no::bigint, ucp_order_no, 50, 'cold',
     case when ucp_order_no::bigint % 10000 = 0 then 'FAIL' else 'SUCCESS' end, time_end + interval '1 hour',
     case when ucp_order_no::bigint % 10000 > 0 then time_end + interval '61 minutes' end
   from orders where merchant_id = $1 and refund_count > 0 and $2::int > 0 and $3::timestamptz is not null`,
  `insert into notifications (merchant_id, mode, notification_id, ucp_order_no, kind, notify_url, data, status, created_at)
   select merchant_id, mode, 'msg_' || ucp_order_no, ucp_order_no, 'payment',
     case when ucp_order_no::bigint % 50000 = 7 then 'https://rare.example/told' else notify_url end, '{"totalAmt":1}',
     case when ucp_order_no::bigint % 20000 = 3 then 'failed' else 'delivered' end, tran_time + interval '41 seconds'
   from orders where merchant_id = $1 and $2::int > 0 and $3::timestamptz is not null`,
  `insert into delivery_attempts (merchant_id, mode, notification_id, attempt_no, at, duration_ms, http_status, outcome)
   select merchant_id, mode, notification_id, 1, created_at, 50, 200, 'delivered'
   from notifications where merchant_id = $1 and $2::int > 0 and $3::timestamptz is not null`,
  `insert into audit_log (merchant_id, audit_id, mode, at, actor, action, target, after)
   select o.merchant_id, 'aud_' || k || o.ucp_order_no, o.mode, o.tran_time + make_interval(secs => k),
     case k when 1 then 'key_shop' else 'buyer' end, case k when 1 then 'order.created' else 'order.success' end,
     o.ucp_order_no, 'SUCCESS'
   from orders o, generate_series(1, 2) k where o.merchant_id = $1 and $2::int > 0 and $3::timestamptz is not null`,
  `insert into audit_log (merchant_id, audit_id, mode, at, actor, action, target)
   select $1, 'aud_m' || n, 'test', $3::timestamptz - make_interval(days => n), 'mem_rare', 'customer.revealed', 'cus_' || n
   from generate_series(1, 200) n where $2::int > 0`,
  `insert into error_records (request_id, at, merchant_id, mode, actor, method, route, status, msg, error)
   select 'req_' || lpad(n::text, 26, '0'), $3::timestamptz - make_interval(secs => n * 60), $1, 'test', 'key_shop', 'POST',
     '/payment/unifiedorder', 400, case when n % 20000 = 5 then 'NOTENOUGH' else 'PARAM_ERROR' end, '{"name":"ApiError"}'
   from generate_series(1, $2::int / 10) n`,
  `insert into ledger_entries (merchant_id, mode, posting_id, line, kind, account, currency, amount, ucp_order_no, ref, at)
   select merchant_id, mode, 'pst_' || ucp_order_no, line, 'capture',
     case line when 1 then 'acquirer_receivable' else 'merchant_payable' end, currency,
     case line when 1 then captured_amt else -captured_amt end, ucp_order_no, 'att_' || ucp_order_no, time_end
   from orders, generate_series(1, 2) line
   where merchant_id = $1 and captured_amt > 0 and $2::int > 0 and $3::timestamptz is not null`,
  `insert into ledger_entries (merchant_id, mode, posting_id, line, kind, account, currency, amount, ucp_order_no, ref, at)
   select r.merchant_id, r.mode, 'pst_' || r.ucp_refund_no, line, 'refund',
     case line when 1 then 'merchant_payable' else 'refunds_pending' end, o.currency,
     case line when 1 then refund_amt_of else -refund_amt_of end, r.ucp_order_no, r.ucp_refund_no, r.created_at
   from (select *, refund_amt as refund_amt_of from refunds where merchant_id = $1) r
   join orders o on o.merchant_id = r.merchant_id and o.mode = r.mode and o.ucp_order_no = r.ucp_order_no,
     generate_series(1, 2) line where $2::int > 0 and $3::timestamptz is not null`,
]

type Reading = () => Promise<unknown>

const bench = await openBenchGateway()
try {
  const { gateway, merchantId } = bench
  const now = new Date()
  const caller: Caller = { merchantId, mode: 'test', actor: 'mem_bench', requestId: null, now }
  const loadedInS = await load(gateway.deps.db, merchantId, now)
  const lists: Record<string, object> = {}
  const slow: string[] = []
  for (const [name, read] of Object.entries(readingsOf(gateway.deps.pools.dashboard, caller))) {
    const taken = await time(read, times)
    lists[name] = taken
    if (taken.medianMs > LIMIT_MS) slow.push(name)
    process.stdout.write(`${String(taken.medianMs).padStart(8)} ms, worst ${taken.worstMs} ms  ${name}\n`)
  }
  const whole = await timeWhole(gateway.deps.pools.dashboard, caller)
  const report = {
    commit: commit(),
    node: process.version,
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    orders,
    loadedInS,
    limitMs: LIMIT_MS,
    slow,
    lists,
    whole,
  }
  writeFileSync(new URL('results/dashboard-lists.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(whole)}\n${slow.length} lists above ${LIMIT_MS} ms\n`)
} finally {
  await bench.stop()
}

/** Behind the gateway's back, without the triggers and the time limit of a statement. */
async function load(db: Database, merchantId: string, now: Date): Promise<number> {
  const startedAt = performance.now()
  for (const [at, text] of LOAD.entries()) {
    await db.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = 0`)
      await tx.query(`set local synchronous_commit = off`)
      for (const table of ['orders', 'audit_log', 'ledger_entries', 'refunds', 'payment_attempts'])
        await tx.query(`alter table ${table} disable trigger user`)
      await tx.query(text, [merchantId, orders, now])
      for (const table of ['orders', 'audit_log', 'ledger_entries', 'refunds', 'payment_attempts'])
        await tx.query(`alter table ${table} enable trigger user`)
    })
    process.stderr.write(`loaded ${at + 1} of ${LOAD.length}\n`)
  }
  await db.transaction(async (tx) => {
    await tx.query(`set local statement_timeout = 0`)
    await tx.query('analyze')
  })
  return Math.round((performance.now() - startedAt) / 1_000)
}

function daysBefore(caller: Caller): (ago: number) => string {
  return (ago) => new Date(caller.now.getTime() - ago * 86_400_000).toISOString()
}

function readingsOf(db: Database, caller: Caller): Record<string, Reading> {
  return { ...paymentReadings(db, caller), ...otherReadings(db, caller), ...restReadings(db, caller) }
}

function paymentReadings(db: Database, caller: Caller): Record<string, Reading> {
  const day = daysBefore(caller)
  const readings: Record<string, Reading> = {}
  const payments = (name: string, query: object): void => {
    readings[`payments ${name}`] = () => listPayments(db, caller, query)
  }
  const filters: Record<string, object> = {
    all: {},
    'a usual status': { status: 'SUCCESS' },
    'a rare status': { status: 'AUTHORIZED' },
    'a status of none': { status: 'REVOKED' },
    'a usual currency': { currency: 'EUR' },
    'a rare currency': { currency: 'ISK' },
    'a currency of none': { currency: 'JPY' },
    'a status and a rare currency': { status: 'PAYERROR', currency: 'ISK' },
    'a status and a usual currency': { status: 'REFUND', currency: 'EUR' },
    'a day': { from: day(101), to: day(100) },
    'a month': { from: day(130), to: day(100) },
    'a month and a status': { from: day(130), to: day(100), status: 'PAYERROR' },
    'half a year and a currency': { from: day(280), to: day(100), currency: 'EUR' },
  }
  for (const sort of ['newest', 'oldest', 'largest', 'smallest'])
    for (const [name, filter] of Object.entries(filters)) payments(`${sort}, ${name}`, { sort, ...filter })
  for (const sort of ['newest', 'oldest', 'largest', 'smallest'])
    payments(`${sort}, from the middle, 100`, { sort, startingAfter: middle, limit: '100' })
  payments('by number', { q: middle })
  payments("by the merchant's number", { q: 'T77777' })
  payments('by a notification', { q: `msg_${middle}` })
  payments('by no number', { q: 'nothing' })
  payments('by a usual last four', { q: '4242' })
  payments('by a rare last four', { q: '0777' })
  payments('by a usual last four, largest', { q: '4242', sort: 'largest' })
  return readings
}

function otherReadings(db: Database, caller: Caller): Record<string, Reading> {
  const day = daysBefore(caller)
  return {
    'refunds, all': () => listRefunds(db, caller, {}),
    'refunds, failed': () => listRefunds(db, caller, { status: 'FAIL' }),
    'refunds, processing': () => listRefunds(db, caller, { status: 'PROCESSING' }),
    'refunds, a usual currency': () => listRefunds(db, caller, { currency: 'EUR' }),
    'refunds, a rare currency': () => listRefunds(db, caller, { currency: 'ISK' }),
    'refunds, a currency of none': () => listRefunds(db, caller, { currency: 'JPY' }),
    'refunds, a month': () => listRefunds(db, caller, { from: day(130), to: day(100) }),
    'notifications, all': () => listNotifications(db, caller, {}),
    'notifications, failed': () => listNotifications(db, caller, { status: 'failed' }),
    'notifications, pending': () => listNotifications(db, caller, { status: 'pending' }),
    'notifications, a usual address': () => listNotifications(db, caller, { notifyUrl: 'https://shop1.example/told' }),
    'notifications, a rare address': () => listNotifications(db, caller, { notifyUrl: 'https://rare.example/told' }),
    'notifications, failed, a rare address': () =>
      listNotifications(db, caller, { status: 'failed', notifyUrl: 'https://rare.example/told' }),
    'notifications, from the middle': () => listNotifications(db, caller, { startingAfter: `msg_${middle}` }),
    'notification endpoints': () => notificationEndpoints(db, caller),
    'logs, all': () => listLogs(db, caller, {}),
    'logs, a rare msg': () => listLogs(db, caller, { msg: 'NOTENOUGH' }),
    'logs, an actor of none': () => listLogs(db, caller, { actor: 'key_other' }),
    'audit log, all': () => listAudit(db, caller, {}),
    'audit log, a member': () => listAudit(db, caller, { actor: 'mem_rare' }),
    'audit log, a key': () => listAudit(db, caller, { actor: 'key_shop' }),
    'audit log, the buyers': () => listAudit(db, caller, { actor: 'buyer' }),
    'audit log, a rare action': () => listAudit(db, caller, { action: 'customer.revealed' }),
    'audit log, a usual action': () => listAudit(db, caller, { action: 'order.created' }),
    'audit log, a target': () => listAudit(db, caller, { target: middle }),
    'audit log, a month': () => listAudit(db, caller, { from: day(130), to: day(100) }),
  }
}

/** The lists of /v1, which have fewer filters. */
function restReadings(db: Database, caller: Caller): Record<string, Reading> {
  const day = daysBefore(caller)
  const month = { from: day(130), to: day(100) }
  return {
    '/v1/payments/{id}': () => findOrderByEither(db, caller, middle),
    '/v1/payments': () => listOrders(db, caller, {}),
    '/v1/payments from the middle, 100': () => listOrders(db, caller, { startingAfter: middle, limit: '100' }),
    '/v1/payments a usual status': () => listOrders(db, caller, { tradeStatus: 'SUCCESS' }),
    '/v1/payments a rare status': () => listOrders(db, caller, { tradeStatus: 'AUTHORIZED' }),
    '/v1/payments a status of none': () => listOrders(db, caller, { tradeStatus: 'REVOKED' }),
    '/v1/payments a month': () => listOrders(db, caller, month),
    '/v1/payments a month and a rare status': () => listOrders(db, caller, { ...month, tradeStatus: 'AUTHORIZED' }),
    '/v1/payments by number': () => listOrders(db, caller, { outTradeNo: 'T77777' }),
    '/v1/refunds': () => listOrderRefunds(db, caller, {}),
    '/v1/refunds from the middle, 100': () => listOrderRefunds(db, caller, { startingAfter: 'R500020', limit: '100' }),
    '/v1/refunds failed': () => listOrderRefunds(db, caller, { refundStatus: 'FAIL' }),
    '/v1/refunds of none': () => listOrderRefunds(db, caller, { refundStatus: 'PROCESSING' }),
    '/v1/refunds of an order': () => listOrderRefunds(db, caller, { ucpOrderNo: middle }),
    '/v1/refunds a month': () => listOrderRefunds(db, caller, month),
  }
}

/** What is no page of a list: it reads all of its period. */
async function timeWhole(db: Database, caller: Caller): Promise<object> {
  const period = { from: new Date(caller.now.getTime() - 300 * 86_400_000), to: caller.now, zone: 'America/Toronto' }
  const csv = async (): Promise<number> => {
    let bytes = 0
    for await (const text of reportRows(db, caller, { kind: 'payments', period })) bytes += text.length
    return bytes
  }
  const before = process.memoryUsage().heapUsed
  const startedAt = performance.now()
  const csvBytes = await csv()
  const csvS = (performance.now() - startedAt) / 1_000
  return {
    'home, today': await time(() => home(db, caller, { zone: 'America/Toronto' }), 5),
    'home, 7 days': await time(() => home(db, caller, { zone: 'America/Toronto', days: '7' }), 5),
    'home, 30 days': await time(() => home(db, caller, { zone: 'America/Toronto', days: '30' }), 5),
    'sums by day, 300 days': await time(() => summaryRows(db, caller, period), 3),
    'CSV of all payments': {
      seconds: Number(csvS.toFixed(1)),
      mebibytes: Math.round(csvBytes / 2 ** 20),
      heapGrewByMiB: Math.round((process.memoryUsage().heapUsed - before) / 2 ** 20),
    },
  }
}

async function time(read: Reading, readings: number): Promise<{ medianMs: number; worstMs: number }> {
  await read() // The first pays for the connection, the compiler and the cold pages.
  const taken: number[] = []
  for (let n = 0; n < readings; n++) {
    const startedAt = performance.now()
    await read()
    taken.push(performance.now() - startedAt)
  }
  taken.sort((a, b) => a - b)
  const round = (ms: number | undefined): number => Number((ms ?? 0).toFixed(1))
  return { medianMs: round(taken[Math.floor(readings / 2)]), worstMs: round(taken.at(-1)) }
}

function numberOf(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag)
  const value = at === -1 ? otherwise : Number(process.argv[at + 1])
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${flag} takes a whole number above 0`)
  return value
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
