import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Data, Input } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { NotificationBadge, STATUS_TEXTS } from '../../shared/components/badge.tsx'
import { DayFilter, FilterBar, SelectFilter } from '../../shared/components/filters.tsx'
import { Page } from '../../shared/components/page.tsx'
import { PagedList } from '../../shared/components/paged-list.tsx'
import type { Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { endOfDay, startOfDay } from '../../shared/format/days.ts'
import { useFilters, type FilterState, type SearchTexts } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { NotificationTabs } from './tabs.tsx'
import { TEXTS } from './texts.ts'

type NotificationRow = Data<'GET /dashboard-api/notifications'>['items'][number]
type Query = NonNullable<Input<'GET /dashboard-api/notifications'>['query']>

const FILTERS = ['status', 'endpoint', 'from', 'to']
const STATUSES = ['pending', 'delivered', 'failed'] as const
const PAGE_SIZE = '25'

/** What the merchant's servers were told, newest first. */
export function NotificationListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const page = useApi('GET /dashboard-api/notifications', { query: queryOf(state.filters) }, { keepPrevious: true })
  const columns = useColumns()
  return (
    <Page title={t('title')}>
      <NotificationTabs />
      <NotificationFilters state={state} />
      <PagedList
        caption={t('title')}
        state={state}
        page={page}
        columns={columns}
        rowKey={({ notificationId }) => notificationId}
        filters={FILTERS}
        none={{ title: t('none'), text: <p>{t('noneText')}</p> }}
        noneYet={{ title: t('noneYet'), text: <p>{t('noneYetText')}</p> }}
      />
    </Page>
  )
}

function queryOf({ status, endpoint, from, to, after }: SearchTexts): Query {
  return {
    limit: PAGE_SIZE,
    startingAfter: after,
    status: STATUSES.find((each) => each === status),
    notifyUrl: endpoint?.slice(0, 256),
    from: startOfDay(from),
    to: endOfDay(to),
  }
}

function NotificationFilters({ state }: { readonly state: FilterState }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const s = useTexts(STATUS_TEXTS)
  const { data } = useApi('GET /dashboard-api/notification-endpoints', {})
  const chosen = state.filters['endpoint']
  // An address that was told nothing lately can still stand in a bookmark.
  const addresses = new Set([...(data?.items ?? []).map(({ notifyUrl }) => notifyUrl), ...(chosen ? [chosen] : [])])
  return (
    <FilterBar state={state} names={FILTERS}>
      <SelectFilter
        state={state}
        name="status"
        label={w('status')}
        options={STATUSES.map((value) => ({ value, label: s(value) }))}
      />
      <SelectFilter
        state={state}
        name="endpoint"
        label={t('address')}
        options={[...addresses].map((value) => ({ value, label: value }))}
      />
      <DayFilter state={state} name="from" label={w('from')} />
      <DayFilter state={state} name="to" label={w('to')} />
    </FilterBar>
  )
}

function useColumns(): readonly Column<NotificationRow>[] {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  return [
    {
      key: 'kind',
      title: t('kind'),
      lead: true,
      cell: ({ notificationId, kind }) => (
        <Link to="/notifications/$notificationId" params={{ notificationId }} className="row-link">
          {t(kind)}
        </Link>
      ),
    },
    { key: 'status', title: w('status'), cell: ({ status }) => <NotificationBadge status={status} /> },
    {
      key: 'address',
      title: t('address'),
      cell: ({ notifyUrl }) => <span className="notification-url">{notifyUrl}</span>,
    },
    { key: 'attempts', title: t('attempts'), align: 'end', cell: ({ attempts }) => attempts },
    {
      key: 'next',
      title: t('nextTry'),
      align: 'end',
      cell: ({ nextAttemptAt }) => (nextAttemptAt === undefined ? '–' : <Time at={nextAttemptAt} />),
    },
    { key: 'made', title: t('made'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
}
