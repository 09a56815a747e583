import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'
import { FactorName } from './totp-dialog.tsx'

/** Adds a passkey: its name, then what the browser asks. */
export function PasskeyDialog(props: {
  readonly onClose: () => void
  /** Gets the recovery codes; empty where there are some already. */
  readonly onAdded: (recoveryCodes: readonly string[]) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState(false)
  const options = useAction('POST /dashboard-api/factors/passkey/options')
  const given = useAction('POST /dashboard-api/factors/passkey')
  const submit = async (): Promise<void> => {
    setTried(true)
    setRefused(false)
    if (name.trim() === '') return
    const asked = await options.run()
    if (!asked) return
    const response = await register(asked.options)
    if (!response) {
      setRefused(true)
      return
    }
    const added = await given.run({ body: { name: name.trim(), response } })
    if (added) props.onAdded(added.recoveryCodes)
  }
  return (
    <FormDialog
      title={t('addPasskey')}
      open
      onClose={props.onClose}
      action={t('next')}
      busy={options.busy || given.busy}
      failure={options.failure ?? given.failure}
      onSubmit={() => void submit()}
    >
      <p>{t('passkeyText')}</p>
      <FactorName name={name} onName={setName} missing={tried && name.trim() === ''} />
      {refused ? (
        <p className="failure" role="alert">
          {t('passkeyFailed')}
        </p>
      ) : null}
    </FormDialog>
  )
}

/** Has the browser make a passkey. Undefined where it made none; it does not tell why (WebAuthn §14.5.2). */
async function register(
  options: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  // Loaded when it is needed: a passkey is added once.
  const { startRegistration } = await import('@simplewebauthn/browser')
  type Asked = Parameters<typeof startRegistration>[0]['optionsJSON']
  try {
    return { ...(await startRegistration({ optionsJSON: options as unknown as Asked })) }
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}
