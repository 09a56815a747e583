import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { formatMoney } from '../../shared/money.ts'
import { t } from '../../shared/texts.ts'
import { Symbol, type SymbolName } from '../../shared/symbol.tsx'
import type { CheckoutOrder } from './order.ts'

const RETURN_AFTER_MS = 5_000

/** A page that tells how it stands: a sign, a heading that gets the focus, what it means, what to do next. */
export function OutcomePage(props: {
  symbol: SymbolName
  title: string
  text: string
  children?: ComponentChildren
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  // The heading takes the focus, so that a screen reader tells at once what became of the payment.
  useEffect(() => heading.current?.focus(), [props.title])
  return (
    <section class="outcome">
      <Symbol name={props.symbol} />
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
      <p>{props.text}</p>
      {props.children}
    </section>
  )
}

/** The page of an order that is paid, or whose money is held: then back to the shop. */
export function PaidPage({ order }: { order: CheckoutOrder }): JSX.Element {
  const values = { amount: formatMoney(order.totalAmt, order.currency), merchant: order.merchantName }
  const held = order.tradeStatus === 'AUTHORIZED'
  return (
    <OutcomePage
      symbol="done"
      title={t(held ? 'heldTitle' : 'paidTitle')}
      text={t(held ? 'heldText' : 'paidText', values)}
    >
      <WayBack order={order} automatic />
    </OutcomePage>
  )
}

/** Back to the shop, by a button, and after a while by itself where nobody asks to stay. */
export function WayBack({
  order,
  automatic = false,
}: {
  order: CheckoutOrder
  automatic?: boolean
}): JSX.Element | null {
  const [staying, setStaying] = useState(!automatic)
  const url = safeReturn(order.returnUrl)
  useEffect(() => {
    if (staying || url === undefined) return undefined
    const timer = setTimeout(() => location.assign(url), RETURN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [staying, url])
  if (url === undefined) return null
  return (
    <div class="way-back">
      <a class="primary" href={url}>
        {t('goBack', { merchant: order.merchantName })}
      </a>
      {staying ? null : (
        <p>
          {t('goingBack', { merchant: order.merchantName })}{' '}
          <button class="link" type="button" onClick={() => setStaying(true)}>
            {t('stay')}
          </button>
        </p>
      )}
    </div>
  )
}

/** The gateway has checked it when the order was placed; a page still does not follow what is not the web. */
function safeReturn(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined
}
