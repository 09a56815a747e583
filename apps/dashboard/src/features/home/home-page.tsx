import type { ReactNode } from 'react'
import { useApi } from '../../shared/api/queries.ts'
import { SelectField } from '../../shared/components/field.tsx'
import { Page, Section } from '../../shared/components/page.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { useFilters } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { Alerts } from './alerts.tsx'
import { ByCurrency } from './by-currency.tsx'
import { ChartSection } from './chart-section.tsx'
import { FigureCards } from './figure-cards.tsx'
import { currenciesOf, stepsOf, sumsOf, type HomeData } from './figures.ts'
import { FirstPayment } from './first-payment.tsx'
import { Balances, Declines } from './lists.tsx'
import { Practices } from './practices.tsx'
import { daysOf, PERIODS, queryOf, type Days } from './question.ts'
import { TEXTS } from './texts.ts'
import './home.css'

const LOOK_AGAIN_MS = 60_000

/** The first page: how the day goes, or the last 7 or 30, and how safely everything is run. */
export function HomePage(): ReactNode {
  const t = useTexts(TEXTS)
  const { filters, setFilters } = useFilters()
  const days = daysOf(filters)
  const { data, error, isPlaceholderData, refetch } = useApi(
    'GET /dashboard-api/home',
    { query: queryOf(filters) },
    { keepPrevious: true, refetchInterval: LOOK_AGAIN_MS },
  )
  return (
    <Page
      title={t('title')}
      actions={<PeriodChoice days={days} onDays={(chosen) => setFilters({ days: chosen === '1' ? '' : chosen })} />}
    >
      {data ? (
        <Loaded
          data={data}
          days={days}
          stale={isPlaceholderData}
          wanted={filters['currency']}
          onCurrency={(currency) => setFilters({ currency })}
        />
      ) : error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : (
        <Waiting />
      )}
    </Page>
  )
}

function PeriodChoice(props: { readonly days: Days; readonly onDays: (days: Days) => void }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <div className="home-periods" role="group" aria-label={t('period')}>
      {PERIODS.map((each) => (
        <button
          key={each}
          type="button"
          className="button small"
          aria-pressed={props.days === each}
          onClick={() => props.onDays(each)}
        >
          {t(`period-${each}`)}
        </button>
      ))}
    </div>
  )
}

function Loaded(props: {
  readonly data: HomeData
  readonly days: Days
  readonly stale: boolean
  /** The currency that the address names. */
  readonly wanted: string | undefined
  readonly onCurrency: (currency: string) => void
}): ReactNode {
  const { data, days, stale, wanted, onCurrency } = props
  const quiet = data.now.length === 0 && data.before.length === 0
  // Nothing in two periods may mean that nothing ever happened; only then it is asked for.
  const any = useApi('GET /dashboard-api/payments', { query: { limit: '1' } }, { enabled: quiet })
  const currencies = currenciesOf(data)
  const currency = currencies.find((each) => each === wanted) ?? currencies[0]
  const steps = currency === undefined ? [] : stepsOf(data.series, currency)
  return (
    <div className={stale ? 'home stale' : 'home'} aria-busy={stale}>
      <Alerts alerts={data.alerts} />
      {quiet && any.data?.items.length === 0 ? (
        <FirstPayment />
      ) : currency === undefined ? (
        <Quiet />
      ) : (
        <>
          <CurrencyChoice currencies={currencies} currency={currency} onCurrency={onCurrency} />
          <FigureCards now={sumsOf(data.now, currency)} before={sumsOf(data.before, currency)} days={days} />
          <ChartSection steps={steps} currency={currency} days={days} />
          <div className="columns">
            <Declines declines={data.declines} />
            <Balances balances={data.balances} />
          </div>
          {data.now.length > 1 ? <ByCurrency now={data.now} /> : null}
        </>
      )}
      <Practices practices={data.practices} />
    </div>
  )
}

function CurrencyChoice(props: {
  readonly currencies: readonly string[]
  readonly currency: string
  readonly onCurrency: (currency: string) => void
}): ReactNode {
  const w = useTexts(WORDS)
  if (props.currencies.length < 2) return null
  return (
    <div className="home-currency">
      <SelectField
        label={w('currency')}
        value={props.currency}
        onValue={props.onCurrency}
        options={props.currencies.map((value) => ({ value, label: value }))}
      />
    </div>
  )
}

/** There were payments once, but neither in this period nor in the one before. */
function Quiet(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Section title={t('quiet')}>
      <p className="soft">{t('quietText')}</p>
    </Section>
  )
}

function Waiting(): ReactNode {
  return (
    <div className="home">
      <div className="home-figures">
        {Array.from({ length: 4 }, (_card, index) => (
          <div key={index} className="section">
            <Skeleton />
          </div>
        ))}
      </div>
      <div className="section home-waiting-chart">
        <Skeleton lines={1} />
      </div>
      <div className="section">
        <Skeleton lines={8} />
      </div>
    </div>
  )
}
