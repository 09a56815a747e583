import { useState, type ReactNode } from 'react'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { Page, Section } from '../../shared/components/page.tsx'
import { ErrorState } from '../../shared/components/states.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { ChangeRoleDialog, DisableDialog } from './member-dialogs.tsx'
import { MemberTable, type MemberAct, type MemberRow } from './member-table.tsx'
import { Roles } from './roles.tsx'
import { TEXTS } from './texts.ts'
import './team.css'

/** The merchant's team: who is on it, as what, and how well they are protected. */
export function TeamPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { may } = useSession()
  const [inviting, setInviting] = useState(false)
  const [open, setOpen] = useState<{ readonly act: MemberAct; readonly row: MemberRow }>()
  const { data, error, refetch } = useApi('GET /dashboard-api/members', {})
  const close = (): void => setOpen(undefined)
  return (
    <Page
      title={t('title')}
      actions={
        may('members:write') ? (
          <Button tone="primary" onClick={() => setInviting(true)}>
            {t('invite')}
          </Button>
        ) : null
      }
    >
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : (
        <MemberTable rows={data?.items} onAct={(act, row) => setOpen({ act, row })} />
      )}
      {data?.items.length === 1 ? (
        <Section title={t('alone')}>
          <p className="soft">{t('aloneText')}</p>
        </Section>
      ) : null}
      <Roles />
      {inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
      {open?.act === 'role' ? <ChangeRoleDialog row={open.row} onClose={close} /> : null}
      {open?.act === 'disable' ? <DisableDialog row={open.row} onClose={close} /> : null}
    </Page>
  )
}
