import type { Role } from '@ucanpay/wire/dashboard/roles'
import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { SelectField, TextField } from '../../shared/components/field.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { ROLE_TEXTS } from '../../shared/texts/roles.ts'
import { givableRoles } from './may-manage.ts'
import { TEXTS } from './texts.ts'

/** Invites somebody by e-mail. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('developer')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/members')
  const whole = /^[^\s@]+@[^\s@]+$/.test(email.trim())
  const submit = async (): Promise<void> => {
    setTried(true)
    if (!whole || !(await run({ body: { email: email.trim(), role } }))) return
    notify(t('invitedDone'))
    onClose()
  }
  return (
    <FormDialog
      title={t('invite')}
      open
      onClose={onClose}
      action={t('send')}
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <p>{t('inviteText')}</p>
      <TextField
        type="email"
        label={t('email')}
        value={email}
        onValue={setEmail}
        autoComplete="off"
        autoFocus
        error={tried && !whole ? t('emailMissing') : undefined}
      />
      <RoleField role={role} onRole={setRole} />
    </FormDialog>
  )
}

/** A choice among the roles that the viewer may give. */
export function RoleField(props: { readonly role: Role; readonly onRole: (role: Role) => void }): ReactNode {
  const t = useTexts(TEXTS)
  const r = useTexts(ROLE_TEXTS)
  const { role: own } = useSession()
  const roles = givableRoles(own)
  return (
    <SelectField
      label={t('role')}
      hint={t('rolesText')}
      value={props.role}
      onValue={(value) => props.onRole(roles.find((each) => each === value) ?? props.role)}
      options={roles.map((value) => ({ value, label: r(value) }))}
    />
  )
}
