import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { Button } from '../../shared/components/button.tsx'
import { Section } from '../../shared/components/page.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Money } from '../../shared/components/values.tsx'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import type { Step } from './figures.ts'
import type { Days } from './question.ts'
import { TEXTS } from './texts.ts'

/** Loaded when the page is painted: nobody waits for it. */
const Plot = lazy(() => import('./plot.tsx').then((module) => ({ default: module.Plot })))

/** What was paid and given back, hour by hour or day by day: drawn, or as a table of the same numbers. */
export function ChartSection(props: {
  readonly steps: readonly Step[]
  readonly currency: string
  readonly days: Days
}): ReactNode {
  const { steps, currency, days } = props
  const t = useTexts(TEXTS)
  const [asTable, setAsTable] = useState(false)
  const painted = usePainted()
  const nameOf = useStepName(days)
  const title = t(days === '1' ? 'byHour' : 'byDay', { currency })
  return (
    <Section
      title={title}
      flush={asTable && steps.length > 0}
      actions={
        steps.length === 0 ? null : (
          <Button small tone="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t('asTable')}
          </Button>
        )
      }
    >
      {steps.length === 0 ? (
        <p className="soft">{t('noneInPeriod')}</p>
      ) : asTable ? (
        <StepTable title={title} steps={steps} nameOf={nameOf} />
      ) : painted ? (
        <Suspense fallback={<div className="home-plot" />}>
          <Plot steps={steps} currency={currency} nameOf={nameOf} />
        </Suspense>
      ) : (
        <div className="home-plot" />
      )}
    </Section>
  )
}

function StepTable(props: {
  readonly title: string
  readonly steps: readonly Step[]
  readonly nameOf: (at: string) => string
}): ReactNode {
  const { title, steps, nameOf } = props
  const t = useTexts(TEXTS)
  const columns: readonly Column<Step>[] = [
    { key: 'at', title: t('when'), lead: true, cell: ({ at }) => <time dateTime={at}>{nameOf(at)}</time> },
    {
      key: 'volume',
      title: t('volume'),
      align: 'end',
      cell: ({ paidAmt, currency }) => <Money amount={paidAmt} currency={currency} />,
    },
    { key: 'payments', title: t('payments'), align: 'end', cell: ({ paidCount }) => paidCount },
    {
      key: 'refunds',
      title: t('refunds'),
      align: 'end',
      cell: ({ refundedAmt, currency }) => <Money amount={refundedAmt} currency={currency} />,
    },
  ]
  return <Table caption={title} columns={columns} rows={steps} rowKey={({ at }) => at} />
}

/** True when the page has been painted once. */
function usePainted(): boolean {
  const [painted, setPainted] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    // The frame is painted after its callbacks, hence one turn later.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setPainted(true))
    })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [])
  return painted
}

/** What a step is called, in the viewer's zone and language: `14:00`, or `Nov 24`. */
function useStepName(days: Days): (at: string) => string {
  const locale = localeOf(useLanguage())
  const style: Intl.DateTimeFormatOptions =
    days === '1' ? { hour: 'numeric', minute: '2-digit' } : { day: 'numeric', month: 'short' }
  const format = new Intl.DateTimeFormat(locale, style)
  return (at) => format.format(new Date(at))
}
