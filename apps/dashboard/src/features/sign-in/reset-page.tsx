import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { PasswordField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { Card, useLinkToken } from './card.tsx'
import { MIN_PASSWORD } from './new-password.ts'
import { TEXTS } from './texts.ts'

/** Sets a new password with the link that was mailed. */
export function ResetPage(): ReactNode {
  const t = useTexts(TEXTS)
  const token = useLinkToken()
  const [newPassword, setNewPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [done, setDone] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/password-reset/complete')
  if (token === '' || failure?.status === 401 || failure?.status === 404) return <DeadLink />
  const submit = async (): Promise<void> => {
    setTried(true)
    if (newPassword.length >= MIN_PASSWORD && (await run({ body: { token, newPassword } }))) setDone(true)
  }
  if (done)
    return (
      <Card title={t('forgottenTitle')}>
        <p className="sign-in-note" role="status">
          {t('setDone')}
        </p>
        <p>
          <Link to="/sign-in">{t('toSignIn')}</Link>
        </p>
      </Card>
    )
  return (
    <Card title={t('forgottenTitle')}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void submit()
        }}
      >
        <PasswordField
          label={t('newPassword')}
          hint={t('newPasswordHint')}
          error={tried && newPassword.length < MIN_PASSWORD ? t('tooShort') : undefined}
          value={newPassword}
          onValue={setNewPassword}
          autoComplete="new-password"
          autoFocus
        />
        {failure ? (
          <FailureNote failure={failure} text={failure.msg === 'PARAM_ERROR' ? t('passwordRefused') : undefined} />
        ) : null}
        <Button type="submit" tone="primary" busy={busy}>
          {t('setGo')}
        </Button>
      </form>
    </Card>
  )
}

/** In place of the form where the link's token is no good. */
export function DeadLink(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Card title={t('linkDead')}>
      <p>{t('linkDeadText')}</p>
      <p>
        <Link to="/sign-in">{t('toSignIn')}</Link>
      </p>
    </Card>
  )
}
