import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'
import './notifications.css'

/** Leads from the notifications to where they go, and back. */
export function NotificationTabs(): ReactNode {
  const t = useTexts(TEXTS)
  const exact = { exact: true, includeSearch: false }
  return (
    <nav className="notification-tabs" aria-label={t('parts')}>
      <ul>
        <li>
          <Link to="/notifications" activeOptions={exact} activeProps={{ className: 'current' }}>
            {t('title')}
          </Link>
        </li>
        <li>
          <Link to="/notifications/endpoints" activeOptions={exact} activeProps={{ className: 'current' }}>
            {t('endpoints')}
          </Link>
        </li>
      </ul>
    </nav>
  )
}
