import { Link } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { call, type Data } from '../../shared/api/client.ts'
import { asFailure, type ApiFailure } from '../../shared/api/failure.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { PasswordField, TextField } from '../../shared/components/field.tsx'
import { ErrorState, FailureNote, Skeleton } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { Card, useLinkToken } from './card.tsx'
import { MIN_PASSWORD } from './new-password.ts'
import { DeadLink } from './reset-page.tsx'
import { TEXTS } from './texts.ts'

type Invitation = Data<'POST /dashboard-api/invitations/look'>

/** Joins a merchant's team with the link that was mailed. */
export function InvitationPage(): ReactNode {
  const t = useTexts(TEXTS)
  const token = useLinkToken()
  const [invitation, setInvitation] = useState<Invitation>()
  const [failure, setFailure] = useState<ApiFailure>()
  const [joined, setJoined] = useState(false)
  useEffect(() => {
    if (token === '') return
    call('POST /dashboard-api/invitations/look', { body: { token } }).then(setInvitation, (error: unknown) =>
      setFailure(asFailure(error)),
    )
  }, [token])
  if (token === '' || failure?.status === 401 || failure?.status === 404) return <DeadLink />
  const title = t('invitation', { merchant: invitation?.merchantName ?? '…' })
  return (
    <Card title={title}>
      {failure ? (
        <ErrorState failure={failure} onRetry={() => location.reload()} />
      ) : !invitation ? (
        <Skeleton />
      ) : joined ? (
        <>
          <p className="sign-in-note" role="status">
            {t('setDone')}
          </p>
          <p>
            <Link to="/sign-in">{t('toSignIn')}</Link>
          </p>
        </>
      ) : (
        <JoinForm invitation={invitation} token={token} onJoined={() => setJoined(true)} />
      )}
    </Card>
  )
}

function JoinForm(props: {
  readonly invitation: Invitation
  readonly token: string
  readonly onJoined: () => void
}): ReactNode {
  const { invitation, token, onJoined } = props
  const t = useTexts(TEXTS)
  const [name, setName] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/invitations/accept')
  const submit = async (): Promise<void> => {
    setTried(true)
    if (name.trim() === '' || newPassword.length < MIN_PASSWORD) return
    if (await run({ body: { token, name: name.trim(), newPassword } })) onJoined()
  }
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      <p>{t('invitationText', { role: t(invitation.role), email: invitation.email })}</p>
      <TextField
        label={t('name')}
        value={name}
        onValue={setName}
        autoComplete="name"
        maxLength={64}
        autoFocus
        error={tried && name.trim() === '' ? t('nameMissing') : undefined}
      />
      <PasswordField
        label={t('newPassword')}
        hint={t('newPasswordHint')}
        error={tried && newPassword.length < MIN_PASSWORD ? t('tooShort') : undefined}
        value={newPassword}
        onValue={setNewPassword}
        autoComplete="new-password"
      />
      {failure ? (
        <FailureNote failure={failure} text={failure.msg === 'PARAM_ERROR' ? t('passwordRefused') : undefined} />
      ) : null}
      <Button type="submit" tone="primary" busy={busy}>
        {t('join')}
      </Button>
    </form>
  )
}
