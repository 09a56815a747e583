import { useState, type ReactNode } from 'react'
import { downloadUrl, type Data, type Input } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { Page } from '../../shared/components/page.tsx'
import { Pager } from '../../shared/components/pager.tsx'
import { EmptyState, ErrorState } from '../../shared/components/states.tsx'
import { Table } from '../../shared/components/table.tsx'
import { endOfDay, startOfDay } from '../../shared/format/time.ts'
import { useFilters, type SearchTexts } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { useAuditColumns } from './audit-columns.tsx'
import { ACTIONS, AuditFilters, cleanId, FILTERS } from './audit-filters.tsx'
import { TEXTS } from './texts.ts'
import { VerifyDialog } from './verify-dialog.tsx'
import './audit-log.css'

type AuditRow = Data<'GET /dashboard-api/audit-log'>['items'][number]
type Query = NonNullable<Input<'GET /dashboard-api/audit-log'>['query']>

const PAGE_SIZE = '25'

/** Who did what, when and from where; and whether the log is as it was written. */
export function AuditListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const [verifying, setVerifying] = useState(false)
  const { data, error, isPlaceholderData, refetch } = useApi(
    'GET /dashboard-api/audit-log',
    { query: queryOf(state.filters) },
    { keepPrevious: true },
  )
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <a className="button" href={downloadUrl('/dashboard-api/audit-log/export', {})} download>
            {t('export')}
          </a>
          <Button onClick={() => setVerifying(true)}>{t('verify')}</Button>
        </>
      }
    >
      <AuditFilters state={state} />
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : (
        <AuditTable
          rows={data?.items}
          stale={isPlaceholderData}
          filtered={FILTERS.some((name) => state.filters[name] !== undefined)}
        />
      )}
      <Pager
        after={state.filters['after']}
        last={data?.items.at(-1)?.auditId}
        hasMore={data?.hasMore ?? false}
        onGo={state.goAfter}
      />
      {verifying ? <VerifyDialog onClose={() => setVerifying(false)} /> : null}
    </Page>
  )
}

function queryOf({ actor, action, target, from, to, after }: SearchTexts): Query {
  return {
    limit: PAGE_SIZE,
    startingAfter: after,
    actor: actor === undefined ? undefined : cleanId(actor),
    action: ACTIONS.find((each) => each === action),
    target: target === undefined ? undefined : cleanId(target),
    from: startOfDay(from),
    to: endOfDay(to),
  }
}

function AuditTable(props: {
  readonly rows: readonly AuditRow[] | undefined
  readonly stale: boolean
  readonly filtered: boolean
}): ReactNode {
  const { rows, stale, filtered } = props
  const t = useTexts(TEXTS)
  const columns = useAuditColumns()
  if (rows?.length === 0)
    return (
      <EmptyState title={t(filtered ? 'none' : 'noneYet')}>
        <p>{t(filtered ? 'noneText' : 'noneYetText')}</p>
      </EmptyState>
    )
  return (
    <div className="list">
      <Table caption={t('title')} columns={columns} rows={rows} rowKey={({ auditId }) => auditId} stale={stale} />
    </div>
  )
}
