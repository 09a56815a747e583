import type { HomeData } from '@ucanpay/wire/dashboard/record-schemas'
import type { Database, Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { practicesOf } from './practices.ts'
import { shown } from './shown.ts'
import { requireZone } from './zone.ts'

const MOST_ALERTS = 20
const ALERTS_FOR_MS = 30 * 86_400_000
const MOST_REASONS = 10

/** How far to look back. */
export interface HomeQuery {
  /** IANA; UTC where absent. */
  readonly zone?: string | undefined
  /** Days, today included; 1 where absent: by hour. */
  readonly days?: '1' | '7' | '30' | undefined
}

/** A stretch of time, from `from` until before `to`. */
interface Period {
  readonly from: Date
  readonly to: Date
}

interface Periods {
  readonly now: Period
  readonly before: Period
  /** The beginning of each hour, or of each day in the zone, and the end of the last. */
  readonly steps: readonly Date[]
}

type Sums = HomeData['now'][number]
type Step = HomeData['series'][number]

/**
 * How the day goes, or the last 7 or 30, in the viewer's own days: a day when the clocks change has 23 or 25 hours, and
 * all of them. The period before ends as long before now as the days that are looked at, so that a morning is compared with
 * a morning.
 *
 * @throws ApiError PARAM_ERROR for what is no zone
 */
export async function home(db: Database, caller: Caller, query: HomeQuery): Promise<HomeData> {
  const zone = requireZone(query.zone)
  const periods = await periodsOf(db, caller, { zone, days: Number(query.days ?? '1') })
  const [now, before, series, declines, balances, practices, alerts] = await Promise.all([
    sumsOf(db, caller, periods.now),
    sumsOf(db, caller, periods.before),
    seriesOf(db, caller, periods),
    declinesOf(db, caller, periods.now),
    balancesOf(db, caller),
    practicesOf(db, caller),
    alertsOf(db, caller),
  ])
  return { now, before, series, declines, balances, practices, alerts }
}

async function periodsOf(tx: Tx, { now }: Caller, { zone, days }: { zone: string; days: number }): Promise<Periods> {
  const [row] = await tx.query<{ from: Date; before: Date; beforeTo: Date; hours: Date[]; days: Date[] }>(
    `with today as (select date_trunc('day', $1::timestamptz at time zone $2) as midnight),
       edges as (
         select (midnight - make_interval(days => $3 - 1)) at time zone $2 as "from",
                (midnight - make_interval(days => 2 * $3 - 1)) at time zone $2 as before,
                (($1::timestamptz at time zone $2) - make_interval(days => $3)) at time zone $2 as "beforeTo",
                (midnight + interval '1 day') at time zone $2 as "end", midnight
         from today)
     select "from", before, "beforeTo",
       array(select at from generate_series("from", "end" - interval '1 second', interval '1 hour') at) || "end" as hours,
       array(select local at time zone $2 from generate_series(midnight - make_interval(days => $3 - 1),
             midnight + interval '1 day', interval '1 day') local) as days
     from edges`,
    [now, zone, days],
  )
  if (!row) throw new Error('a select without a table gave no row')
  return {
    now: { from: row.from, to: new Date(now.getTime() + 1) }, // What was paid this very millisecond counts.
    before: { from: row.before, to: row.beforeTo },
    steps: days === 1 ? row.hours : row.days,
  }
}

/** Refunds and reversals are counted where they are booked, at their acceptance; one that failed is taken back. */
const REFUNDED = `account = 'merchant_payable' and kind in ('refund', 'reversal', 'refund-failed')`

function sumsOf(tx: Tx, caller: Caller, { from, to }: Period): Promise<Sums[]> {
  return tx.query<Sums>(
    `select currency, sum(placed)::int as "placedCount", sum(paid)::int as "paidCount", sum(failed)::int as "failedCount",
            sum(paid_amt)::bigint as "paidAmt", greatest(sum(refunded), 0)::bigint as "refundedAmt",
            sum(refunds)::int as "refundCount"
     from (
       select currency, count(*) as placed, 0 as paid, 0 as failed, 0::bigint as paid_amt, 0::bigint as refunded, 0 as refunds
       from orders where merchant_id = $1 and mode = $2 and tran_time >= $3 and tran_time < $4 group by currency
       union all
       select currency, 0, count(*), 0, sum(captured_amt), 0, 0
       from orders where merchant_id = $1 and mode = $2 and time_end >= $3 and time_end < $4 group by currency
       union all
       select o.currency, 0, 0, count(distinct o.ucp_order_no), 0, 0, 0
       from payment_attempts a
       join orders o on o.merchant_id = a.merchant_id and o.mode = a.mode and o.ucp_order_no = a.ucp_order_no
       where a.merchant_id = $1 and a.mode = $2 and a.started_at >= $3 and a.started_at < $4 and a.status = 'refused'
         and a.operation = 'authorise' and o.trade_status in ('PAYERROR', 'CLOSED', 'REVOKED') and o.time_end is null
       group by o.currency
       union all
       select currency, 0, 0, 0, 0, sum(amount), count(*) filter (where kind <> 'refund-failed')
       from ledger_entries where merchant_id = $1 and mode = $2 and at >= $3 and at < $4 and ${REFUNDED} group by currency
     ) counted group by currency order by sum(paid_amt) desc, currency`,
    [caller.merchantId, caller.mode, from, to],
  )
}

/** Every step for every currency that something was paid or given back in; where nothing was, zeros. */
async function seriesOf(tx: Tx, caller: Caller, { steps }: Periods): Promise<Step[]> {
  const rows = await tx.query<{ at: Date } & Omit<Step, 'at'>>(
    `with moved as (
       select currency, width_bucket(time_end, $3::timestamptz[]) as step, sum(captured_amt) as paid, count(*) as paid_count,
              0::bigint as refunded
       from orders where merchant_id = $1 and mode = $2 and time_end >= $4 and time_end < $5 group by 1, 2
       union all
       select currency, width_bucket(at, $3::timestamptz[]), 0, 0, sum(amount)
       from ledger_entries where merchant_id = $1 and mode = $2 and at >= $4 and at < $5 and ${REFUNDED} group by 1, 2
     )
     select s.at, c.currency, coalesce(sum(m.paid), 0)::bigint as "paidAmt", coalesce(sum(m.paid_count), 0)::int as "paidCount",
            greatest(coalesce(sum(m.refunded), 0), 0)::bigint as "refundedAmt"
     from unnest($6::timestamptz[]) with ordinality s (at, step)
     cross join (select distinct currency from moved) c
     left join moved m on m.step = s.step and m.currency = c.currency
     group by s.at, c.currency order by s.at, c.currency`,
    [caller.merchantId, caller.mode, steps, steps[0], steps.at(-1), steps.slice(0, -1)],
  )
  return rows.map(shown)
}

function declinesOf(tx: Tx, caller: Caller, { from, to }: Period): Promise<HomeData['declines']> {
  return tx.query(
    `select reason, count(*)::int as count from payment_attempts
     where merchant_id = $1 and mode = $2 and started_at >= $3 and started_at < $4 and status = 'refused'
       and operation = 'authorise'
     group by reason order by count(*) desc, reason limit $5`,
    [caller.merchantId, caller.mode, from, to, MOST_REASONS],
  )
}

/** What is owed to the merchant: a credit, and credits are negative. */
function balancesOf(tx: Tx, caller: Caller): Promise<HomeData['balances']> {
  return tx.query(
    `select currency, -balance as amount from ledger_balances
     where merchant_id = $1 and mode = $2 and account = 'merchant_payable' order by currency`,
    [caller.merchantId, caller.mode],
  )
}

async function alertsOf(tx: Tx, caller: Caller): Promise<HomeData['alerts']> {
  const rows = await tx.query<{ alertId: string; kind: string; target: string; times: number; lastAt: Date }>(
    `select alert_id as "alertId", kind, target, times, last_at as "lastAt" from alerts
     where merchant_id = $1 and mode = $2 and last_at >= $3 order by last_at desc, alert_id desc limit $4`,
    [caller.merchantId, caller.mode, new Date(caller.now.getTime() - ALERTS_FOR_MS), MOST_ALERTS],
  )
  return rows.map(shown)
}
