import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../shared/components/page.tsx'
import { Skeleton } from '../../shared/components/states.tsx'
import type { SearchTexts } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { CounterForm } from './counter-form.tsx'
import { CounterOrder } from './counter-order.tsx'
import { QrTabs } from './tabs.tsx'
import { TEXTS } from './texts.ts'
import { useDefaults } from './use-defaults.ts'
import './qr.css'

/** Makes an order at the counter and shows its code. The order stands in the address: a reload loses nothing. */
export function QrPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { order }: SearchTexts = useSearch({ strict: false })
  const navigate = useNavigate()
  const go = (ucpOrderNo: string): void => void navigate({ to: '.', search: { order: ucpOrderNo } })
  const known = order !== undefined && /^\d{1,20}$/.test(order)
  return (
    <Page title={t('title')}>
      <QrTabs />
      {known ? <CounterOrder ucpOrderNo={order} onNext={() => go('')} /> : <StartedForm onMade={go} />}
    </Page>
  )
}

/** The form, once it is known what it starts with; without that it starts empty. */
function StartedForm({ onMade }: { readonly onMade: (ucpOrderNo: string) => void }): ReactNode {
  const defaults = useDefaults()
  return defaults ? <CounterForm defaults={defaults} onMade={onMade} /> : <Skeleton lines={6} />
}
