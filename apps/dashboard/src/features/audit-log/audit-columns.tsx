import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import type { Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { fill, localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { ACTION_TEXTS } from './actions.ts'
import { TEXTS } from './texts.ts'

type AuditRow = Data<'GET /dashboard-api/audit-log'>['items'][number]

/** The columns of the log. */
export function useAuditColumns(): readonly Column<AuditRow>[] {
  const t = useTexts(TEXTS)
  const names = useMemberNames()
  const number = new Intl.NumberFormat(localeOf(useLanguage()))
  return [
    { key: 'action', title: t('action'), lead: true, cell: ({ action }) => <Action action={action} /> },
    { key: 'target', title: t('target'), cell: (row) => <Target row={row} /> },
    { key: 'actor', title: t('actor'), cell: (row) => <Actor row={row} name={names.get(row.actor)} /> },
    { key: 'change', title: t('change'), cell: ({ before, after }) => <Change before={before} after={after} /> },
    {
      key: 'place',
      title: t('place'),
      align: 'end',
      cell: ({ seq }) => (seq === undefined ? <span className="soft">{t('unsealed')}</span> : number.format(seq)),
    },
    { key: 'at', title: t('at'), align: 'end', cell: ({ at }) => <Time at={at} /> },
  ]
}

/** The log holds members' ids; their names are the team's, and shown to whoever may see it. */
function useMemberNames(): ReadonlyMap<string, string> {
  const { may, memberId, name } = useSession()
  const { data } = useApi('GET /dashboard-api/members', {}, { enabled: may('members:read') })
  return new Map([
    [memberId, name],
    ...(data?.items ?? []).map((each) => [each.memberId, each.name || each.email] as const),
  ])
}

function Action({ action }: { readonly action: string }): ReactNode {
  const language = useLanguage()
  const text = Object.hasOwn(ACTION_TEXTS, action) ? ACTION_TEXTS[action] : undefined
  return text ? <span title={action}>{fill(text, language)}</span> : <code>{action}</code>
}

/** Leads to what it is about, where there is a page of it. */
function Target({ row: { action, target } }: { readonly row: AuditRow }): ReactNode {
  if (action.startsWith('order.') && /^\d{1,20}$/.test(target))
    return (
      <Link to="/payments/$ucpOrderNo" params={{ ucpOrderNo: target }}>
        <code>{target}</code>
      </Link>
    )
  if (action.startsWith('notification.'))
    return (
      <Link to="/notifications/$notificationId" params={{ notificationId: target }}>
        <code>{target}</code>
      </Link>
    )
  return <code>{target}</code>
}

function Actor({ row, name }: { readonly row: AuditRow; readonly name: string | undefined }): ReactNode {
  const t = useTexts(TEXTS)
  const { actor, actorName = name, ip } = row
  const ours = actor === 'buyer' || actor === 'worker' || actor === 'operator'
  return (
    <span>
      {ours ? t(actor) : actorName === undefined ? <code>{actor}</code> : <span title={actor}>{actorName}</span>}
      {ip === undefined ? null : <span className="audit-where">{ip}</span>}
    </span>
  )
}

function Change({
  before,
  after,
}: {
  readonly before?: string | undefined
  readonly after?: string | undefined
}): ReactNode {
  if (before === undefined && after === undefined) return '–'
  return (
    <span className="audit-change">
      {before ?? ''} → {after ?? ''}
    </span>
  )
}
