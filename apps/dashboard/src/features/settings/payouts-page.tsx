import { NUMBERS_OF } from '@ucanpay/wire/payout-details'
import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { EmptyState, ErrorState, FailureNote, Skeleton } from '../../shared/components/states.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { PayoutForm } from './payout-form.tsx'
import { SettingsTabs } from './settings-tabs.tsx'
import { PAYOUT_TEXTS } from './texts.ts'
import { useRevealedDetails } from './use-revealed-details.ts'
import './payouts.css'

type Masked = NonNullable<Data<'GET /dashboard-api/payout-details'>['details']>

/** Where the money of the mode goes: masked, shown for a minute on demand, replaced. */
export function PayoutsPage(): ReactNode {
  const t = useTexts(PAYOUT_TEXTS)
  const w = useTexts(WORDS)
  const { may, mode } = useSession()
  const { data, error, refetch } = useApi('GET /dashboard-api/payout-details', {})
  const writes = may('payouts:write')
  return (
    <Page title={t('title')}>
      <SettingsTabs />
      <p className="soft">{t('lead', { mode: w(mode).toLowerCase() })}</p>
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          {data.details ? (
            <CurrentDetails key={`${mode} ${data.details.changedAt}`} masked={data.details} />
          ) : (
            <EmptyState title={t('none')}>
              <p>{t(writes ? 'noneText' : 'noneReadOnly')}</p>
            </EmptyState>
          )}
          {writes ? <PayoutForm key={mode} /> : null}
        </>
      ) : (
        <div className="section">
          <Skeleton lines={6} />
        </div>
      )}
    </Page>
  )
}

function CurrentDetails({ masked }: { readonly masked: Masked }): ReactNode {
  const t = useTexts(PAYOUT_TEXTS)
  const { may } = useSession()
  const { details, toggle, busy, failure } = useRevealedDetails()
  const names = NUMBERS_OF[masked.form]
  return (
    <Section
      title={t('now')}
      actions={
        may('payouts:write') ? (
          <Button small busy={busy} onClick={toggle}>
            {t(details ? 'hide' : 'show')}
          </Button>
        ) : null
      }
    >
      {failure ? <FailureNote failure={failure} /> : null}
      <Facts
        facts={[
          [t('form'), t(masked.form)],
          [t('holder'), details?.holder ?? masked.holderMasked],
          ...names.map((name) => {
            const hidden = name === 'account' || name === 'iban' ? `•••• ${masked.last4}` : '•••'
            return [t(name), <code key={name}>{details?.[name] ?? hidden}</code>] as const
          }),
          [t('changed'), <Time key="at" at={masked.changedAt} detail="full" />],
          [t('by'), <code key="by">{masked.changedBy}</code>],
        ]}
      />
    </Section>
  )
}
