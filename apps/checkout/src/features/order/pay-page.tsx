import type { CardEntry, CardKey } from '@ucanpay/wire/encrypted-card'
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { formatMoney } from '../../shared/money.ts'
import { t, type TextKey } from '../../shared/texts.ts'
import { CardForm } from '../card/card-form.tsx'
import type { Answer, CheckoutOrder, OrderApi } from './order.ts'

/** Which text tells of a decline. */
const DECLINES: Readonly<Record<string, TextKey>> = {
  declined: 'declined',
  insufficient_funds: 'insufficientFunds',
  processor_error: 'processorError',
  challenge_failed: 'challengeFailed',
}

const CLOSING_SOON_MS = 10 * 60_000
const TICK_MS = 15_000

/** The page on which an order is paid. */
export function PayPage(props: {
  order: CheckoutOrder
  api: OrderApi
  onOrder: (order: CheckoutOrder) => void
}): JSX.Element {
  const { order, api, onOrder } = props
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<{ text: TextKey; requestId?: string }>()
  const now = useServerClock(order)
  const amount = formatMoney(order.totalAmt, order.currency)

  const pay = async (card: CardEntry): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    const answer = await paySafely(api, { card, key: order.cardKey })
    setBusy(false)
    if ('order' in answer) onOrder(answer.order)
    else setTrouble({ text: troubleOf(answer.failure), ...(answer.requestId ? { requestId: answer.requestId } : {}) })
  }
  const declined = order.tradeStatus === 'PAYERROR' && !busy && !trouble

  return (
    <>
      <header class="order">
        <p class="merchant">{order.merchantName}</p>
        <h1>
          <span class="subject">{order.subject}</span>
          <span class="amount">{amount}</span>
        </h1>
        <ClosingSoon order={order} now={now} />
      </header>
      <div role="alert" class={declined || trouble ? 'trouble' : 'hidden'}>
        {declined ? <p>{t(DECLINES[order.declineReason ?? ''] ?? 'declined')}</p> : null}
        {trouble ? <p>{t(trouble.text)}</p> : null}
        {trouble?.requestId ? <p>{t('requestId', { id: trouble.requestId })}</p> : null}
      </div>
      <CardForm
        key={declined ? 'again' : 'first'}
        amount={amount}
        busy={busy}
        now={now}
        onPay={(card) => void pay(card)}
      />
      <p class="hidden" role="status">
        {busy ? t('paying') : ''}
      </p>
      <footer>
        <p>{t('secure')}</p>
        <p>
          <a href={`${location.pathname}/qr`}>{t('qrLink')}</a>
        </p>
      </footer>
    </>
  )
}

/**
 * Sends a payment once. Where no answer comes, or the order turns out to be somewhere else, it looks at the order
 * before anything is offered again: the payment may have gone through.
 */
async function paySafely(api: OrderApi, { card, key }: { card: CardEntry; key: CardKey }): Promise<Answer> {
  const answer = await api.pay(card, key)
  if ('order' in answer || answer.failure === 'PARAM_ERROR') return answer
  const found = await api.find()
  // Still to be paid: what went wrong is told. An earlier decline must not look like the fate of this attempt.
  const open = !('order' in found) || found.order.tradeStatus === 'NOTPAY' || found.order.tradeStatus === 'PAYERROR'
  if (!open) return found
  return answer
}

function troubleOf(failure: string): TextKey {
  if (failure === 'PARAM_ERROR') return 'refusedDetails'
  return failure === 'offline' ? 'offline' : 'systemError'
}

/** The gateway's time, by how far it was from ours when the order came. */
function useServerClock(order: CheckoutOrder): () => Date {
  const aheadMs = useMemo(() => Date.parse(order.serverTime) - Date.now(), [order.serverTime])
  return () => new Date(Date.now() + aheadMs)
}

function ClosingSoon({ order, now }: { order: CheckoutOrder; now: () => Date }): JSX.Element | null {
  const [, setTicks] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTicks((ticks) => ticks + 1), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const leftMs = Date.parse(order.expiresAt) - now().getTime()
  if (leftMs > CLOSING_SOON_MS || leftMs <= 0) return null
  return <p class="closing">{t('expiresIn', { minutes: Math.max(1, Math.round(leftMs / 60_000)) })}</p>
}
