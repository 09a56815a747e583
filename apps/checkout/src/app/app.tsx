import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CheckoutOrder, OrderApi } from '../features/order/order.ts'
import { OutcomePage, PaidPage, WayBack } from '../features/order/outcome-page.tsx'
import { PayPage } from '../features/order/pay-page.tsx'
import { ProcessingPage, pathOf } from '../features/order/processing-page.tsx'
import { QrPage } from '../features/qr/qr-page.tsx'
import { t } from '../shared/texts.ts'

export interface AppProps {
  readonly first: CheckoutOrder | undefined
  readonly api: OrderApi
  /** At `payUrl`/qr the code is shown instead of the form. */
  readonly view: 'pay' | 'qr'
}

/** The checkout: one order, and the page that fits where it stands. */
export function App({ first, api, view }: AppProps): JSX.Element {
  const [order, setOrder] = useState(first)
  useEffect(() => {
    if (order) document.title = t('title', { merchant: order.merchantName })
  }, [order?.merchantName])
  if (!order) {
    return (
      <main>
        <OutcomePage symbol="stop" title={t('unknownTitle')} text={t('unknownText')} />
      </main>
    )
  }
  const onOrder = (next: CheckoutOrder): void => {
    const challenge = next.tradeStatus === 'USERPAYING' ? pathOf(next.challengeUrl) : undefined
    if (challenge !== undefined && view === 'pay') location.assign(challenge)
    else setOrder(next)
  }
  return (
    <>
      {order.mode === 'test' ? <aside class="test-mode">{t('testMode')}</aside> : null}
      <main>
        <Page order={order} api={api} view={view} onOrder={onOrder} />
      </main>
    </>
  )
}

type PageProps = { order: CheckoutOrder; onOrder: (order: CheckoutOrder) => void } & Pick<AppProps, 'api' | 'view'>

function Page({ order, api, view, onOrder }: PageProps): JSX.Element {
  const { merchantName: merchant } = order
  switch (order.tradeStatus) {
    case 'SUCCESS':
    case 'AUTHORIZED':
      return <PaidPage order={order} />
    case 'USERPAYING':
      return <ProcessingPage order={order} api={api} onOrder={onOrder} />
    case 'CLOSED':
      return <Ended order={order} title={t('closedTitle')} text={t('closedText', { merchant })} />
    case 'REVOKED':
      return <Ended order={order} title={t('revokedTitle')} text={t('revokedText')} />
    case 'REFUND':
      return <Ended order={order} title={t('refundTitle')} text={t('refundText')} />
    case 'NOTPAY':
    case 'PAYERROR':
      if (Date.parse(order.expiresAt) <= Date.parse(order.serverTime)) {
        return <Ended order={order} title={t('closedTitle')} text={t('closedText', { merchant })} />
      }
      if (view === 'qr') return <QrPage order={order} api={api} onOrder={onOrder} />
      return <PayPage order={order} api={api} onOrder={onOrder} />
  }
}

function Ended({ order, title, text }: { order: CheckoutOrder; title: string; text: string }): JSX.Element {
  return (
    <OutcomePage symbol={order.tradeStatus === 'REFUND' ? 'back' : 'stop'} title={title} text={text}>
      <WayBack order={order} />
    </OutcomePage>
  )
}
