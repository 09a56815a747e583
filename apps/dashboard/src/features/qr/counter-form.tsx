import { CURRENCIES } from '@ucanpay/wire/currencies'
import { majorUnits, parseAmount } from '@ucanpay/wire/parse-amount'
import { useRef, useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { SelectField, TextField } from '../../shared/components/field.tsx'
import { Section } from '../../shared/components/page.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { newOrderNumber } from './order-number.ts'
import { readAddress, readSubject } from './order-words.ts'
import { TEXTS } from './texts.ts'
import type { Operations } from '../../shared/api/schema.ts'

/** What the form starts with: what was used last. */
export interface CounterDefaults {
  readonly currency: string
  readonly notifyUrl: string
}

/** What the list offers is what the API takes. */
type Currency = Operations['POST /dashboard-api/orders']['body']['currency']

interface OrderValues {
  readonly subject: string
  readonly totalAmt: number
  readonly currency: string
  readonly notifyUrl: string
}

/** What is typed into the form, as it stands there. */
type Typed = Record<'amount' | 'subject' | 'currency' | 'notifyUrl', string>

/** An amount to show how one is written. */
const EXAMPLE = 1250

/** Makes an order at the counter. */
export function CounterForm(props: {
  readonly defaults: CounterDefaults
  readonly onMade: (ucpOrderNo: string) => void
}): ReactNode {
  const { defaults, onMade } = props
  const t = useTexts(TEXTS)
  const [typed, setTyped] = useState<Typed>({ amount: '', subject: '', ...defaults })
  const [tried, setTried] = useState(false)
  const { make, busy, failure } = useMake(onMade)
  const submit = (): void => {
    setTried(true)
    const { totalAmt, subject, notifyUrl, currency } = valuesOf(typed)
    if (totalAmt !== undefined && subject !== undefined && notifyUrl !== undefined)
      void make({ totalAmt, subject, notifyUrl, currency })
  }
  return (
    <Section title={t('make')}>
      <p className="soft">{t('makeText')}</p>
      <form
        className="form qr-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) submit()
        }}
      >
        <CounterFields typed={typed} tried={tried} onTyped={(changes) => setTyped({ ...typed, ...changes })} />
        {failure ? <FailureNote failure={failure} /> : null}
        <div>
          <Button type="submit" tone="primary" busy={busy}>
            {t('show')}
          </Button>
        </div>
      </form>
    </Section>
  )
}

/** What was typed as the gateway takes it; what it would not take is undefined. */
function valuesOf({ amount, subject, currency, notifyUrl }: Typed): Readonly<
  Record<'subject' | 'notifyUrl', string | undefined>
> & {
  readonly totalAmt: number | undefined
  readonly currency: string
} {
  return {
    currency,
    totalAmt: parseAmount(amount, currency),
    subject: readSubject(subject),
    notifyUrl: readAddress(notifyUrl),
  }
}

function CounterFields(props: {
  readonly typed: Typed
  readonly tried: boolean
  readonly onTyped: (changes: Partial<Typed>) => void
}): ReactNode {
  const { typed, tried, onTyped } = props
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const { totalAmt, subject, notifyUrl } = valuesOf(typed)
  const example = { example: majorUnits(EXAMPLE, typed.currency) }
  return (
    <>
      <div className="qr-amount">
        <TextField
          label={t('amount')}
          hint={t('amountHint', example)}
          value={typed.amount}
          onValue={(amount) => onTyped({ amount })}
          inputMode="decimal"
          autoComplete="off"
          autoFocus
          error={tried && totalAmt === undefined ? t('badAmount', example) : undefined}
        />
        <SelectField
          label={w('currency')}
          value={typed.currency}
          onValue={(currency) => onTyped({ currency })}
          options={CURRENCIES.map((value) => ({ value, label: value }))}
        />
      </div>
      <TextField
        label={t('subject')}
        value={typed.subject}
        onValue={(text) => onTyped({ subject: text })}
        maxLength={30}
        error={tried && subject === undefined ? t('badSubject') : undefined}
      />
      <TextField
        type="url"
        label={t('notifyUrl')}
        hint={t('notifyHint')}
        value={typed.notifyUrl}
        onValue={(text) => onTyped({ notifyUrl: text })}
        maxLength={256}
        error={tried && notifyUrl === undefined ? t('badUrl') : undefined}
      />
    </>
  )
}

/** Pressed again after a failure, the same values carry the same number: there is one order, not two. */
function useMake(onMade: (ucpOrderNo: string) => void): {
  readonly make: (values: OrderValues) => Promise<void>
  readonly busy: boolean
  readonly failure: ReturnType<typeof useAction>['failure']
} {
  const { run, busy, failure } = useAction('POST /dashboard-api/orders')
  const numbered = useRef({ values: '', outTradeNo: '' })
  const make = async (values: OrderValues): Promise<void> => {
    const key = JSON.stringify(values)
    if (numbered.current.values !== key) numbered.current = { values: key, outTradeNo: newOrderNumber() }
    const made = await run({
      body: { ...values, currency: values.currency as Currency, outTradeNo: numbered.current.outTradeNo },
    })
    if (made) onMade(made.ucpOrderNo)
  }
  return { make, busy, failure }
}
