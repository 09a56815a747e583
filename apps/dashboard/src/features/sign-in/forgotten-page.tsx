import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { Card } from './card.tsx'
import { TEXTS } from './texts.ts'

/** Asks for a link to set a new password. What it answers does not tell whether there is such an account. */
export function ForgottenPage(): ReactNode {
  const t = useTexts(TEXTS)
  const [email, setEmail] = useState('')
  const [tried, setTried] = useState(false)
  const [mailed, setMailed] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/password-reset')
  const submit = async (): Promise<void> => {
    setTried(true)
    if (email !== '' && (await run({ body: { email: email.trim() } }))) setMailed(true)
  }
  return (
    <Card title={t('forgottenTitle')}>
      {mailed ? (
        <p className="sign-in-note" role="status">
          {t('mailed')}
        </p>
      ) : (
        <form
          className="form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (!busy) void submit()
          }}
        >
          <p>{t('forgottenText')}</p>
          <TextField
            type="email"
            label={t('email')}
            value={email}
            onValue={setEmail}
            autoComplete="username"
            autoFocus
            error={tried && email === '' ? t('emailMissing') : undefined}
          />
          {failure ? <FailureNote failure={failure} /> : null}
          <Button type="submit" tone="primary" busy={busy}>
            {t('forgottenGo')}
          </Button>
        </form>
      )}
      <p className="small">
        <Link to="/sign-in">{t('toSignIn')}</Link>
      </p>
    </Card>
  )
}
