import { Link, useSearch } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { PasswordField, TextField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import type { SearchTexts } from '../../shared/search-params.ts'
import { hearTabs } from '../../shared/session/tabs.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { Card } from './card.tsx'
import { follow, goOn } from './go-on.ts'
import { SecondFactor, type FactorKind } from './second-factor.tsx'
import { TEXTS } from './texts.ts'

/** Signs somebody in: the password, then the second factor where there is one. */
export function SignInPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { reason, next }: SearchTexts = useSearch({ strict: false })
  const [factors, setFactors] = useState<readonly FactorKind[]>()
  // Whoever signs in in another tab is signed in here as well.
  useEffect(
    () =>
      hearTabs((news) => {
        if (news === 'signed-in') follow(next)
      }),
    [next],
  )
  if (factors)
    return (
      <Card title={t('second')}>
        <SecondFactor factors={factors} onDone={() => goOn(next)} onStartOver={() => setFactors(undefined)} />
      </Card>
    )
  return (
    <Card title={t('title')}>
      {reason === 'ended' || reason === 'signed-out' ? (
        <p className="sign-in-note" role="status">
          {t(reason === 'ended' ? 'ended' : 'signedOut')}
        </p>
      ) : null}
      <PasswordForm onFactors={setFactors} onDone={() => goOn(next)} />
      <p className="small">
        <Link to="/forgotten-password">{t('forgot')}</Link>
      </p>
    </Card>
  )
}

function PasswordForm(props: {
  readonly onFactors: (factors: readonly FactorKind[]) => void
  readonly onDone: () => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/sign-in')
  const submit = async (): Promise<void> => {
    setTried(true)
    if (email === '' || password === '') return
    const answer = await run({ body: { email: email.trim(), password } })
    if (!answer) return
    setPassword('')
    if (answer.next === 'signed-in') props.onDone()
    else props.onFactors(answer.factors)
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
      <TextField
        type="email"
        label={t('email')}
        value={email}
        onValue={setEmail}
        autoComplete="username"
        autoFocus
        error={tried && email === '' ? t('emailMissing') : undefined}
      />
      <PasswordField
        label={t('password')}
        value={password}
        onValue={setPassword}
        autoComplete="current-password"
        error={tried && password === '' ? t('passwordMissing') : undefined}
      />
      {failure ? <FailureNote failure={failure} text={failure.status === 401 ? t('wrong') : undefined} /> : null}
      <Button type="submit" tone="primary" busy={busy}>
        {t('go')}
      </Button>
    </form>
  )
}
