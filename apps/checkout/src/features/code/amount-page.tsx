import { majorUnits, parseAmount } from '@ucanpay/wire/parse-amount'
import type { ShownStaticCode } from '@ucanpay/wire/static-code-order'
import { decimalsOf } from '@ucanpay/wire/currencies'
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { formatMoney } from '../../shared/money.ts'
import { t, type TextKey } from '../../shared/texts.ts'
import type { CodeOrder } from './code-order.ts'

interface Trouble {
  readonly text: TextKey
  readonly requestId?: string | undefined
}

/** The page of a static code: what it is for, the amount, and on to an ordinary order's checkout. */
export function AmountPage({ code, order }: { code: ShownStaticCode; order: CodeOrder }): JSX.Element {
  const { merchantName, subject, currency, minAmt, maxAmt } = code
  const fixed = minAmt === maxAmt
  const { busy, trouble, go } = useOrder(order)
  return (
    <>
      <header class="order">
        <p class="merchant">{merchantName}</p>
        <h1>
          <span class="subject">{subject}</span>
          {fixed ? <span class="amount">{formatMoney(minAmt, currency)}</span> : null}
        </h1>
      </header>
      <div role="alert" class={trouble ? 'trouble' : 'hidden'}>
        {trouble ? <p>{t(trouble.text)}</p> : null}
        {trouble?.requestId ? <p>{t('requestId', { id: trouble.requestId })}</p> : null}
      </div>
      <AmountForm code={code} busy={busy} onAmount={go} />
      <footer>
        <p>{t('codeSecure')}</p>
      </footer>
    </>
  )
}

function useOrder(order: CodeOrder): { busy: boolean; trouble: Trouble | undefined; go: (totalAmt: number) => void } {
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>()
  const go = async (totalAmt: number): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    const answer = await order(totalAmt)
    if ('path' in answer) {
      location.assign(answer.path) // Busy until the next page is there: nothing is left to press.
      return
    }
    setBusy(false)
    setTrouble({ text: troubleOf(answer.failure), requestId: answer.requestId })
    // It was switched off since the page was opened, or is none any more: the page is asked anew, and says so.
    if (answer.failure === 'INVALID_REQUEST' || answer.failure === 'NOT_FOUND') location.reload()
  }
  return { busy, trouble, go: (totalAmt) => void go(totalAmt) }
}

function troubleOf(failure: string): TextKey {
  if (failure === 'FREQUENCY_LIMITED') return 'codeBusy'
  return failure === 'offline' ? 'offline' : 'systemError'
}

function AmountForm(props: {
  code: ShownStaticCode
  busy: boolean
  onAmount: (totalAmt: number) => void
}): JSX.Element {
  const { code, busy, onAmount } = props
  const { minAmt, maxAmt } = code
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const amount = minAmt === maxAmt ? minAmt : amountOf(typed, code)
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (busy) return
    setTried(true)
    if (amount === undefined) input.current?.focus()
    else onAmount(amount)
  }
  return (
    <form noValidate onSubmit={submit}>
      {minAmt === maxAmt ? null : (
        <AmountField {...{ code, typed, busy, input }} wrong={tried && amount === undefined} onTyped={setTyped} />
      )}
      <button class="primary" type="submit" aria-disabled={busy} onMouseDown={(event) => event.preventDefault()}>
        {busy ? <span class="spinner" aria-hidden="true" /> : null}
        {t(busy ? 'codeGoing' : 'codeGo')}
      </button>
    </form>
  )
}

/** What was typed, in minor units; undefined where the code would not take it. */
function amountOf(typed: string, { currency, minAmt, maxAmt }: ShownStaticCode): number | undefined {
  const amount = parseAmount(typed, currency)
  return amount !== undefined && amount >= minAmt && amount <= maxAmt ? amount : undefined
}

function AmountField(props: {
  code: ShownStaticCode
  typed: string
  wrong: boolean
  busy: boolean
  input: { current: HTMLInputElement | null }
  onTyped: (typed: string) => void
}): JSX.Element {
  const { code, typed, wrong, busy, input, onTyped } = props
  const { currency } = code
  const [min, max] = [formatMoney(code.minAmt, currency), formatMoney(code.maxAmt, currency)]
  const values = { min, max, example: majorUnits(code.minAmt, currency) }
  return (
    <div class="field">
      <label for="amount">{t('codeAmount', { currency })}</label>
      <input
        id="amount"
        ref={input}
        value={typed}
        autocomplete="off"
        inputMode={decimalsOf(currency) === 0 ? 'numeric' : 'decimal'}
        maxLength={20}
        readOnly={busy}
        required
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby={wrong ? 'amount-hint amount-mistake' : 'amount-hint'}
        onInput={(event) => onTyped(event.currentTarget.value)}
      />
      <p class="hint" id="amount-hint">
        {t('codeAmountHint', values)}
      </p>
      {wrong ? (
        <p class="mistake" id="amount-mistake" role="alert">
          {t(typed.trim() === '' ? 'codeAmountMissing' : 'codeAmountWrong', values)}
        </p>
      ) : null}
    </div>
  )
}
