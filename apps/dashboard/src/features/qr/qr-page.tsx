import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../shared/api/queries.ts'
import { Page } from '../../shared/components/page.tsx'
import { Skeleton } from '../../shared/components/states.tsx'
import type { SearchTexts } from '../../shared/search-params.ts'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { CounterForm } from './counter-form.tsx'
import { CounterOrder } from './counter-order.tsx'
import { TEXTS } from './texts.ts'
import './qr.css'

const NO_CURRENCY = 'CAD'

/** Makes an order at the counter and shows its code. The order stands in the address: a reload loses nothing. */
export function QrPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { order }: SearchTexts = useSearch({ strict: false })
  const navigate = useNavigate()
  const go = (ucpOrderNo: string): void => void navigate({ to: '.', search: { order: ucpOrderNo } })
  const known = order !== undefined && /^\d{1,20}$/.test(order)
  return (
    <Page title={t('title')}>
      {known ? <CounterOrder ucpOrderNo={order} onNext={() => go('')} /> : <StartedForm onMade={go} />}
    </Page>
  )
}

/** The form, once it is known what it starts with; without that it starts empty. */
function StartedForm({ onMade }: { readonly onMade: (ucpOrderNo: string) => void }): ReactNode {
  const { may } = useSession()
  const endpoints = useApi('GET /dashboard-api/notification-endpoints', {}, { enabled: may('notifications:read') })
  const payments = useApi('GET /dashboard-api/payments', { query: { limit: '1' } })
  if (endpoints.isLoading || payments.isLoading) return <Skeleton lines={6} />
  const defaults = {
    currency: payments.data?.items[0]?.currency ?? NO_CURRENCY,
    notifyUrl: endpoints.data?.items[0]?.notifyUrl ?? '',
  }
  return <CounterForm defaults={defaults} onMade={onMade} />
}
