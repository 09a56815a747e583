import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../../shared/texts.ts'
import type { CardEntry } from '../order/order.ts'
import { BrandMark } from './brand-mark.tsx'
import {
  CARD_FIELDS,
  caretAfter,
  codeLength,
  digitsOf,
  findMistakes,
  formatExpiry,
  groupNumber,
  toEntry,
  type CardField,
  type CardTyped,
  type Mistake,
  type Mistakes,
} from './card-entry.ts'
import { Field } from './field.tsx'

const EMPTY: CardTyped = { number: '', expiry: '', securityCode: '', holderName: '' }

export interface CardFormProps {
  readonly amount: string
  readonly busy: boolean
  /** The gateway's clock: the buyer's may be wrong. */
  readonly now: () => Date
  readonly onPay: (card: CardEntry) => void
}

/** The form for a card. What is typed lives in it alone, and goes when it goes. */
export function CardForm({ amount, busy, now, onPay }: CardFormProps): JSX.Element {
  const [typed, setTyped] = useState(EMPTY)
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)

  useEffect(() => {
    // A page that comes back from the browser's memory must not bring a card with it.
    const forget = (): void => setTyped(EMPTY)
    addEventListener('pagehide', forget)
    return () => removeEventListener('pagehide', forget)
  }, [])

  // By what stands then, not by what stood when this was drawn: sending moves the focus, and so leaves a field, too.
  const tell = (field: CardField, mistake: Mistake | undefined): void =>
    setMistakes((earlier) => ({ ...earlier, [field]: mistake }))
  const change = (field: CardField, value: string): void => {
    const next = { ...typed, [field]: value }
    setTyped(next)
    // A mistake goes as soon as it is mended; a new one waits until the field is left.
    if (mistakes[field]) tell(field, findMistakes(next, now())[field])
  }
  const leave = (field: CardField): void => {
    if (typed[field] !== '' || tried) tell(field, findMistakes(typed, now())[field])
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (busy) return
    const found = findMistakes(typed, now())
    setMistakes(found)
    setTried(true)
    const first = CARD_FIELDS.find((field) => found[field])
    if (first) form.current?.querySelector<HTMLInputElement>(`#${first}`)?.focus()
    else onPay(toEntry(typed))
  }
  const shared = { typed, mistakes, onChange: change, onLeave: leave, disabled: busy }

  return (
    <form ref={form} noValidate onSubmit={submit}>
      <div class="number">
        <Field
          {...shared}
          field="number"
          label={t('cardNumber')}
          autocomplete="cc-number"
          inputMode="numeric"
          maxLength={25}
          format={(input) => {
            const before = digitsOf(input.value.slice(0, input.selectionStart ?? input.value.length)).length
            const grouped = groupNumber(input.value)
            const caret = caretAfter(grouped, before)
            input.value = grouped
            input.setSelectionRange(caret, caret)
            return grouped
          }}
        />
        <BrandMark number={digitsOf(typed.number)} />
      </div>
      <div class="pair">
        <Field
          {...shared}
          field="expiry"
          label={t('expiry')}
          hint={t('expiryHint')}
          autocomplete="cc-exp"
          inputMode="numeric"
          maxLength={9}
          format={(input) => {
            // Taking a sign away must be possible, so only what grows is put into form.
            const growing = input.value.length > typed.expiry.length
            return growing ? formatExpiry(input.value) : input.value
          }}
        />
        <Field
          {...shared}
          field="securityCode"
          label={t('securityCode')}
          hint={t('securityCodeHint')}
          autocomplete="cc-csc"
          inputMode="numeric"
          maxLength={codeLength(typed.number)}
          format={(input) => digitsOf(input.value)}
        />
      </div>
      <Field
        {...shared}
        field="holderName"
        label={t('name')}
        autocomplete="cc-name"
        inputMode="text"
        maxLength={64}
        format={(input) => input.value}
      />
      <p class="summary" role="alert">
        {tried && Object.values(mistakes).some(Boolean) ? t('errorSummary') : ''}
      </p>
      <button
        class="primary"
        type="submit"
        aria-disabled={busy}
        // The field keeps the focus while the button is pressed: its mistake would move the button from under the finger.
        onMouseDown={(event) => event.preventDefault()}
      >
        {busy ? <span class="spinner" aria-hidden="true" /> : null}
        {busy ? t('paying') : t('pay', { amount })}
      </button>
    </form>
  )
}
