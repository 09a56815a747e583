import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction, useApi } from '../../shared/api/queries.ts'
import { Badge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { Section } from '../../shared/components/page.tsx'
import { ErrorState, FailureNote } from '../../shared/components/states.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

type SessionRow = Data<'GET /dashboard-api/sessions'>['items'][number]

/** Where one is signed in, and how to end it. */
export function Sessions(): ReactNode {
  const t = useTexts(TEXTS)
  const { data, error, refetch } = useApi('GET /dashboard-api/sessions', {})
  const end = useAction('POST /dashboard-api/sessions/{sessionId}/revoke')
  const endOthers = useAction('POST /dashboard-api/sessions/revoke-others')
  const failure = end.failure ?? endOthers.failure
  const columns = useColumns((sessionId) => {
    void end.run({ params: { sessionId } }).then((done) => (done ? notify(t('ended')) : undefined))
  })
  return (
    <Section
      title={t('sessions')}
      flush
      actions={
        (data?.items.length ?? 0) > 1 ? (
          <Button
            small
            tone="danger"
            busy={endOthers.busy}
            onClick={() => void endOthers.run().then((done) => (done ? notify(t('othersEnded')) : undefined))}
          >
            {t('endOthers')}
          </Button>
        ) : null
      }
    >
      <p className="soft">{t('sessionsText')}</p>
      {failure ? <FailureNote failure={failure} /> : null}
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : (
        <Table
          caption={t('sessions')}
          columns={columns}
          rows={data?.items}
          rowKey={({ sessionId }) => sessionId}
          skeletonRows={2}
        />
      )}
    </Section>
  )
}

function useColumns(onEnd: (sessionId: string) => void): readonly Column<SessionRow>[] {
  const t = useTexts(TEXTS)
  return [
    { key: 'device', title: t('device'), lead: true, cell: ({ device }) => <strong>{device}</strong> },
    { key: 'ip', title: t('ip'), cell: ({ ip }) => <code>{ip}</code> },
    { key: 'since', title: t('since'), cell: ({ createdAt }) => <Time at={createdAt} /> },
    { key: 'seen', title: t('seen'), cell: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
    {
      key: 'acts',
      title: t('actions'),
      align: 'end',
      cell: ({ sessionId, current, device, ip }) =>
        current ? (
          <Badge tone="good">{t('here')}</Badge>
        ) : (
          <Button small tone="danger" onClick={() => onEnd(sessionId)}>
            {t('end')}
            <span className="hidden">
              {' '}
              {device}, {ip}
            </span>
          </Button>
        ),
    },
  ]
}
