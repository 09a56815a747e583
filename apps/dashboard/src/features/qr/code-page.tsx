import { Link, useParams } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useAction, useApi } from '../../shared/api/queries.ts'
import { TradeBadge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { Pager } from '../../shared/components/pager.tsx'
import { QrCode, QrDownloads } from '../../shared/components/qr-code.tsx'
import { ErrorState, FailureNote, Skeleton } from '../../shared/components/states.tsx'
import { Table } from '../../shared/components/table.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { Code as CodeText, Money, Time } from '../../shared/components/values.tsx'
import { useFilters } from '../../shared/search-params.ts'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { RenameCodeDialog, type Code } from './code-dialogs.tsx'
import { CodeBadge, useAmountText } from './code-list-page.tsx'
import { CODE_TEXTS, TEXTS } from './texts.ts'
import './qr.css'

const PAGE_SIZE = '10'

/** One code: to print, to switch off, and what was paid by it. */
export function CodePage(): ReactNode {
  const c = useTexts(CODE_TEXTS)
  const { codeId = '' }: { codeId?: string } = useParams({ strict: false })
  const { may } = useSession()
  const { data, error, refetch } = useApi('GET /dashboard-api/static-codes/{codeId}', { params: { codeId } })
  return (
    <Page
      title={data?.name ?? c('title')}
      above={<Link to="/qr/codes">← {c('title')}</Link>}
      beside={data ? <CodeBadge enabled={data.enabled} /> : null}
      actions={data && may('payments:write') ? <CodeActions code={data} /> : null}
    >
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <PrintedCode code={data} />
          <CodeFacts code={data} />
          <CodePayments code={data} />
        </>
      ) : (
        <div className="section">
          <Skeleton lines={8} />
        </div>
      )}
    </Page>
  )
}

function CodeActions({ code }: { readonly code: Code }): ReactNode {
  const c = useTexts(CODE_TEXTS)
  const [renaming, setRenaming] = useState(false)
  const { run, busy, failure } = useAction('PUT /dashboard-api/static-codes/{codeId}')
  const turn = async (): Promise<void> => {
    const done = await run({ params: { codeId: code.codeId }, body: { enabled: !code.enabled } })
    if (done) notify(c(done.enabled ? 'switchedOn' : 'switchedOff'))
  }
  return (
    <>
      <Button onClick={() => setRenaming(true)}>{c('rename')}</Button>
      <Button tone={code.enabled ? 'danger' : 'primary'} busy={busy} onClick={() => void turn()}>
        {c(code.enabled ? 'switchOff' : 'switchOn')}
      </Button>
      {failure ? <FailureNote failure={failure} /> : null}
      {renaming ? <RenameCodeDialog code={code} onClose={() => setRenaming(false)} /> : null}
    </>
  )
}

function PrintedCode({ code }: { readonly code: Code }): ReactNode {
  const t = useTexts(TEXTS)
  const c = useTexts(CODE_TEXTS)
  const amountText = useAmountText()
  const { codeUrl, subject, codeId, minAmt, maxAmt } = code
  const lines = [subject, ...(minAmt === maxAmt ? [amountText(code)] : []), c('scan')]
  return (
    <Section title={c('print')}>
      <div className="qr-order qr-printed">
        <p className="qr-price">{subject}</p>
        <QrCode text={codeUrl} label={c('code', { subject })} />
        <p>{c('scan')}</p>
        <QrDownloads text={codeUrl} name={`code-${codeId}`} lines={lines} />
        <p className="qr-link small no-print">
          <CodeText text={codeUrl} what={t('link')} />
        </p>
      </div>
    </Section>
  )
}

function CodeFacts({ code }: { readonly code: Code }): ReactNode {
  const t = useTexts(TEXTS)
  const c = useTexts(CODE_TEXTS)
  const w = useTexts(WORDS)
  const amountText = useAmountText()
  const { lastUsedAt } = code
  return (
    <div className="no-print">
      <Section title={c('facts')}>
        <Facts
          facts={[
            [t('subject'), code.subject],
            [c('amount'), amountText(code)],
            [t('notifyUrl'), <span key="url">{code.notifyUrl}</span>],
            [c('createdAt'), <Time key="made" at={code.createdAt} detail="full" />],
            [c('lastUsed'), lastUsedAt === undefined ? w('never') : <Time key="used" at={lastUsedAt} detail="full" />],
          ]}
        />
      </Section>
    </div>
  )
}

function CodePayments({ code: { codeId } }: { readonly code: Code }): ReactNode {
  const c = useTexts(CODE_TEXTS)
  const w = useTexts(WORDS)
  const { filters, goAfter } = useFilters()
  const { after } = filters
  const { data, error, isPlaceholderData, refetch } = useApi(
    'GET /dashboard-api/payments',
    { query: { limit: PAGE_SIZE, codeId, startingAfter: after } },
    { keepPrevious: true },
  )
  return (
    <div className="no-print">
      <Section title={c('payments')} flush>
        {error ? (
          <ErrorState failure={error} onRetry={() => void refetch()} />
        ) : data?.items.length === 0 ? (
          <p className="soft qr-none">{c('noPayment')}</p>
        ) : (
          <Table
            caption={c('payments')}
            columns={[
              {
                key: 'amount',
                title: c('amount'),
                lead: true,
                cell: ({ ucpOrderNo, totalAmt, currency }) => (
                  <Link to="/payments/$ucpOrderNo" params={{ ucpOrderNo }} className="row-link">
                    <Money amount={totalAmt} currency={currency} />
                  </Link>
                ),
              },
              {
                key: 'status',
                title: w('status'),
                beside: true,
                cell: ({ tradeStatus }) => <TradeBadge status={tradeStatus} />,
              },
              { key: 'placed', title: c('placed'), align: 'end', cell: ({ tranTime }) => <Time at={tranTime} /> },
            ]}
            rows={data?.items}
            rowKey={({ ucpOrderNo }) => ucpOrderNo}
            stale={isPlaceholderData}
            skeletonRows={3}
          />
        )}
      </Section>
      {data && data.items.length > 0 ? (
        <p>
          <Link to="/payments" search={{ codeId }}>
            {c('allPayments')}
          </Link>
        </p>
      ) : null}
      <Pager after={after} last={data?.items.at(-1)?.ucpOrderNo} hasMore={data?.hasMore ?? false} onGo={goAfter} />
    </div>
  )
}
