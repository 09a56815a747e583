import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { Code } from '../../shared/components/values.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { QrCode } from './qr-code.tsx'
import { TEXTS } from './texts.ts'

interface AddingProps {
  readonly onClose: () => void
  /** Gets the recovery codes; empty where there are some already. */
  readonly onAdded: (recoveryCodes: readonly string[]) => void
}

/** Adds an authenticator app: its name, then its secret, then a first code that shows that it has it. */
export function TotpDialog({ onClose, onAdded }: AddingProps): ReactNode {
  const [made, setMade] = useState<Data<'POST /dashboard-api/factors/totp'>>()
  return made ? (
    <ConfirmStep made={made} onClose={onClose} onAdded={onAdded} />
  ) : (
    <NameStep onClose={onClose} onMade={setMade} />
  )
}

function NameStep(props: {
  readonly onClose: () => void
  readonly onMade: (made: Data<'POST /dashboard-api/factors/totp'>) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/factors/totp')
  const submit = async (): Promise<void> => {
    setTried(true)
    if (name.trim() === '') return
    const made = await run({ body: { name: name.trim() } })
    if (made) props.onMade(made)
  }
  return (
    <FormDialog
      title={t('addTotp')}
      open
      onClose={props.onClose}
      action={t('next')}
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <FactorName name={name} onName={setName} missing={tried && name.trim() === ''} />
    </FormDialog>
  )
}

function ConfirmStep(props: AddingProps & { readonly made: Data<'POST /dashboard-api/factors/totp'> }): ReactNode {
  const { made, onClose, onAdded } = props
  const t = useTexts(TEXTS)
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/factors/{factorId}/confirm')
  const whole = /^\d{6}$/.test(code)
  const submit = async (): Promise<void> => {
    setTried(true)
    if (!whole) return
    const added = await run({ params: { factorId: made.factorId }, body: { code } })
    if (added) onAdded(added.recoveryCodes)
  }
  const wrong = failure?.msg === 'PARAM_ERROR' || failure?.msg === 'INVALID_REQUEST'
  return (
    <FormDialog
      title={t('addTotp')}
      open
      onClose={onClose}
      action={t('confirm')}
      busy={busy}
      failure={wrong ? undefined : failure}
      onSubmit={() => void submit()}
    >
      <p>{t('scan')}</p>
      <QrCode text={made.uri} label={t('qr')} />
      <p className="account-secret">
        <span className="soft small">{t('secret')}</span> <Code text={made.secret} what={t('secret')} />
      </p>
      <TextField
        label={t('code')}
        hint={t('codeHint')}
        value={code}
        onValue={(typed) => setCode(typed.replace(/\D/g, '').slice(0, 6))}
        inputMode="numeric"
        autoComplete="one-time-code"
        error={tried && !whole ? t('codeMissing') : undefined}
      />
      {wrong ? <FailureNote failure={failure} text={t('codeWrong')} /> : null}
    </FormDialog>
  )
}

/** What a factor is called, so that its owner knows it among several. */
export function FactorName(props: {
  readonly name: string
  readonly onName: (name: string) => void
  readonly missing: boolean
}): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <TextField
      label={t('factorName')}
      hint={t('factorNameHint')}
      value={props.name}
      onValue={props.onName}
      maxLength={64}
      autoComplete="off"
      autoFocus
      error={props.missing ? t('factorNameMissing') : undefined}
    />
  )
}
