import type { Data } from '../../shared/api/client.ts'

/** What `GET /dashboard-api/home` answers. */
export type HomeData = Data<'GET /dashboard-api/home'>
/** The sums of one currency over a period. */
export type Sums = HomeData['now'][number]

const NOTHING = { placedCount: 0, paidCount: 0, failedCount: 0, paidAmt: 0, refundedAmt: 0, refundCount: 0 }

/** An hour or a day of one currency. */
export type Step = HomeData['series'][number]

/** The sums of a currency; zeros where nothing happened in it. */
export function sumsOf(rows: readonly Sums[], currency: string): Sums {
  return rows.find((row) => row.currency === currency) ?? { currency, ...NOTHING }
}

/**
 * Every currency that there is anything to tell of, that with the largest volume first, as the gateway sorts them.
 * Those of the period before and of the balances follow.
 */
export function currenciesOf({ now, before, balances }: HomeData): readonly string[] {
  return [...new Set([...now, ...before, ...balances].map(({ currency }) => currency))]
}

/** Payments that came through, of those that were decided: 0 to 1. Undefined where none was. */
export function successRate({ paidCount, failedCount }: Sums): number | undefined {
  const decided = paidCount + failedCount
  return decided === 0 ? undefined : paidCount / decided
}

/** How much more or less than before: 0.25 is a quarter more. Undefined where there is nothing to compare with. */
export function changeOf(now: number, before: number): number | undefined {
  return before === 0 ? undefined : (now - before) / before
}

/** The steps of one currency, in their order; none where nothing moved in it. */
export function stepsOf(series: HomeData['series'], currency: string): readonly Step[] {
  return series.filter((step) => step.currency === currency)
}
