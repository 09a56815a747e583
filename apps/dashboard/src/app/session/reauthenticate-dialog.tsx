import { useEffect, useState, type ReactNode } from 'react'
import { call } from '../../shared/api/client.ts'
import { connection } from '../../shared/api/connection.ts'
import { asFailure, type ApiFailure } from '../../shared/api/failure.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { PasswordField, TextField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'

const TEXTS = {
  title: ['Show that it is still you', 'Confirmez que c’est bien vous'],
  text: [
    'This can do harm in the wrong hands, so it needs your password again. It then counts for 5 minutes.',
    'Ceci peut nuire dans de mauvaises mains : votre mot de passe est demandé de nouveau, pour 5 minutes.',
  ],
  password: ['Password', 'Mot de passe'],
  code: ['Code of your authenticator app', 'Code de votre application d’authentification'],
  codeHint: ['Leave it empty if you only use a passkey.', 'Laissez vide si vous n’utilisez qu’une clé d’accès.'],
  go: ['Continue', 'Continuer'],
  wrong: [
    'This does not fit. Check the password and the code.',
    'Cela ne correspond pas. Vérifiez le mot de passe et le code.',
  ],
} as const

/** Asks for the password when a call needs it; the call waits meanwhile. The shell draws it once. */
export function ReauthenticateDialog(): ReactNode {
  const [waiting, setWaiting] = useState<readonly ((done: boolean) => void)[]>([])
  useEffect(() => {
    connection.reauthenticate = () => new Promise((resolve) => setWaiting((others) => [...others, resolve]))
    return () => {
      connection.reauthenticate = () => Promise.resolve(false)
    }
  }, [])
  const finish = (done: boolean): void => {
    for (const resolve of waiting) resolve(done)
    setWaiting([])
  }
  // A new one each time: nothing of a password that was typed before is left in it.
  return waiting.length === 0 ? null : <PasswordDialog onDone={finish} />
}

function PasswordDialog({ onDone }: { readonly onDone: (done: boolean) => void }): ReactNode {
  const t = useTexts(TEXTS)
  const { email, hasSecondFactor } = useSession()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  const submit = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    try {
      await call('POST /dashboard-api/session/reauthenticate', { body: { password, ...(code ? { code } : {}) } })
      onDone(true)
    } catch (error) {
      setFailure(asFailure(error))
    } finally {
      setBusy(false)
    }
  }
  const wrong = failure?.status === 403
  return (
    <FormDialog
      title={t('title')}
      open
      onClose={() => onDone(false)}
      action={t('go')}
      busy={busy}
      failure={wrong ? undefined : failure}
      onSubmit={() => void submit()}
    >
      <p>{t('text')}</p>
      {/* Tells a password manager whose password it is. */}
      <input type="text" className="hidden" autoComplete="username" value={email} readOnly hidden />
      <PasswordField
        label={t('password')}
        value={password}
        onValue={setPassword}
        autoComplete="current-password"
        autoFocus
      />
      {hasSecondFactor ? (
        <TextField
          label={t('code')}
          hint={t('codeHint')}
          value={code}
          onValue={(typed) => setCode(typed.replace(/\D/g, '').slice(0, 6))}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      ) : null}
      {wrong ? <FailureNote failure={failure} text={t('wrong')} /> : null}
    </FormDialog>
  )
}
