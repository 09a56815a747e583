import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Badge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { Page, Section } from '../../shared/components/page.tsx'
import { EmptyState, ErrorState } from '../../shared/components/states.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { ResendRangeDialog } from './resend-range-dialog.tsx'
import { RotateSecret } from './rotate-secret.tsx'
import { NotificationTabs } from './tabs.tsx'
import { ENDPOINT_TEXTS, TEXTS } from './texts.ts'

type Endpoints = Data<'GET /dashboard-api/notification-endpoints'>
type Endpoint = Endpoints['items'][number]
type Secret = Endpoints['secrets'][number]

/** Where notifications go and how that fares, and the secrets that sign them. */
export function EndpointsPage(): ReactNode {
  const t = useTexts(TEXTS)
  const e = useTexts(ENDPOINT_TEXTS)
  const { may } = useSession()
  const [resending, setResending] = useState(false)
  const { data, error, refetch } = useApi('GET /dashboard-api/notification-endpoints', {})
  return (
    <Page
      title={t('endpoints')}
      actions={may('notifications:write') ? <Button onClick={() => setResending(true)}>{e('range')}</Button> : null}
    >
      <NotificationTabs />
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : (
        <>
          <EndpointSection items={data?.items} />
          <SecretSection secrets={data?.secrets} />
        </>
      )}
      {resending ? <ResendRangeDialog onClose={() => setResending(false)} /> : null}
    </Page>
  )
}

function EndpointSection({ items }: { readonly items: readonly Endpoint[] | undefined }): ReactNode {
  const e = useTexts(ENDPOINT_TEXTS)
  const columns = useEndpointColumns()
  return (
    <Section title={e('addresses')} flush>
      {items?.length === 0 ? (
        <EmptyState title={e('noAddress')}>
          <p>{e('noAddressText')}</p>
        </EmptyState>
      ) : (
        <Table
          caption={e('addresses')}
          columns={columns}
          rows={items}
          rowKey={({ notifyUrl }) => notifyUrl}
          skeletonRows={2}
        />
      )}
    </Section>
  )
}

function useEndpointColumns(): readonly Column<Endpoint>[] {
  const t = useTexts(TEXTS)
  const e = useTexts(ENDPOINT_TEXTS)
  return [
    {
      key: 'address',
      title: t('address'),
      lead: true,
      cell: ({ notifyUrl }) => (
        <Link to="/notifications" search={{ endpoint: notifyUrl }} className="row-link">
          {notifyUrl}
        </Link>
      ),
    },
    { key: 'delivered', title: e('delivered'), align: 'end', cell: ({ delivered }) => delivered },
    { key: 'pending', title: e('pending'), align: 'end', cell: ({ pending }) => pending },
    {
      key: 'failed',
      title: e('failed'),
      align: 'end',
      cell: ({ failed }) => (failed > 0 ? <Badge tone="bad">{failed}</Badge> : failed),
    },
    { key: 'last', title: e('last'), align: 'end', cell: ({ lastAt }) => <Time at={lastAt} /> },
  ]
}

function SecretSection({ secrets }: { readonly secrets: readonly Secret[] | undefined }): ReactNode {
  const e = useTexts(ENDPOINT_TEXTS)
  const columns = useSecretColumns()
  const { may } = useSession()
  return (
    <Section title={e('secrets')} actions={may('keys:write') ? <RotateSecret /> : null} flush>
      <p className="soft small">{e('secretsText')}</p>
      {secrets?.length === 0 ? (
        <EmptyState title={e('noSecret')}>
          <p>{e('noSecretText')}</p>
        </EmptyState>
      ) : (
        <Table
          caption={e('secrets')}
          columns={columns}
          rows={secrets}
          rowKey={({ secretId }) => secretId}
          skeletonRows={1}
        />
      )}
    </Section>
  )
}

function useSecretColumns(): readonly Column<Secret>[] {
  const e = useTexts(ENDPOINT_TEXTS)
  const w = useTexts(WORDS)
  return [
    { key: 'id', title: e('secret'), lead: true, cell: ({ secretId }) => <code>{secretId}</code> },
    {
      key: 'status',
      title: w('status'),
      cell: ({ expiresAt }) => (expiresAt === undefined ? <Badge tone="good">{e('current')}</Badge> : '–'),
    },
    { key: 'made', title: e('made'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      key: 'ends',
      title: e('ends'),
      align: 'end',
      cell: ({ expiresAt }) => (expiresAt === undefined ? w('never') : <Time at={expiresAt} />),
    },
  ]
}
