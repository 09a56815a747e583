import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Badge, type Tone } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { ROLE_TEXTS } from '../../shared/texts/roles.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { mayManage } from './may-manage.ts'
import { TEXTS } from './texts.ts'

export type MemberRow = Data<'GET /dashboard-api/members'>['items'][number]
/** What opens a dialog. */
export type MemberAct = 'role' | 'disable'

const TONES: Readonly<Record<MemberRow['status'], Tone>> = { invited: 'wait', active: 'good', disabled: 'off' }

/** Everybody on the team, and what the viewer may do about each. */
export function MemberTable(props: {
  readonly rows: readonly MemberRow[] | undefined
  readonly onAct: (act: MemberAct, row: MemberRow) => void
}): ReactNode {
  const { rows, onAct } = props
  const t = useTexts(TEXTS)
  const r = useTexts(ROLE_TEXTS)
  const w = useTexts(WORDS)
  const { may } = useSession()
  const columns: readonly Column<MemberRow>[] = [
    { key: 'member', title: t('member'), lead: true, cell: (row) => <WhoCell row={row} /> },
    { key: 'role', title: t('role'), cell: ({ role }) => r(role) },
    { key: 'status', title: w('status'), cell: ({ status }) => <Badge tone={TONES[status]}>{t(status)}</Badge> },
    {
      key: 'second',
      title: t('second'),
      cell: ({ hasSecondFactor, status }) =>
        hasSecondFactor ? t('hasSecond') : <Badge tone={status === 'active' ? 'wait' : 'off'}>{t('noSecond')}</Badge>,
    },
    {
      key: 'last',
      title: t('lastSignIn'),
      cell: ({ lastSignInAt }) => (lastSignInAt === undefined ? w('never') : <Time at={lastSignInAt} />),
    },
  ]
  const acts: Column<MemberRow> = {
    key: 'acts',
    title: t('actions'),
    align: 'end',
    cell: (row) => <Acts row={row} onAct={onAct} />,
  }
  return (
    <div className="list">
      <Table
        caption={t('title')}
        columns={may('members:write') ? [...columns, acts] : columns}
        rows={rows}
        rowKey={({ memberId }) => memberId}
        skeletonRows={3}
      />
    </div>
  )
}

function WhoCell({ row }: { readonly row: MemberRow }): ReactNode {
  const t = useTexts(TEXTS)
  const { memberId } = useSession()
  const { name, email } = row
  return (
    <span className="team-who">
      <span>
        <strong>{name || email}</strong> {row.memberId === memberId ? <span className="soft">({t('you')})</span> : null}
      </span>
      {name === '' ? null : <span className="soft small">{email}</span>}
    </span>
  )
}

function Acts(props: { readonly row: MemberRow; readonly onAct: (act: MemberAct, row: MemberRow) => void }): ReactNode {
  const { row, onAct } = props
  const t = useTexts(TEXTS)
  const { memberId, role } = useSession()
  const enable = useAction('POST /dashboard-api/members/{memberId}/enable')
  const again = useAction('POST /dashboard-api/members/{memberId}/invite-again')
  if (!mayManage(role, row.role)) return null
  const params = { memberId: row.memberId }
  const who = <span className="hidden"> {row.name || row.email}</span>
  const failure = enable.failure ?? again.failure
  return (
    <span className="team-acts">
      {row.status === 'invited' ? (
        <Button
          small
          busy={again.busy}
          onClick={() => void again.run({ params }).then((done) => (done ? notify(t('invitedDone')) : undefined))}
        >
          {t('again')}
          {who}
        </Button>
      ) : null}
      {row.status === 'disabled' ? (
        <Button
          small
          busy={enable.busy}
          onClick={() => void enable.run({ params }).then((done) => (done ? notify(t('enabledDone')) : undefined))}
        >
          {t('enable')}
          {who}
        </Button>
      ) : (
        <>
          <Button small onClick={() => onAct('role', row)}>
            {t('change')}
            {who}
          </Button>
          {row.memberId === memberId ? null : (
            <Button small tone="danger" onClick={() => onAct('disable', row)}>
              {t('disable')}
              {who}
            </Button>
          )}
        </>
      )}
      {failure ? <FailureNote failure={failure} /> : null}
    </span>
  )
}
