import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { Section } from '../../shared/components/page.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { formatMoney, majorUnits } from '../../shared/format/money.ts'
import { useSession } from '../../shared/session/session-context.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { changesOf, readForm, type Typed } from './settings-change.ts'
import { TEXTS } from './texts.ts'

type Settings = Data<'GET /dashboard-api/settings'>

/** The settings that a member may change, if the role allows it. */
export function SettingsForm({ settings }: { readonly settings: Settings }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const { may } = useSession()
  const [typed, setTyped] = useState<Typed>({
    name: settings.name,
    address: settings.securityNotifyUrl ?? '',
    limit: majorUnits(settings.refundLimitAmt, 'CAD'), // Two decimals, whatever the currency.
  })
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('PUT /dashboard-api/settings')
  const readOnly = !may('settings:write')
  const submit = async (): Promise<void> => {
    setTried(true)
    const { read } = readForm(typed)
    if (!read) return
    const changes = changesOf(settings, read)
    if (Object.keys(changes).length === 0) notify(t('unchanged'))
    else if (await run({ body: changes })) notify(t('saved'))
  }
  return (
    <Section title={t('change')}>
      <form
        className="form settings-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void submit()
        }}
      >
        {readOnly ? <p className="soft">{t('readOnly')}</p> : null}
        <SettingsFields
          typed={typed}
          onTyped={(change) => setTyped({ ...typed, ...change })}
          tried={tried}
          readOnly={readOnly}
        />
        {failure ? (
          <FailureNote failure={failure} text={failure.msg === 'PARAM_ERROR' ? t('refused') : undefined} />
        ) : null}
        {readOnly ? null : (
          <div>
            <Button type="submit" tone="primary" busy={busy}>
              {w('save')}
            </Button>
          </div>
        )}
      </form>
    </Section>
  )
}

function SettingsFields(props: {
  readonly typed: Typed
  readonly onTyped: (change: Partial<Typed>) => void
  /** Whether it was sent once: what is wrong before that is only half typed. */
  readonly tried: boolean
  readonly readOnly: boolean
}): ReactNode {
  const { typed, onTyped, tried, readOnly } = props
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const { read, wrong } = readForm(typed)
  const limit = read?.refundLimitAmt ?? 0
  const example = `${formatMoney(limit, 'CAD', language)}, ${formatMoney(Math.floor(limit / 100), 'JPY', language)}`
  return (
    <>
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        error={tried && wrong.name ? t('nameMissing') : undefined}
        value={typed.name}
        onValue={(name) => onTyped({ name })}
        maxLength={64}
        readOnly={readOnly}
        autoComplete="off"
      />
      <TextField
        type="url"
        label={t('security')}
        hint={t('securityHint')}
        error={tried && wrong.address ? t('securityWrong') : undefined}
        value={typed.address}
        onValue={(address) => onTyped({ address })}
        maxLength={256}
        readOnly={readOnly}
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        label={t('limit')}
        hint={t('limitHint', { now: example })}
        error={tried && wrong.limit ? t('limitWrong') : undefined}
        value={typed.limit}
        onValue={(value) => onTyped({ limit: value })}
        inputMode="decimal"
        readOnly={readOnly}
        autoComplete="off"
      />
    </>
  )
}
