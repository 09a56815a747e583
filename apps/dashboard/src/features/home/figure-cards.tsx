import type { ReactNode } from 'react'
import { Money } from '../../shared/components/values.tsx'
import { kept } from '../../shared/format/kept.ts'
import { formatMoney } from '../../shared/format/money.ts'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { changeOf, successRate, type Sums } from './figures.ts'
import type { Days } from './question.ts'
import { TEXTS } from './texts.ts'

/** Volume, payments, success rate and refunds of a currency, each compared with the period before. */
export function FigureCards(props: { readonly now: Sums; readonly before: Sums; readonly days: Days }): ReactNode {
  const { now, before, days } = props
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const { currency } = now
  const count = new Intl.NumberFormat(localeOf(language))
  const rate = successRate(now)
  const rateBefore = successRate(before)
  return (
    <div className="home-figures">
      <Figure
        title={t('volume')}
        change={changeOf(now.paidAmt, before.paidAmt)}
        good="more"
        days={days}
        was={formatMoney(before.paidAmt, currency, language)}
      >
        <Money amount={now.paidAmt} currency={currency} />
      </Figure>
      <Figure
        title={t('payments')}
        change={changeOf(now.paidCount, before.paidCount)}
        good="more"
        days={days}
        was={count.format(before.paidCount)}
      >
        {count.format(now.paidCount)}
      </Figure>
      <Figure
        title={t('successRate')}
        change={rate === undefined || rateBefore === undefined ? undefined : rate - rateBefore}
        unit="points"
        good="more"
        days={days}
        was={rateBefore === undefined ? undefined : percent(rateBefore, localeOf(language))}
        note={t('failed', { n: now.failedCount })}
      >
        {rate === undefined ? '–' : percent(rate, localeOf(language))}
      </Figure>
      <Figure
        title={t('refunds')}
        change={changeOf(now.refundedAmt, before.refundedAmt)}
        days={days}
        was={formatMoney(before.refundedAmt, currency, language)}
        note={t('refundCount', { n: now.refundCount })}
      >
        <Money amount={now.refundedAmt} currency={currency} />
      </Figure>
    </div>
  )
}

function Figure(props: {
  readonly title: string
  readonly children: ReactNode
  /** Relative, or in points of a percentage; undefined where there is nothing to compare with. */
  readonly change: number | undefined
  readonly unit?: 'points'
  /** Whether more of it is good news; neither where absent. */
  readonly good?: 'more'
  readonly days: Days
  /** The value of the period before. */
  readonly was: string | undefined
  readonly note?: string
}): ReactNode {
  const { title, children, change, unit, good, days, was, note } = props
  const t = useTexts(TEXTS)
  const locale = localeOf(useLanguage())
  const tone = good === undefined || !change ? '' : change > 0 ? 'up' : 'down'
  return (
    <section className="section home-figure" aria-label={title}>
      <h2>{title}</h2>
      <p className="home-figure-value">{children}</p>
      <p className="home-figure-change">
        {change === undefined ? null : (
          <strong className={tone}>
            {unit === 'points' ? t('points', { n: signed(change * 100, locale) }) : signedPercent(change, locale)}
          </strong>
        )}
        <span>{was === undefined ? t(`noneBefore-${days}`) : t(`before-${days}`, { was })}</span>
      </p>
      {note === undefined ? null : <p className="soft small">{note}</p>}
    </section>
  )
}

function percent(value: number, locale: string): string {
  const options = { style: 'percent', maximumFractionDigits: 1 } as const
  return kept(`percent ${locale}`, () => new Intl.NumberFormat(locale, options)).format(value)
}

function signedPercent(value: number, locale: string): string {
  const options = { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' } as const
  return kept(`signed percent ${locale}`, () => new Intl.NumberFormat(locale, options)).format(value)
}

function signed(value: number, locale: string): string {
  const options = { maximumFractionDigits: 1, signDisplay: 'exceptZero' } as const
  return kept(`signed ${locale}`, () => new Intl.NumberFormat(locale, options)).format(value)
}
