import { Link, useParams } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction, useApi } from '../../shared/api/queries.ts'
import { NotificationBadge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { CopyButton } from '../../shared/components/copy-button.tsx'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { EmptyState, ErrorState, FailureNote, Skeleton } from '../../shared/components/states.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { Code, Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { OUTCOME_TEXTS, TEXTS } from './texts.ts'
import './notifications.css'

type Detail = Data<'GET /dashboard-api/notifications/{notificationId}'>
type Attempt = Detail['attempts'][number]

/** How often a notification that is still on its way is looked at. */
const LOOK_MS = 4_000

/** One notification: what it says, and every attempt to deliver it. */
export function NotificationPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { notificationId = '' }: { notificationId?: string } = useParams({ strict: false })
  const [onItsWay, setOnItsWay] = useState(false)
  const { data, error, refetch } = useApi(
    'GET /dashboard-api/notifications/{notificationId}',
    { params: { notificationId } },
    onItsWay ? { refetchInterval: LOOK_MS } : {},
  )
  const pending = data?.notification.status === 'pending'
  if (data && pending !== onItsWay) setOnItsWay(pending)
  return (
    <Page
      title={t('one')}
      above={<Link to="/notifications">← {t('back')}</Link>}
      beside={data ? <NotificationBadge status={data.notification.status} /> : null}
      actions={data ? <SendAgain notificationId={notificationId} /> : null}
    >
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Told detail={data} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  )
}

function SendAgain({ notificationId }: { readonly notificationId: string }): ReactNode {
  const t = useTexts(TEXTS)
  const { may } = useSession()
  const { run, busy, failure } = useAction('POST /dashboard-api/notifications/resend')
  if (!may('notifications:write')) return null
  const send = async (): Promise<void> => {
    if (await run({ body: { notificationId } })) notify(t('sentAgain'))
  }
  return (
    <>
      <Button busy={busy} onClick={() => void send()}>
        {t('sendAgain')}
      </Button>
      {failure ? <FailureNote failure={failure} /> : null}
    </>
  )
}

function Told({ detail: { notification, data, attempts } }: { readonly detail: Detail }): ReactNode {
  const t = useTexts(TEXTS)
  const { notificationId, kind, notifyUrl, ucpOrderNo, createdAt, nextAttemptAt } = notification
  const columns = useColumns()
  const json = JSON.stringify(data, null, 2)
  return (
    <>
      <Section title={t(kind)}>
        <Facts
          facts={[
            [t('id'), <Code text={notificationId} what={t('id')} />],
            [t('address'), notifyUrl],
            [
              t('order'),
              ucpOrderNo === undefined ? undefined : (
                <Link to="/payments/$ucpOrderNo" params={{ ucpOrderNo }}>
                  <code>{ucpOrderNo}</code>
                </Link>
              ),
            ],
            [t('made'), <Time at={createdAt} detail="full" />],
            [t('nextTry'), nextAttemptAt === undefined ? undefined : <Time at={nextAttemptAt} detail="full" />],
          ]}
        />
      </Section>
      <Section title={t('attempts')} flush>
        {attempts.length === 0 ? (
          <EmptyState title={t('noAttempts')}>{t('noAttemptsText')}</EmptyState>
        ) : (
          <Table
            caption={t('attempts')}
            columns={columns}
            rows={attempts}
            rowKey={({ attemptNo }) => String(attemptNo)}
          />
        )}
      </Section>
      <Section title={t('data')} actions={<CopyButton text={json} what={t('data')} />}>
        <p className="soft small">{t('dataText')}</p>
        <pre className="notification-data" tabIndex={0} aria-label={t('data')}>
          {json}
        </pre>
      </Section>
    </>
  )
}

function useColumns(): readonly Column<Attempt>[] {
  const t = useTexts(TEXTS)
  return [
    { key: 'no', title: t('number'), cell: ({ attemptNo }) => attemptNo },
    { key: 'at', title: t('at'), lead: true, cell: ({ at }) => <Time at={at} detail="full" /> },
    { key: 'outcome', title: t('outcome'), cell: ({ outcome }) => <Outcome outcome={outcome} /> },
    { key: 'answer', title: t('answer'), align: 'end', cell: ({ httpStatus }) => httpStatus ?? t('noAnswer') },
    {
      key: 'duration',
      title: t('duration'),
      align: 'end',
      cell: ({ durationMs }) => t('milliseconds', { n: durationMs }),
    },
  ]
}

function Outcome({ outcome }: { readonly outcome: string }): ReactNode {
  const o = useTexts(OUTCOME_TEXTS)
  return <span>{Object.hasOwn(OUTCOME_TEXTS, outcome) ? o(outcome as keyof typeof OUTCOME_TEXTS) : outcome}</span>
}
