import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

/** What can be given as a second factor. */
export type FactorKind = Data<'POST /dashboard-api/sign-in'>['factors'][number]

/** The most convenient way comes first, and the one that is used up last. */
const ORDER: readonly FactorKind[] = ['passkey', 'totp', 'recovery']
const WAYS = { passkey: 'wayPasskey', totp: 'wayTotp', recovery: 'wayRecovery' } as const

/** Asks for the second factor, and lets the member choose which. */
export function SecondFactor(props: {
  readonly factors: readonly FactorKind[]
  readonly onDone: () => void
  readonly onStartOver: () => void
}): ReactNode {
  const { factors, onDone, onStartOver } = props
  const t = useTexts(TEXTS)
  const ways = ORDER.filter((kind) => factors.includes(kind))
  const [way, setWay] = useState<FactorKind>(ways[0] ?? 'recovery')
  const others = ways.filter((kind) => kind !== way)
  return (
    <>
      {way === 'passkey' ? <PasskeyStep onDone={onDone} /> : <CodeStep key={way} kind={way} onDone={onDone} />}
      <div className="sign-in-ways">
        {others.length > 0 ? <span>{t('otherWay')}:</span> : null}
        {others.map((kind) => (
          <Button key={kind} tone="quiet" small onClick={() => setWay(kind)}>
            {t(WAYS[kind])}
          </Button>
        ))}
        <Button tone="quiet" small onClick={onStartOver}>
          {t('startOver')}
        </Button>
      </div>
    </>
  )
}

function PasskeyStep({ onDone }: { readonly onDone: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const options = useAction('POST /dashboard-api/sign-in/passkey/options')
  const given = useAction('POST /dashboard-api/sign-in/passkey')
  const [refused, setRefused] = useState(false)
  const ask = async (): Promise<void> => {
    setRefused(false)
    const asked = await options.run()
    if (!asked) return
    try {
      // Loaded when it is needed: most sign-ins are by another way, or need only this one request more.
      const { startAuthentication } = await import('@simplewebauthn/browser')
      type Asked = Parameters<typeof startAuthentication>[0]['optionsJSON']
      const response = await startAuthentication({ optionsJSON: asked.options as unknown as Asked })
      const answer = await given.run({ body: { response: { ...response } } })
      if (answer) onDone()
    } catch (error) {
      // The browser does not tell cancelling from not having one (WebAuthn §14.5.2), so neither does the page.
      if (error instanceof Error) setRefused(true)
    }
  }
  const failure = options.failure ?? given.failure
  return (
    <div className="form">
      <p>{t('passkeyText')}</p>
      {failure ? (
        <FailureNote failure={failure} text={failure.status === 401 ? t('passkeyFailed') : undefined} />
      ) : null}
      {refused && !failure ? (
        <p className="failure" role="alert">
          {t('passkeyFailed')}
        </p>
      ) : null}
      <Button
        tone="primary"
        className="sign-in-main"
        busy={options.busy || given.busy}
        onClick={() => void ask()}
        autoFocus
      >
        {t('passkeyGo')}
      </Button>
    </div>
  )
}

function CodeStep({ kind, onDone }: { readonly kind: 'totp' | 'recovery'; readonly onDone: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction(`POST /dashboard-api/sign-in/${kind}`)
  const submit = async (): Promise<void> => {
    setTried(true)
    if (code === '') return
    if (await run({ body: { code } })) onDone()
    else setCode('')
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
        label={t(kind)}
        hint={t(`${kind}Hint`)}
        error={tried && code === '' && !failure ? t('codeMissing') : undefined}
        value={code}
        onValue={(typed) => setCode(clean(typed, kind))}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
        autoFocus
      />
      {failure ? (
        <FailureNote
          failure={failure}
          text={failure.status === 401 || failure.status === 400 ? t('codeWrong') : undefined}
        />
      ) : null}
      <Button type="submit" tone="primary" busy={busy}>
        {t('codeGo')}
      </Button>
    </form>
  )
}

function clean(typed: string, kind: 'totp' | 'recovery'): string {
  return kind === 'totp' ? typed.replace(/\D/g, '').slice(0, 6) : typed.trim().toLowerCase().slice(0, 11)
}
