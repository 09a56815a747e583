import type { SummaryReport } from '@ucanpay/wire/dashboard/record-schemas'
import type { Static } from 'typebox'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import type { ReportPeriod } from './report-period.ts'

type Summary = Static<typeof SummaryReport>

/** Sums by day, in the viewer's days, and whose they are. */
export async function summaryReport(tx: Tx, caller: Caller, period: ReportPeriod): Promise<Summary> {
  const [merchant] = await tx.query<{ name: string }>(`select name from merchants where merchant_id = $1`, [
    caller.merchantId,
  ])
  return { merchantName: merchant?.name ?? '', rows: await summaryRows(tx, caller, period) }
}

/**
 * Sums by day and currency, oldest day first; a day on which nothing moved has no row. Refunds count on the day of their
 * acceptance, reversals with them; one that failed is taken off the day on which it failed, which never gets below nothing.
 */
export function summaryRows(tx: Tx, caller: Caller, { from, to, zone }: ReportPeriod): Promise<Summary['rows']> {
  return tx.query(
    `select day, currency, sum(paid_count)::int as "paidCount", sum(paid)::bigint as "paidAmt",
            sum(refund_count)::int as "refundCount", greatest(sum(refunded), 0)::bigint as "refundedAmt",
            greatest(sum(fees), 0)::bigint as "feeAmt"
     from (
       select (time_end at time zone $5)::date::text as day, currency, count(*) as paid_count, sum(captured_amt) as paid,
              0 as refund_count, 0::bigint as refunded, 0::bigint as fees
       from orders where merchant_id = $1 and mode = $2 and time_end >= $3 and time_end < $4 group by 1, 2
       union all
       select (at at time zone $5)::date::text, currency, 0, 0,
              count(*) filter (where account = 'merchant_payable' and kind in ('refund', 'reversal')),
              coalesce(sum(amount) filter (where account = 'merchant_payable'), 0),
              coalesce(sum(amount) filter (where account = 'fees_receivable'), 0)
       from ledger_entries
       where merchant_id = $1 and mode = $2 and at >= $3 and at < $4
         and (account = 'merchant_payable' and kind in ('refund', 'reversal', 'refund-failed')
           or account = 'fees_receivable' and kind in ('fee', 'fee-reversal'))
       group by 1, 2
     ) moved group by day, currency order by day, currency`,
    [caller.merchantId, caller.mode, from, to, zone],
  )
}
