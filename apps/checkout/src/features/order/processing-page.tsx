import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../../shared/texts.ts'
import type { CheckoutOrder, OrderApi } from './order.ts'
import { OutcomePage } from './outcome-page.tsx'
import { waitBefore } from './polling.ts'

/** The page of a payment whose outcome is not known yet: it asks until it is. A challenge is led to first. */
export function ProcessingPage(props: {
  order: CheckoutOrder
  api: OrderApi
  onOrder: (order: CheckoutOrder) => void
}): JSX.Element {
  const { order, api, onOrder } = props
  const challenge = pathOf(order.challengeUrl)
  useEffect(() => {
    let looks = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    const look = async (): Promise<void> => {
      const answer = await api.refresh()
      if (gone) return
      if ('order' in answer && answer.order.tradeStatus !== 'USERPAYING') onOrder(answer.order)
      else timer = setTimeout(() => void look(), waitBefore(looks++))
    }
    void look()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [])

  if (challenge !== undefined) {
    return (
      <OutcomePage symbol="wait" title={t('challengeTitle')} text={t('challengeText')}>
        <a class="primary" href={challenge}>
          {t('challengeGo')}
        </a>
      </OutcomePage>
    )
  }
  return (
    <OutcomePage symbol="wait" title={t('processingTitle')} text={t('processingText')}>
      <span class="spinner large" aria-hidden="true" />
    </OutcomePage>
  )
}

/** A challenge is a page of this very origin; anything else, however it is written, is not followed. */
export function pathOf(challengeUrl: string | undefined): string | undefined {
  if (challengeUrl === undefined || !URL.canParse(challengeUrl, location.origin)) return undefined
  const url = new URL(challengeUrl, location.origin)
  return url.origin === location.origin ? url.pathname : undefined
}
