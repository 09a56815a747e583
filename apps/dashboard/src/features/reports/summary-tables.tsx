import type { ReactNode } from 'react'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Money } from '../../shared/components/values.tsx'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { netOf, sumsByCurrency, type SummaryRow, type Sums } from './sums.ts'
import { TEXTS } from './texts.ts'

/** The sums of the whole period, by currency. */
export function SumsTable({ rows }: { readonly rows: readonly SummaryRow[] }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  return (
    <Table
      caption={t('sums')}
      columns={[
        { key: 'currency', title: w('currency'), lead: true, cell: ({ currency }) => <strong>{currency}</strong> },
        ...useAmountColumns(),
      ]}
      rows={sumsByCurrency(rows)}
      rowKey={({ currency }) => currency}
    />
  )
}

/** Day by day. */
export function DayTable({ rows }: { readonly rows: readonly SummaryRow[] }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const format = new Intl.DateTimeFormat(localeOf(useLanguage()), { dateStyle: 'medium', timeZone: 'UTC' })
  const columns: readonly Column<SummaryRow>[] = [
    {
      key: 'day',
      title: t('day'),
      lead: true,
      cell: ({ day }) => <time dateTime={day}>{format.format(Date.parse(`${day}T00:00:00Z`))}</time>,
    },
    { key: 'currency', title: w('currency'), cell: ({ currency }) => currency },
    ...useAmountColumns(),
  ]
  return (
    <Table caption={t('days')} columns={columns} rows={rows} rowKey={({ day, currency }) => `${day} ${currency}`} />
  )
}

function useAmountColumns(): readonly Column<Sums>[] {
  const t = useTexts(TEXTS)
  const count = new Intl.NumberFormat(localeOf(useLanguage()))
  const money =
    (amountOf: (row: Sums) => number) =>
    (row: Sums): ReactNode => <Money amount={amountOf(row)} currency={row.currency} />
  return [
    { key: 'payments', title: t('payments'), align: 'end', cell: ({ paidCount }) => count.format(paidCount) },
    { key: 'paid', title: t('paid'), align: 'end', cell: money(({ paidAmt }) => paidAmt) },
    { key: 'refunds', title: t('refunds'), align: 'end', cell: ({ refundCount }) => count.format(refundCount) },
    { key: 'refunded', title: t('refunded'), align: 'end', cell: money(({ refundedAmt }) => refundedAmt) },
    { key: 'fees', title: t('fees'), align: 'end', cell: money(({ feeAmt }) => feeAmt) },
    { key: 'net', title: t('net'), align: 'end', cell: money(netOf) },
  ]
}
