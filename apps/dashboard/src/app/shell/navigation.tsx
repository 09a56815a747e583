import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Dialog } from '../../shared/components/dialog.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { fill, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { PAGES, type PageEntry } from './pages.ts'
import { SHELL_TEXTS } from './texts.ts'

/** The pages that the member may open. */
export function useOpenPages(): readonly PageEntry[] {
  const { may } = useSession()
  return PAGES.filter(({ right }) => right === undefined || may(right))
}

/** The page that an address belongs to, where the member may not open it: typed by hand, or from somebody's link. */
export function useClosedPage(path: string): PageEntry | undefined {
  const { may } = useSession()
  const [, first = ''] = path.split('/')
  return PAGES.find(({ to, right }) => to === `/${first}` && right !== undefined && !may(right))
}

/** The list of pages; the current one is marked. */
export function NavigationList(): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const language = useLanguage()
  return (
    <nav className="navigation" aria-label={t('navigation')}>
      <p className="brand">UCanPay</p>
      <ul>
        {useOpenPages().map(({ to, title, symbol }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              activeProps={{ className: 'current' }}
            >
              <svg className="symbol" viewBox="0 0 24 24" aria-hidden="true">
                <path d={symbol} />
              </svg>
              {fill(title, language)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The same list on a phone, behind the menu button. */
export function NavigationDrawer(props: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  return (
    <Dialog title={t('menu')} {...props}>
      <NavigationList />
    </Dialog>
  )
}
