import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../../shared/texts.ts'
import type { CardEntry } from '@ucanpay/wire/encrypted-card'
import {
  CARD_FIELDS,
  findMistakes,
  toEntry,
  type CardField,
  type CardTyped,
  type Mistake,
  type Mistakes,
} from './card-entry.ts'
import { CardFields } from './card-fields.tsx'

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
  const form = useRef<HTMLFormElement>(null)
  const { typed, mistakes, tried, change, leave, check } = useCard(now)

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (busy) return
    const found = check()
    const first = CARD_FIELDS.find((field) => found[field])
    if (first) form.current?.querySelector<HTMLInputElement>(`#${first}`)?.focus()
    else onPay(toEntry(typed))
  }

  return (
    <form ref={form} noValidate onSubmit={submit}>
      <CardFields typed={typed} mistakes={mistakes} onChange={change} onLeave={leave} disabled={busy} />
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

interface CardState {
  readonly typed: CardTyped
  readonly mistakes: Mistakes
  /** True once the form was sent, or tried to be. */
  readonly tried: boolean
  readonly change: (field: CardField, value: string) => void
  readonly leave: (field: CardField) => void
  /** Looks at everything. @returns what is wrong */
  readonly check: () => Mistakes
}

/** What is typed, and what is wrong with it: told when a field is left, taken back as soon as it is mended. */
function useCard(now: () => Date): CardState {
  const [typed, setTyped] = useState(EMPTY)
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [tried, setTried] = useState(false)

  useEffect(() => {
    // A page that comes back from the browser's memory must not bring a card with it.
    const forget = (): void => setTyped(EMPTY)
    addEventListener('pagehide', forget)
    return () => removeEventListener('pagehide', forget)
  }, [])

  // By what stands then, not by what stood when this was drawn: sending moves the focus, and so leaves a field, too.
  const tell = (field: CardField, mistake: Mistake | undefined): void =>
    setMistakes((earlier) => ({ ...earlier, [field]: mistake }))
  return {
    typed,
    mistakes,
    tried,
    change(field, value) {
      const next = { ...typed, [field]: value }
      setTyped(next)
      if (mistakes[field]) tell(field, findMistakes(next, now())[field])
    },
    leave(field) {
      if (typed[field] !== '' || tried) tell(field, findMistakes(typed, now())[field])
    },
    check() {
      const found = findMistakes(typed, now())
      setMistakes(found)
      setTried(true)
      return found
    },
  }
}
