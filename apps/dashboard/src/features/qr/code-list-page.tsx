import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useApi } from '../../shared/api/queries.ts'
import { Badge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { Page } from '../../shared/components/page.tsx'
import { Pager } from '../../shared/components/pager.tsx'
import { EmptyState, ErrorState } from '../../shared/components/states.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { formatMoney } from '../../shared/format/money.ts'
import { useFilters } from '../../shared/search-params.ts'
import { useSession } from '../../shared/session/session-context.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { MakeCodeDialog, type Code } from './code-dialogs.tsx'
import { QrTabs } from './tabs.tsx'
import { CODE_TEXTS } from './texts.ts'
import { useDefaults } from './use-defaults.ts'
import './qr.css'

const PAGE_SIZE = '25'

/** The codes that are printed, newest first, and how to make one. */
export function CodeListPage(): ReactNode {
  const c = useTexts(CODE_TEXTS)
  const { may } = useSession()
  const navigate = useNavigate()
  const { filters, goAfter } = useFilters()
  const { after } = filters
  const [making, setMaking] = useState(false)
  const defaults = useDefaults()
  const { data, error, isPlaceholderData, refetch } = useApi(
    'GET /dashboard-api/static-codes',
    { query: { limit: PAGE_SIZE, startingAfter: after } },
    { keepPrevious: true },
  )
  const columns = useColumns()
  const make = may('payments:write') ? (
    <Button tone="primary" onClick={() => setMaking(true)}>
      {c('make')}
    </Button>
  ) : null
  return (
    <Page title={c('title')} actions={make}>
      <QrTabs />
      <p className="soft">{c('lead')}</p>
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : data?.items.length === 0 ? (
        <EmptyState title={c('none')}>
          <p>{c('noneText')}</p>
        </EmptyState>
      ) : (
        <div className="list">
          <Table
            caption={c('title')}
            columns={columns}
            rows={data?.items}
            rowKey={({ codeId }) => codeId}
            stale={isPlaceholderData}
            skeletonRows={4}
          />
        </div>
      )}
      <Pager after={after} last={data?.items.at(-1)?.codeId} hasMore={data?.hasMore ?? false} onGo={goAfter} />
      {making && defaults ? (
        <MakeCodeDialog
          defaults={defaults}
          onClose={() => setMaking(false)}
          onMade={(codeId) => void navigate({ to: '/qr/codes/$codeId', params: { codeId } })}
        />
      ) : null}
    </Page>
  )
}

/** What a buyer may pay by a code, in a few words. */
export function useAmountText(): (code: Pick<Code, 'minAmt' | 'maxAmt' | 'currency'>) => string {
  const c = useTexts(CODE_TEXTS)
  const language = useLanguage()
  return ({ minAmt, maxAmt, currency }) => {
    const [min, max] = [formatMoney(minAmt, currency, language), formatMoney(maxAmt, currency, language)]
    return minAmt === maxAmt ? min : c('range', { min, max })
  }
}

/** Whether a code takes orders. */
export function CodeBadge({ enabled }: { readonly enabled: boolean }): ReactNode {
  const c = useTexts(CODE_TEXTS)
  return <Badge tone={enabled ? 'good' : 'off'}>{c(enabled ? 'on' : 'off')}</Badge>
}

function useColumns(): readonly Column<Code>[] {
  const c = useTexts(CODE_TEXTS)
  const w = useTexts(WORDS)
  const amountText = useAmountText()
  return [
    {
      key: 'name',
      title: c('name'),
      lead: true,
      cell: ({ codeId, name }) => (
        <Link to="/qr/codes/$codeId" params={{ codeId }} className="row-link">
          {name}
        </Link>
      ),
    },
    { key: 'status', title: w('status'), beside: true, cell: ({ enabled }) => <CodeBadge enabled={enabled} /> },
    { key: 'amount', title: c('amount'), cell: (code) => amountText(code) },
    {
      key: 'used',
      title: c('lastUsed'),
      align: 'end',
      cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? w('never') : <Time at={lastUsedAt} />),
    },
    { key: 'made', title: c('createdAt'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
}
