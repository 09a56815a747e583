import { Link } from '@tanstack/react-router'
import { FAILURES } from '@ucanpay/wire/failures'
import type { ReactNode } from 'react'
import type { Data, Input } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Badge } from '../../shared/components/badge.tsx'
import { DayFilter, FilterBar, SearchFilter, SelectFilter } from '../../shared/components/filters.tsx'
import { Page } from '../../shared/components/page.tsx'
import { PagedList } from '../../shared/components/paged-list.tsx'
import type { Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { endOfDay, startOfDay } from '../../shared/format/days.ts'
import { useFilters, type FilterState, type SearchTexts } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { FindRequest } from './find-request.tsx'
import { TEXTS } from './texts.ts'
import './logs.css'

type LogRow = Data<'GET /dashboard-api/logs'>['items'][number]
type Query = NonNullable<Input<'GET /dashboard-api/logs'>['query']>

const FILTERS = ['msg', 'actor', 'from', 'to']
const MSGS = Object.keys(FAILURES)
const PAGE_SIZE = '25'

/** Every request of the merchant's that failed, newest first. */
export function LogListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const page = useApi('GET /dashboard-api/logs', { query: queryOf(state.filters) }, { keepPrevious: true })
  const columns = useColumns()
  return (
    <Page title={t('title')}>
      <FindRequest />
      <LogFilters state={state} />
      <PagedList
        caption={t('title')}
        state={state}
        page={page}
        columns={columns}
        rowKey={({ requestId }) => requestId}
        filters={FILTERS}
        none={{ title: t('none'), text: <p>{t('noneText')}</p> }}
        noneYet={{ title: t('noneYet'), text: <p>{t('noneYetText')}</p> }}
      />
    </Page>
  )
}

function queryOf({ msg, actor, from, to, after }: SearchTexts): Query {
  return {
    limit: PAGE_SIZE,
    startingAfter: after,
    msg: MSGS.find((each) => each === msg),
    actor: actor === undefined ? undefined : cleanId(actor),
    from: startOfDay(from),
    to: endOfDay(to),
  }
}

/** What people paste along with an id is no part of it. */
function cleanId(typed: string): string {
  return typed.replace(/[^0-9A-Za-z_-]/g, '').slice(0, 64)
}

function LogFilters({ state }: { readonly state: FilterState }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  return (
    <FilterBar state={state} names={FILTERS}>
      <SelectFilter
        state={state}
        name="msg"
        label={t('msg')}
        options={MSGS.map((value) => ({ value, label: value }))}
      />
      <SearchFilter state={state} name="actor" label={t('actor')} placeholder={t('actorHint')} clean={cleanId} />
      <DayFilter state={state} name="from" label={w('from')} />
      <DayFilter state={state} name="to" label={w('to')} />
    </FilterBar>
  )
}

function useColumns(): readonly Column<LogRow>[] {
  const t = useTexts(TEXTS)
  return [
    {
      key: 'msg',
      title: t('msg'),
      lead: true,
      cell: ({ requestId, msg }) => (
        <Link to="/logs/$requestId" params={{ requestId }} className="row-link">
          {msg}
        </Link>
      ),
    },
    {
      key: 'answer',
      title: t('answer'),
      cell: ({ status }) => <Badge tone={status >= 500 ? 'bad' : 'wait'}>{status}</Badge>,
    },
    {
      key: 'request',
      title: t('request'),
      cell: ({ method, route }) => (
        <code>
          {method} {route ?? `(${t('unknownRoute')})`}
        </code>
      ),
    },
    { key: 'actor', title: t('actor'), cell: ({ actor }) => (actor === undefined ? '–' : <code>{actor}</code>) },
    { key: 'at', title: t('at'), align: 'end', cell: ({ at }) => <Time at={at} /> },
  ]
}
