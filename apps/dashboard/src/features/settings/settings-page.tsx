import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { Code } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { SettingsForm } from './settings-form.tsx'
import { SettingsTabs } from './settings-tabs.tsx'
import { TEXTS } from './texts.ts'
import './settings.css'

const BASIS_POINTS = 10_000

/** The merchant's settings, and what the operator has fixed. */
export function SettingsPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { data, error, refetch } = useApi('GET /dashboard-api/settings', {})
  return (
    <Page title={t('title')}>
      <SettingsTabs />
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <div className="section">
          <Skeleton lines={8} />
        </div>
      ) : (
        <>
          <SettingsForm settings={data} />
          <FixedFacts settings={data} />
        </>
      )}
    </Page>
  )
}

function FixedFacts({ settings }: { readonly settings: Data<'GET /dashboard-api/settings'> }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const { mode } = useSession()
  const fee = new Intl.NumberFormat(localeOf(useLanguage()), { style: 'percent', maximumFractionDigits: 2 })
  return (
    <Section title={t('facts')}>
      <p className="soft">{t('factsText')}</p>
      <Facts
        facts={[
          [t('merchantId'), <Code key="id" text={settings.merchantId} what={t('merchantId')} />],
          [t('scheme'), <code key="scheme">{settings.signatureScheme}</code>],
          [t('signatures', { mode: w(mode).toLowerCase() }), t(settings.signatures)],
          [t('reply'), <code key="reply">{settings.replySignature}</code>],
          [t('fee'), fee.format(settings.feeBasisPoints / BASIS_POINTS)],
        ]}
      />
    </Section>
  )
}
