import type { ReactNode } from 'react'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { SHELL_TEXTS } from './texts.ts'

/** What the button is to everybody, whether its menu was loaded or not. */
export function useMemberButton(): { readonly className: string; readonly 'aria-label': string } {
  const t = useTexts(SHELL_TEXTS)
  const { name, email } = useSession()
  return { className: 'member-button', 'aria-label': `${name || email}, ${t('menu')}` }
}

/** What stands on it. */
export function Initials(): ReactNode {
  const { name, email } = useSession()
  return (
    <span className="initials" aria-hidden="true">
      {(name || email).slice(0, 1).toUpperCase()}
    </span>
  )
}
