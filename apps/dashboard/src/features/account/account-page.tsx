import { useState, type ReactNode } from 'react'
import { useApi } from '../../shared/api/queries.ts'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { ROLE_TEXTS } from '../../shared/texts/roles.ts'
import { Factors } from './factors.tsx'
import { Look } from './look.tsx'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes, RecoverySection } from './recovery.tsx'
import { Sessions } from './sessions.tsx'
import { TEXTS } from './texts.ts'
import './account.css'

/** One's own account: second factors, recovery codes, password, sessions, and how the dashboard looks. */
export function AccountPage(): ReactNode {
  const t = useTexts(TEXTS)
  const [codes, setCodes] = useState<readonly string[]>([])
  const { data, error, refetch } = useApi('GET /dashboard-api/factors', {})
  return (
    <Page title={t('title')}>
      <You />
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <div className="section">
          <Skeleton lines={4} />
        </div>
      ) : (
        <>
          {data.items.length === 0 ? (
            <p className="warning" role="status">
              {t('noFactor')}
            </p>
          ) : null}
          <Factors factors={data.items} onCodes={setCodes} />
          <RecoverySection factors={data} onCodes={setCodes} />
        </>
      )}
      <PasswordForm />
      <Sessions />
      <Look />
      <RecoveryCodes codes={codes} onStored={() => setCodes([])} />
    </Page>
  )
}

function You(): ReactNode {
  const t = useTexts(TEXTS)
  const r = useTexts(ROLE_TEXTS)
  const { name, email, role } = useSession()
  return (
    <Section title={t('you')}>
      <Facts
        facts={[
          [t('name'), name || undefined],
          [t('email'), email],
          [t('role'), r(role)],
        ]}
      />
    </Section>
  )
}
