import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { ConfirmDialog, FormDialog } from '../../shared/components/dialog.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { RoleField } from './invite-dialog.tsx'
import type { MemberRow } from './member-table.tsx'
import { TEXTS } from './texts.ts'

interface MemberDialogProps {
  readonly row: MemberRow
  readonly onClose: () => void
}

/** Gives a member another role. */
export function ChangeRoleDialog({ row, onClose }: MemberDialogProps): ReactNode {
  const t = useTexts(TEXTS)
  const [role, setRole] = useState(row.role)
  const { run, busy, failure } = useAction('POST /dashboard-api/members/{memberId}/role')
  const submit = async (): Promise<void> => {
    if (role !== row.role) {
      if (!(await run({ params: { memberId: row.memberId }, body: { role } }))) return
      notify(t('changed'))
    }
    onClose()
  }
  const ownerless = failure?.msg === 'INVALID_REQUEST'
  return (
    <FormDialog
      title={t('changeTitle', { who: row.name || row.email })}
      open
      onClose={onClose}
      action={t('change')}
      busy={busy}
      failure={ownerless ? undefined : failure}
      onSubmit={() => void submit()}
    >
      <RoleField role={role} onRole={setRole} />
      <p>{t('changeText')}</p>
      {ownerless ? <FailureNote failure={failure} text={t('lastOwner')} /> : null}
    </FormDialog>
  )
}

/** Lets a member sign in no more. */
export function DisableDialog({ row, onClose }: MemberDialogProps): ReactNode {
  const t = useTexts(TEXTS)
  const { run, busy, failure } = useAction('POST /dashboard-api/members/{memberId}/disable')
  const confirm = async (): Promise<void> => {
    if (!(await run({ params: { memberId: row.memberId } }))) return
    notify(t('disabledDone'))
    onClose()
  }
  const ownerless = failure?.msg === 'INVALID_REQUEST'
  return (
    <ConfirmDialog
      title={t('disableTitle', { who: row.name || row.email })}
      open
      onClose={onClose}
      action={t('disable')}
      busy={busy}
      failure={ownerless ? undefined : failure}
      onConfirm={() => void confirm()}
    >
      <p>{t('disableText')}</p>
      {ownerless ? <FailureNote failure={failure} text={t('lastOwner')} /> : null}
    </ConfirmDialog>
  )
}
