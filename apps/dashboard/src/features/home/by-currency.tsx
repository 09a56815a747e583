import type { ReactNode } from 'react'
import { Section } from '../../shared/components/page.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Money } from '../../shared/components/values.tsx'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { successRate, type Sums } from './figures.ts'
import { TEXTS } from './texts.ts'

/** The period's sums of every currency, side by side. */
export function ByCurrency({ now }: { readonly now: readonly Sums[] }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const locale = localeOf(useLanguage())
  const count = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const columns: readonly Column<Sums>[] = [
    { key: 'currency', title: w('currency'), lead: true, cell: ({ currency }) => <strong>{currency}</strong> },
    {
      key: 'volume',
      title: t('volume'),
      align: 'end',
      cell: ({ paidAmt, currency }) => <Money amount={paidAmt} currency={currency} />,
    },
    { key: 'payments', title: t('payments'), align: 'end', cell: ({ paidCount }) => count.format(paidCount) },
    {
      key: 'rate',
      title: t('successRate'),
      align: 'end',
      cell: (row) => {
        const rate = successRate(row)
        return rate === undefined ? '–' : percent.format(rate)
      },
    },
    {
      key: 'refunds',
      title: t('refunds'),
      align: 'end',
      cell: ({ refundedAmt, currency }) => <Money amount={refundedAmt} currency={currency} />,
    },
  ]
  return (
    <Section title={t('byCurrency')} flush>
      <Table caption={t('byCurrency')} columns={columns} rows={now} rowKey={({ currency }) => currency} />
    </Section>
  )
}
