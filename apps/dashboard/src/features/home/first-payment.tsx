import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../../shared/components/copy-button.tsx'
import { Section } from '../../shared/components/page.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { apiOrigin, firstRequest } from './first-request.ts'
import { TEXTS } from './texts.ts'

/** For a merchant without a payment: how to make the first one. */
export function FirstPayment(): ReactNode {
  const t = useTexts(TEXTS)
  const { mode, may } = useSession()
  const request = firstRequest(apiOrigin(location.origin))
  return (
    <Section title={t('first')}>
      <ol className="home-steps">
        <li>
          <h3>{t('firstKey')}</h3>
          <p>{t(mode === 'test' ? 'firstKeyText' : 'firstKeyLive')}</p>
          {may('keys:read') ? (
            <p>
              <Link to="/api-keys">{t('toKeys')}</Link>
            </p>
          ) : null}
        </li>
        <li>
          <h3>{t('firstOrder')}</h3>
          <p>{t('firstOrderText')}</p>
          <pre className="secret" tabIndex={0} aria-label={t('firstOrder')}>
            {request}
          </pre>
          <p>
            <CopyButton text={request} what={t('firstOrder')} />
          </p>
        </li>
        <li>
          <h3>{t('firstPaid')}</h3>
          <p>{t('firstPaidText')}</p>
        </li>
      </ol>
    </Section>
  )
}
