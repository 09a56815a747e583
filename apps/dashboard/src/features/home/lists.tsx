import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Section } from '../../shared/components/page.tsx'
import { Money } from '../../shared/components/values.tsx'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import type { HomeData } from './figures.ts'
import { TEXTS } from './texts.ts'

const REASONS = {
  declined: 'reason-declined',
  insufficient_funds: 'reason-insufficient_funds',
  processor_error: 'reason-processor_error',
  challenge_failed: 'reason-challenge_failed',
  not_received: 'reason-not_received',
} as const

/** Why payments were refused, the most frequent reason first, each with its share as a bar. */
export function Declines({ declines }: { readonly declines: HomeData['declines'] }): ReactNode {
  const t = useTexts(TEXTS)
  const count = new Intl.NumberFormat(localeOf(useLanguage()))
  const most = Math.max(...declines.map((each) => each.count), 1)
  return (
    <Section
      title={t('declines')}
      actions={
        <Link to="/payments" search={{ status: 'PAYERROR' }} className="small">
          {t('failedPayments')}
        </Link>
      }
    >
      {declines.length === 0 ? <p className="soft">{t('noDeclines')}</p> : null}
      <ul className="home-declines">
        {declines.map(({ reason, count: times }) => (
          <li key={reason}>
            <span>{reason in REASONS ? t(REASONS[reason as keyof typeof REASONS]) : <code>{reason}</code>}</span>
            <span className="money">{count.format(times)}</span>
            <span className="home-bar" style={{ inlineSize: `${(100 * times) / most}%` }} aria-hidden="true" />
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What is owed to the merchant, by currency. */
export function Balances({ balances }: { readonly balances: HomeData['balances'] }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Section title={t('balances')}>
      {balances.length === 0 ? <p className="soft">{t('noBalances')}</p> : null}
      <dl className="home-balances">
        {balances.map(({ currency, amount }) => (
          <div key={currency}>
            <dt>{currency}</dt>
            <dd>
              <Money amount={amount} currency={currency} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="soft small">{t('balancesText')}</p>
    </Section>
  )
}
