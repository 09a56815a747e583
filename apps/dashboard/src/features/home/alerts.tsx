import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Section } from '../../shared/components/page.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import type { HomeData } from './figures.ts'
import { TEXTS } from './texts.ts'

type Alert = HomeData['alerts'][number]

/** What each kind says, and where one acts on it. */
const KINDS = {
  'key-in-browser': { text: 'alert-key-in-browser', to: '/api-keys' },
  'key-in-url': { text: 'alert-key-in-url', to: '/api-keys' },
  'key-in-body': { text: 'alert-key-in-body', to: '/api-keys' },
  'key-over-http': { text: 'alert-key-over-http', to: '/api-keys' },
  'key-reported': { text: 'alert-key-reported', to: '/api-keys' },
  'key-expiring': { text: 'alert-key-expiring', to: '/api-keys' },
  'notification-failed': { text: 'alert-notification-failed', to: '/notifications' },
} as const

/** What wants to be looked at, each with a link to where one does something about it. */
export function Alerts({ alerts }: { readonly alerts: readonly Alert[] }): ReactNode {
  const t = useTexts(TEXTS)
  if (alerts.length === 0) return null
  return (
    <Section title={t('alerts')}>
      <ul className="home-alerts">
        {alerts.map((alert) => (
          <li key={alert.alertId} className="warning">
            <AlertText alert={alert} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function AlertText({ alert }: { readonly alert: Alert }): ReactNode {
  const t = useTexts(TEXTS)
  const { kind, target, times, lastAt } = alert
  // A gateway that is newer than this page may know more kinds.
  const known = kind in KINDS ? KINDS[kind as keyof typeof KINDS] : undefined
  return (
    <>
      <p>{known ? <Link to={known.to}>{t(known.text)}</Link> : <code>{kind}</code>}</p>
      <p className="soft small">
        <code>{target}</code> · {t('times', { n: times })} · <Time at={lastAt} />
      </p>
    </>
  )
}
