import { decimalsOf } from '@ucanpay/wire/currencies'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { BYTE_ORDER_MARK, csvLine, type Cell } from './csv.ts'
import type { ReportPeriod } from './report-period.ts'
import { summaryRows } from './summary-report.ts'

/** Rows in memory at once. */
const BATCH = 1_000

/** A row, and where it stands in the order of its report: the next batch begins after it. */
interface Row extends Readonly<Record<string, string | number | Date | null>> {
  readonly keyTime: Date
  readonly keyId: string
  readonly keyLine: number
  readonly currency: string
}

type Column = readonly [name: string, cell: (row: Row) => Cell]

interface Listing {
  /** $1 merchant, $2 mode, ($3, $4, $5) the key to begin after, $6 the end, $7 the zone, $8 how many. */
  readonly sql: string
  readonly columns: readonly Column[]
}

const text = (name: string): Column => [name, (row) => cellOf(row[name])]
/** In whole units of the currency, as books are kept: 450 minor units of CAD are 4.50. */
const money = (name: string, member: string): Column => [
  name,
  ({ currency, ...row }) => Number(row[member]) / 10 ** decimalsOf(currency),
]
const local = (column: string): string => `to_char(${column} at time zone $7, 'YYYY-MM-DD HH24:MI:SS')`

const LISTINGS: Readonly<Record<'payments' | 'refunds' | 'ledger', Listing>> = {
  payments: {
    sql: `select p.*, a.brand, a.last4 from (
        select tran_time as "keyTime", ucp_order_no as "keyId", 0 as "keyLine", ucp_order_no as "ucpOrderNo",
          out_trade_no as "outTradeNo", subject, trade_status as "tradeStatus", currency, total_amt, captured_amt, refund_amt,
          tran_time as "tranTime", time_end as "timeEnd", ${local('tran_time')} as "localTime"
        from orders where merchant_id = $1 and mode = $2 and (tran_time, ucp_order_no) > ($3, $4) and tran_time < $6
          and $5::int is not null order by tran_time, ucp_order_no limit $8
      ) p left join lateral (
        select brand, last4 from payment_attempts a
        where a.merchant_id = $1 and a.mode = $2 and a.ucp_order_no = p."keyId" and a.operation = 'authorise'
        order by started_at desc, attempt_id desc limit 1
      ) a on true order by p."keyTime", p."keyId"`,
    columns: [
      ...['ucpOrderNo', 'outTradeNo', 'subject', 'tradeStatus', 'currency'].map(text),
      money('total', 'total_amt'),
      money('captured', 'captured_amt'),
      money('refunded', 'refund_amt'),
      ...['brand', 'last4', 'tranTime', 'timeEnd', 'localTime'].map(text),
    ],
  },
  refunds: {
    sql: `select r.created_at as "keyTime", r.ucp_refund_no as "keyId", 0 as "keyLine", r.ucp_refund_no as "ucpRefundNo",
        r.out_refund_no as "outRefundNo", r.ucp_order_no as "ucpOrderNo", o.out_trade_no as "outTradeNo",
        r.refund_status as "refundStatus", o.currency, r.refund_amt, r.refund_desc as "refundDesc",
        r.created_at as "createdAt", r.refund_success_time as "refundSuccessTime", ${local('r.created_at')} as "localTime"
      from refunds r
      join orders o on o.merchant_id = r.merchant_id and o.mode = r.mode and o.ucp_order_no = r.ucp_order_no
      where r.merchant_id = $1 and r.mode = $2 and (r.created_at, r.ucp_refund_no) > ($3, $4) and r.created_at < $6
        and $5::int is not null order by r.created_at, r.ucp_refund_no limit $8`,
    columns: [
      ...['ucpRefundNo', 'outRefundNo', 'ucpOrderNo', 'outTradeNo', 'refundStatus', 'currency'].map(text),
      money('refunded', 'refund_amt'),
      ...['refundDesc', 'createdAt', 'refundSuccessTime', 'localTime'].map(text),
    ],
  },
  ledger: {
    sql: `select at as "keyTime", posting_id as "keyId", line as "keyLine", posting_id as "postingId", line, kind, account,
        currency, amount, ucp_order_no as "ucpOrderNo", ref, at, ${local('at')} as "localTime"
      from ledger_entries
      where merchant_id = $1 and mode = $2 and (at, posting_id, line) > ($3, $4, $5::smallint) and at < $6
      order by at, posting_id, line limit $8`,
    columns: [
      ...['postingId', 'line', 'kind', 'account', 'currency'].map(text),
      money('amount', 'amount'),
      ...['ucpOrderNo', 'ref', 'at', 'localTime'].map(text),
    ],
  },
}

function cellOf(value: string | number | Date | null | undefined): Cell {
  return value instanceof Date ? value.toISOString() : (value ?? null)
}

export type ReportKind = keyof typeof LISTINGS | 'summary'

/**
 * A report as CSV, batch by batch, so that one of a million rows takes no more memory than one of a thousand: payments by
 * when they were placed, refunds by when they were accepted, ledger entries by when they were booked, or sums by day.
 * Amounts are in whole units of their currency, debit above nothing and credit below; times are in UTC, and `localTime` in
 * the period's zone.
 */
export async function* reportRows(
  db: Database,
  caller: Caller,
  { kind, period }: { kind: ReportKind; period: ReportPeriod },
): AsyncGenerator<string> {
  if (kind === 'summary') {
    yield* summaryLines(db, caller, period)
    return
  }
  const { sql, columns } = LISTINGS[kind]
  yield BYTE_ORDER_MARK + csvLine(columns.map(([name]) => name))
  let after: Pick<Row, 'keyTime' | 'keyId' | 'keyLine'> = { keyTime: period.from, keyId: '', keyLine: 0 }
  for (;;) {
    const rows = await db.query<Row>(sql, [
      caller.merchantId,
      caller.mode,
      after.keyTime,
      after.keyId,
      after.keyLine,
      period.to,
      period.zone,
      BATCH,
    ])
    if (rows.length > 0) yield rows.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('')
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = last
  }
}

async function* summaryLines(db: Database, caller: Caller, period: ReportPeriod): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(['day', 'currency', 'paidCount', 'paid', 'refundCount', 'refunded', 'fees'])
  for (const row of await summaryRows(db, caller, period)) {
    const { day, currency, paidCount, refundCount } = row
    const unit = 10 ** decimalsOf(currency)
    yield csvLine([
      day,
      currency,
      paidCount,
      row.paidAmt / unit,
      refundCount,
      row.refundedAmt / unit,
      row.feeAmt / unit,
    ])
  }
}
