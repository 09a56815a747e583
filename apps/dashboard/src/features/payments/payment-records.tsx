import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { Badge, NotificationBadge, RefundBadge } from '../../shared/components/badge.tsx'
import { Section } from '../../shared/components/page.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Money, Time } from '../../shared/components/values.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { Card } from './card.tsx'
import { TEXTS } from './texts.ts'

type Detail = Data<'GET /dashboard-api/payments/{ucpOrderNo}'>
type Rows<Name extends 'attempts' | 'refunds' | 'notifications' | 'entries'> = Detail[Name]

const ATTEMPT_TONES = { pending: 'wait', challenge: 'wait', succeeded: 'good', refused: 'bad' } as const

/** What was asked of the acquirer, and what came of it. */
export function Attempts({
  rows,
  currency,
}: {
  readonly rows: Rows<'attempts'>
  readonly currency: string
}): ReactNode {
  const t = useTexts(TEXTS)
  const columns: readonly Column<Rows<'attempts'>[number]>[] = [
    { key: 'operation', title: t('operation'), lead: true, cell: ({ operation }) => t(operation) },
    {
      key: 'outcome',
      title: t('outcome'),
      beside: true,
      cell: ({ status, reason }) => (
        <span>
          <Badge tone={ATTEMPT_TONES[status]}>{t(status)}</Badge>
          {reason === undefined ? null : <code className="payments-refunded">{reason}</code>}
        </span>
      ),
    },
    { key: 'amount', title: t('amount'), cell: ({ amount }) => <Money amount={amount} currency={currency} /> },
    { key: 'card', title: t('card'), cell: ({ brand, last4 }) => <Card brand={brand} last4={last4} /> },
    { key: 'number', title: t('attempt'), cell: ({ attemptId }) => <code>{attemptId}</code> },
    { key: 'when', title: t('when'), align: 'end', cell: ({ startedAt }) => <Time at={startedAt} /> },
  ]
  return <Records title={t('attempts')} rows={rows} columns={columns} rowKey={({ attemptId }) => attemptId} />
}

/** What went back, or is on its way. */
export function Refunds({ rows }: { readonly rows: Rows<'refunds'> }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const columns: readonly Column<Rows<'refunds'>[number]>[] = [
    {
      key: 'amount',
      title: t('amount'),
      lead: true,
      cell: ({ refundAmt, currency }) => <Money amount={refundAmt} currency={currency} />,
    },
    {
      key: 'status',
      title: w('status'),
      beside: true,
      cell: ({ refundStatus }) => <RefundBadge status={refundStatus} />,
    },
    { key: 'why', title: t('refundWhy'), cell: ({ refundDesc }) => refundDesc },
    { key: 'number', title: t('ourNumber'), cell: ({ ucpRefundNo }) => <code>{ucpRefundNo}</code> },
    { key: 'when', title: t('when'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
  return <Records title={t('refunds')} rows={rows} columns={columns} rowKey={({ ucpRefundNo }) => ucpRefundNo} />
}

/** What the merchant's server was told. */
export function Notifications({ rows }: { readonly rows: Rows<'notifications'> }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const columns: readonly Column<Rows<'notifications'>[number]>[] = [
    {
      key: 'number',
      title: t('ourNumber'),
      lead: true,
      cell: ({ notificationId }) => (
        <Link to={`/notifications/${notificationId}`} className="row-link">
          <code>{notificationId}</code>
        </Link>
      ),
    },
    { key: 'status', title: w('status'), beside: true, cell: ({ status }) => <NotificationBadge status={status} /> },
    { key: 'address', title: t('address'), cell: ({ notifyUrl }) => <code>{notifyUrl}</code> },
    { key: 'tries', title: t('tries'), align: 'end', cell: ({ attempts }) => attempts },
    { key: 'when', title: t('when'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
  return (
    <Records title={t('notifications')} rows={rows} columns={columns} rowKey={({ notificationId }) => notificationId} />
  )
}

/** The payment's ledger entries: each posting's sum is zero. */
export function LedgerEntries({
  rows,
  currency,
}: {
  readonly rows: Rows<'entries'>
  readonly currency: string
}): ReactNode {
  const t = useTexts(TEXTS)
  const columns: readonly Column<Rows<'entries'>[number]>[] = [
    { key: 'account', title: t('account'), lead: true, cell: ({ account }) => account },
    {
      key: 'amount',
      title: t('amount'),
      align: 'end',
      beside: true,
      cell: ({ amount }) => <Money amount={amount} currency={currency} />,
    },
    { key: 'posting', title: t('posting'), cell: ({ kind, ref }) => `${kind} · ${ref}` },
    { key: 'when', title: t('when'), align: 'end', cell: ({ at }) => <Time at={at} /> },
  ]
  return (
    <Records
      title={t('ledger')}
      rows={rows}
      columns={columns}
      rowKey={({ postingId, account }) => `${postingId} ${account}`}
    />
  )
}

function Records<Row>(props: {
  readonly title: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
}): ReactNode {
  const { title, rows, columns, rowKey } = props
  const t = useTexts(TEXTS)
  return (
    <Section title={title} flush>
      {rows.length === 0 ? (
        <p className="soft">{t('nothing')}</p>
      ) : (
        <Table caption={title} columns={columns} rows={rows} rowKey={rowKey} />
      )}
    </Section>
  )
}
