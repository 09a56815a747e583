import { API_KEY_KINDS, type ApiKeyKind } from '@ucanpay/wire/api-key'
import { SCOPES, type Scope } from '@ucanpay/wire/scopes'
import { useState, type ReactNode } from 'react'
import type { Input } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { CheckField, Field, SelectField, TextField } from '../../shared/components/field.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { parseAddresses } from './key-age.ts'
import { TEXTS } from './texts.ts'

const NAME_MAX = 64
const USUAL_DAYS = '90'

/** What is typed and chosen. */
interface Draft {
  readonly kind: ApiKeyKind
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly days: string
  readonly addresses: string
}

/** Makes a key; the gateway answers with its text, which `onMade` gets this once. */
export function CreateDialog(props: {
  readonly onClose: () => void
  readonly onMade: (made: { readonly key: string; readonly kind: ApiKeyKind }) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [draft, setDraft] = useState<Draft>({ kind: 'sk', name: '', scopes: [], days: USUAL_DAYS, addresses: '' })
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/api-keys')
  const submit = async (): Promise<void> => {
    setTried(true)
    const body = bodyOf(draft)
    if (!body) return
    const made = await run({ body })
    if (made) props.onMade(made)
  }
  return (
    <FormDialog
      title={t('create')}
      open
      onClose={props.onClose}
      action={t('create')}
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <KeyFields draft={draft} onDraft={(change) => setDraft({ ...draft, ...change })} tried={tried} />
    </FormDialog>
  )
}

/** The request for what was typed; undefined where something is wrong with it. */
function bodyOf({
  kind,
  name,
  scopes,
  days,
  addresses,
}: Draft): Input<'POST /dashboard-api/api-keys'>['body'] | undefined {
  const ipAllowList = parseAddresses(addresses)
  const expiresInDays = daysOf(days)
  if (name.trim() === '' || (kind === 'rk' && scopes.length === 0) || !ipAllowList || !expiresInDays) return undefined
  return { name: name.trim(), kind, scopes: kind === 'rk' ? scopes : [], ipAllowList, expiresInDays }
}

function KeyFields(props: {
  readonly draft: Draft
  readonly onDraft: (change: Partial<Draft>) => void
  /** Whether it was sent once: before that, nothing that is still missing is wrong. */
  readonly tried: boolean
}): ReactNode {
  const { draft, onDraft, tried } = props
  const { kind, name, scopes, days, addresses } = draft
  const t = useTexts(TEXTS)
  return (
    <>
      <SelectField
        label={t('kind')}
        hint={t(`about-${kind}`)}
        value={kind}
        onValue={(value) => onDraft({ kind: API_KEY_KINDS.find((each) => each === value) ?? 'sk' })}
        options={API_KEY_KINDS.map((value) => ({ value, label: `${t(value)} (${value})` }))}
      />
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={name}
        onValue={(value) => onDraft({ name: value })}
        maxLength={NAME_MAX}
        autoComplete="off"
        error={tried && name.trim() === '' ? t('nameMissing') : undefined}
      />
      {kind === 'rk' ? (
        <ScopeChoice
          chosen={scopes}
          onChosen={(chosen) => onDraft({ scopes: chosen })}
          missing={tried && scopes.length === 0}
        />
      ) : null}
      <DaysField
        value={days}
        onValue={(value) => onDraft({ days: value })}
        wrong={tried && daysOf(days) === undefined}
      />
      <Field
        label={t('addresses')}
        hint={t('addressesHint')}
        error={tried && !parseAddresses(addresses) ? t('addressesWrong') : undefined}
      >
        {(links) => (
          <textarea
            {...links}
            rows={2}
            spellCheck={false}
            value={addresses}
            onChange={(event) => onDraft({ addresses: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}

function ScopeChoice(props: {
  readonly chosen: readonly Scope[]
  readonly onChosen: (scopes: readonly Scope[]) => void
  readonly missing: boolean
}): ReactNode {
  const { chosen, onChosen, missing } = props
  const t = useTexts(TEXTS)
  return (
    <fieldset className="keys-choice" aria-describedby={missing ? 'scopes-missing' : undefined}>
      <legend>{t('scopes')}</legend>
      {SCOPES.map((scope) => (
        <CheckField
          key={scope}
          label={
            <>
              <code>{scope}</code> <span className="soft small">{t(`scope-${scope}`)}</span>
            </>
          }
          checked={chosen.includes(scope)}
          onChecked={(checked) => onChosen(checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))}
        />
      ))}
      {missing ? (
        <p className="field-error" id="scopes-missing" role="alert">
          {t('scopesMissing')}
        </p>
      ) : null}
    </fieldset>
  )
}

/** In how many days a key ends. */
export function DaysField(props: {
  readonly value: string
  readonly onValue: (value: string) => void
  readonly wrong: boolean
}): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <TextField
      label={t('expiresInDays')}
      hint={t('expiresHint')}
      inputMode="numeric"
      value={props.value}
      onValue={props.onValue}
      error={props.wrong ? t('expiresWrong') : undefined}
    />
  )
}

/** Reads a number of days from 1 to 365; undefined where it is none. */
export function daysOf(typed: string): number | undefined {
  const days = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0
  return days >= 1 && days <= 365 ? days : undefined
}
