import type { ReactNode } from 'react'
import { downloadUrl } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { SelectField, TextField } from '../../shared/components/field.tsx'
import { Page, Section } from '../../shared/components/page.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { viewersZone } from '../../shared/format/days.ts'
import { useNow } from '../../shared/now.ts'
import { useFilters, type FilterState, type SearchTexts } from '../../shared/search-params.ts'
import { useSession } from '../../shared/session/session-context.ts'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { dayIn, daysOf, knownZones, periodOf, PRESETS, type Days, type Period, type Preset } from './period.ts'
import { DayTable, SumsTable } from './summary-tables.tsx'
import { TEXTS } from './texts.ts'
import './reports.css'

const KINDS = ['payments', 'refunds', 'ledger', 'summary'] as const

/** What is chosen, as the address holds it. */
interface Choice {
  readonly preset: Preset
  readonly zone: string
  readonly days: Days
  /** Undefined where the days are none. */
  readonly period: Period | undefined
}

/** Sums of a period, to be looked at, printed, and downloaded row by row. */
export function ReportPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const choice = choiceOf(state.filters, useNow())
  return (
    <Page
      title={t('title')}
      actions={
        choice.period ? (
          <Button className="no-print" onClick={() => print()}>
            {t('print')}
          </Button>
        ) : null
      }
    >
      <PeriodBar state={state} choice={choice} />
      {choice.period ? <Report period={choice.period} choice={choice} /> : null}
    </Page>
  )
}

function choiceOf({ period, from = '', to = '', zone }: SearchTexts, now: number): Choice {
  const preset = PRESETS.find((each) => each === period) ?? 'month'
  const known = knownZones().find((each) => each === zone) ?? viewersZone()
  const days = preset === 'custom' ? { first: from, last: to } : daysOf(preset, dayIn(known, now))
  return { preset, zone: known, days, period: periodOf(days, known) }
}

function PeriodBar({ state, choice }: { readonly state: FilterState; readonly choice: Choice }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const { preset, zone, days } = choice
  const choose = (value: string): void => {
    // Days of one's choice begin with those that are looked at.
    const own = value === 'custom' ? { from: days.first, to: days.last } : { from: '', to: '' }
    state.setFilters({ period: value, ...own })
  }
  return (
    <div className="filters no-print">
      <SelectField
        label={t('period')}
        value={preset}
        onValue={choose}
        options={PRESETS.map((value) => ({ value, label: t(value) }))}
      />
      {preset === 'custom' ? (
        <>
          <TextField type="date" label={w('from')} value={days.first} onValue={(from) => state.setFilters({ from })} />
          <TextField
            type="date"
            label={w('to')}
            value={days.last}
            onValue={(to) => state.setFilters({ to })}
            error={choice.period ? undefined : t('badPeriod')}
          />
        </>
      ) : null}
      <SelectField
        label={t('zone')}
        value={zone}
        onValue={(value) => state.setFilters({ zone: value })}
        options={[...new Set([viewersZone(), 'UTC', ...knownZones()])].map((value) => ({
          value,
          label: value.replaceAll('_', ' '),
        }))}
      />
    </div>
  )
}

function Report({ period, choice }: { readonly period: Period; readonly choice: Choice }): ReactNode {
  const t = useTexts(TEXTS)
  const { mode } = useSession()
  const query = { ...period, zone: choice.zone }
  const { data, error, refetch } = useApi('GET /dashboard-api/report-summary', { query })
  const heading = useHeading(choice)
  if (error) return <ErrorState failure={error} onRetry={() => void refetch()} />
  return (
    <>
      <div className="report-head">
        <p className="report-merchant">{data?.merchantName}</p>
        <p>{heading}</p>
        {mode === 'test' ? <p>{t('testMode')}</p> : null}
      </div>
      {data === undefined ? (
        <Skeleton lines={8} />
      ) : data.rows.length === 0 ? (
        <EmptyState title={t('none')}>
          <p>{t('noneText')}</p>
        </EmptyState>
      ) : (
        <>
          <Section title={t('sums')} flush>
            <SumsTable rows={data.rows} />
          </Section>
          <Section title={t('days')} flush>
            <DayTable rows={data.rows} />
          </Section>
        </>
      )}
      <Downloads query={query} />
    </>
  )
}

/** The period in words: `1 Nov 2026 to 24 Nov 2026, America/Toronto`. */
function useHeading({ days, zone }: Choice): string {
  const t = useTexts(TEXTS)
  const format = new Intl.DateTimeFormat(localeOf(useLanguage()), { dateStyle: 'medium', timeZone: 'UTC' })
  const inWords = (day: string): string => format.format(Date.parse(`${day}T00:00:00Z`))
  return t('heading', { from: inWords(days.first), to: inWords(days.last), zone: zone.replaceAll('_', ' ') })
}

function Downloads({ query }: { readonly query: Period & { readonly zone: string } }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <div className="no-print">
      <Section title={t('downloads')}>
        <p className="soft small">{t('downloadsText')}</p>
        <ul className="report-downloads">
          {KINDS.map((kind) => (
            <li key={kind}>
              <a className="button" href={downloadUrl(`/dashboard-api/reports/${kind}`, { ...query })} download>
                {t(`csv-${kind}`)}
              </a>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}
