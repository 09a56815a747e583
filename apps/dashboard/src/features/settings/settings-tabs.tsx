import type { ReactNode } from 'react'
import { Tabs } from '../../shared/components/tabs.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { PAYOUT_TEXTS } from './texts.ts'

/** Leads from the settings to the payout details and back, where the member may see both. */
export function SettingsTabs(): ReactNode {
  const t = useTexts(PAYOUT_TEXTS)
  const { may } = useSession()
  if (!may('payouts:read')) return null
  return (
    <Tabs
      label={t('parts')}
      pages={[
        ['/settings', t('settings')],
        ['/settings/payouts', t('title')],
      ]}
    />
  )
}
