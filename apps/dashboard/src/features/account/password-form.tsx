import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { PasswordField } from '../../shared/components/field.tsx'
import { Section } from '../../shared/components/page.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

/** Characters that a new password has at least (PCI DSS 8.3.6); the gateway checks the rest. */
const MIN_PASSWORD = 12

/** Changes one's password. */
export function PasswordForm(): ReactNode {
  const t = useTexts(TEXTS)
  const { email } = useSession()
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/password')
  const submit = async (): Promise<void> => {
    setTried(true)
    if (password === '' || newPassword.length < MIN_PASSWORD) return
    if (!(await run({ body: { password, newPassword } }))) return
    setPassword('')
    setNewPassword('')
    setTried(false)
    notify(t('passwordChanged'))
  }
  return (
    <Section title={t('password')}>
      <p className="soft">{t('passwordText')}</p>
      <form
        className="form account-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void submit()
        }}
      >
        {/* For password managers: whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <PasswordField
          label={t('current')}
          value={password}
          onValue={setPassword}
          autoComplete="current-password"
          error={tried && password === '' ? t('currentMissing') : undefined}
        />
        <PasswordField
          label={t('newPassword')}
          hint={t('newPasswordHint')}
          value={newPassword}
          onValue={setNewPassword}
          autoComplete="new-password"
          error={tried && newPassword.length < MIN_PASSWORD ? t('tooShort') : undefined}
        />
        {failure ? <FailureNote failure={failure} text={textOf(failure.msg, t)} /> : null}
        <div>
          <Button type="submit" tone="primary" busy={busy}>
            {t('changePassword')}
          </Button>
        </div>
      </form>
    </Section>
  )
}

function textOf(msg: string, t: (key: 'currentWrong' | 'passwordRefused') => string): string | undefined {
  if (msg === 'NOAUTH') return t('currentWrong')
  return msg === 'PARAM_ERROR' ? t('passwordRefused') : undefined
}
