import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { encode } from 'uqr'
import { formatMoney } from '../../shared/money.ts'
import { t } from '../../shared/texts.ts'
import type { CheckoutOrder, OrderApi } from '../order/order.ts'

const LOOK_MS = 2_000

/** An order's code for a till's screen: the buyer scans it and pays on their own phone. */
export function QrPage(props: {
  order: CheckoutOrder
  api: OrderApi
  onOrder: (order: CheckoutOrder) => void
}): JSX.Element {
  const { order, api, onOrder } = props
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return // Nobody looks; the next look after they do tells all.
      void api.find().then((answer) => {
        if ('order' in answer) onOrder(answer.order)
      })
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <section class="qr">
      <p class="merchant">{order.merchantName}</p>
      <h1>
        <span class="subject">{t('scan')}</span>
        <span class="amount">{formatMoney(order.totalAmt, order.currency)}</span>
      </h1>
      <Code text={order.payUrl} />
      <p>{t('scanText')}</p>
      <p class="waiting" role="status">
        {t('waiting')}
      </p>
    </section>
  )
}

/** The code as one path of squares, with the quiet zone that scanners need (ISO/IEC 18004). */
function Code({ text }: { text: string }): JSX.Element {
  const { data, size } = encode(text, { border: 4, ecc: 'M' })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg class="code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('qrAlt')} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
