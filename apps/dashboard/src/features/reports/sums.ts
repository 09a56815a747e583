import type { Data } from '../../shared/api/client.ts'

/** A day's sums in one currency; amounts in its minor units. */
export type SummaryRow = Data<'GET /dashboard-api/report-summary'>['rows'][number]
/** The sums of a whole period in one currency. */
export type Sums = Omit<SummaryRow, 'day'>

/** Adds the days up, currency by currency. */
export function sumsByCurrency(rows: readonly SummaryRow[]): readonly Sums[] {
  const sums = new Map<string, Sums>()
  for (const row of rows) {
    const sum = sums.get(row.currency)
    sums.set(row.currency, {
      currency: row.currency,
      paidCount: row.paidCount + (sum?.paidCount ?? 0),
      paidAmt: row.paidAmt + (sum?.paidAmt ?? 0),
      refundCount: row.refundCount + (sum?.refundCount ?? 0),
      refundedAmt: row.refundedAmt + (sum?.refundedAmt ?? 0),
      feeAmt: row.feeAmt + (sum?.feeAmt ?? 0),
    })
  }
  return [...sums.values()].sort((one, other) => one.currency.localeCompare(other.currency))
}

/** What is left of what was paid: without refunds and fees. It can be less than nothing. */
export function netOf({ paidAmt, refundedAmt, feeAmt }: Sums): number {
  return paidAmt - refundedAmt - feeAmt
}
