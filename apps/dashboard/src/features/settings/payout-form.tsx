import {
  NUMBERS_OF,
  PAYOUT_FORMS,
  payoutMistakes,
  plainNumber,
  type PayoutDetails,
  type PayoutForm as Form,
  type PayoutNumber,
} from '@ucanpay/wire/payout-details'
import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { SelectField, TextField } from '../../shared/components/field.tsx'
import { Section } from '../../shared/components/page.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { PAYOUT_TEXTS } from './texts.ts'

type Typed = Readonly<Record<PayoutNumber | 'holder', string>>
const EMPTY: Typed = { holder: '', institution: '', transit: '', routing: '', account: '', iban: '' }

/** Replaces the account whole. What is typed lives here alone, and goes once it is saved. */
export function PayoutForm(): ReactNode {
  const t = useTexts(PAYOUT_TEXTS)
  const [form, setForm] = useState<Form>('CA')
  const [typed, setTyped] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('PUT /dashboard-api/payout-details')
  const details = detailsOf(form, typed)
  const mistakes = new Map(payoutMistakes(details).map(({ name, rule }) => [name, rule]))
  const submit = async (): Promise<void> => {
    setTried(true)
    if (mistakes.size > 0 || details.holder === '' || !(await run({ body: details }))) return
    setTyped(EMPTY)
    setTried(false)
    notify(t('saved'))
  }
  const field = (name: keyof Typed, error: string | undefined, hint?: string): ReactNode => (
    <TextField
      key={name}
      label={t(name)}
      hint={hint}
      value={typed[name]}
      onValue={(value) => setTyped({ ...typed, [name]: value })}
      autoComplete="off"
      maxLength={64}
      {...(name === 'holder' || name === 'iban' ? {} : { inputMode: 'numeric' as const })}
      error={tried ? error : undefined}
    />
  )
  return (
    <Section title={t('change')}>
      <form
        className="form payout-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void submit()
        }}
      >
        <SelectField
          label={t('form')}
          value={form}
          onValue={(value) => setForm(PAYOUT_FORMS.find((each) => each === value) ?? form)}
          options={PAYOUT_FORMS.map((value) => ({ value, label: t(value) }))}
        />
        {field('holder', details.holder === '' ? t('required') : undefined)}
        {NUMBERS_OF[form].map((name) => {
          const rule = mistakes.get(name)
          return field(name, rule && t(rule), t(hintOf(form, name)))
        })}
        {failure ? <FailureNote failure={failure} /> : null}
        <div>
          <Button type="submit" tone="primary" busy={busy}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Section>
  )
}

function detailsOf(form: Form, typed: Typed): PayoutDetails {
  const numbers = Object.fromEntries(NUMBERS_OF[form].map((name) => [name, plainNumber(typed[name])]))
  return { form, holder: typed.holder.trim(), ...numbers }
}

function hintOf(form: Form, name: PayoutNumber) {
  if (name !== 'account') return `hint-${name}` as const
  return form === 'US' ? 'hint-account-US' : 'hint-account-CA'
}
