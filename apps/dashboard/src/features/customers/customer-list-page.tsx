import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { Page } from '../../shared/components/page.tsx'
import { PagedList } from '../../shared/components/paged-list.tsx'
import { EmptyState } from '../../shared/components/states.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useFilters } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { CustomerSearch } from './customer-search.tsx'
import { TEXTS } from './texts.ts'
import './customers.css'

type CustomerRow = Data<'GET /dashboard-api/customers'>['items'][number]

const PAGE_SIZE = '25'

/** Every customer, masked; one is found by the whole e-mail address. */
export function CustomerListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const [found, setFound] = useState<readonly CustomerRow[]>()
  return (
    <Page title={t('title')}>
      <p className="soft">{t('masked')}</p>
      <CustomerSearch onFound={setFound} />
      {found ? <Found rows={found} onAll={() => setFound(undefined)} /> : <All />}
    </Page>
  )
}

function All(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const columns = useColumns()
  const page = useApi(
    'GET /dashboard-api/customers',
    { query: { limit: PAGE_SIZE, startingAfter: state.filters['after'] } },
    { keepPrevious: true },
  )
  const none = { title: t('none'), text: t('noneText') }
  return (
    <PagedList
      caption={t('title')}
      state={state}
      page={page}
      columns={columns}
      rowKey={({ userId }) => userId}
      filters={[]}
      none={none}
      noneYet={none}
    />
  )
}

function Found({ rows, onAll }: { readonly rows: readonly CustomerRow[]; readonly onAll: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const columns = useColumns()
  return (
    <>
      <p className="customers-found" role="status">
        {t('found', { n: rows.length })}
        <Button tone="quiet" small onClick={onAll}>
          {t('allAgain')}
        </Button>
      </p>
      {rows.length === 0 ? (
        <EmptyState title={t('noneFound')}>{t('noneFoundText')}</EmptyState>
      ) : (
        <div className="list">
          <Table caption={t('title')} columns={columns} rows={rows} rowKey={({ userId }) => userId} />
        </div>
      )}
    </>
  )
}

function useColumns(): readonly Column<CustomerRow>[] {
  const t = useTexts(TEXTS)
  return [
    {
      key: 'email',
      title: t('email'),
      lead: true,
      cell: ({ userId, emailMasked }) => (
        <Link to="/customers/$userId" params={{ userId }} className="row-link">
          {emailMasked ?? <code>{userId}</code>}
        </Link>
      ),
    },
    { key: 'name', title: t('name'), cell: ({ nameMasked }) => nameMasked ?? '–' },
    {
      key: 'reference',
      title: t('reference'),
      cell: ({ reference }) => (reference === undefined ? '–' : <code>{reference}</code>),
    },
    { key: 'made', title: t('made'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
}
