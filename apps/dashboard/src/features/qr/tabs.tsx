import type { ReactNode } from 'react'
import { Tabs } from '../../shared/components/tabs.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

/** Leads from the order at the counter to the codes that are printed, and back. */
export function QrTabs(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Tabs
      label={t('parts')}
      pages={[
        ['/qr', t('counter')],
        ['/qr/codes', t('codes')],
      ]}
    />
  )
}
