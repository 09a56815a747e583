import { useState, type ReactNode } from 'react'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import type { MemberMenu } from './member-menu.tsx'
import { SHELL_TEXTS } from './texts.ts'
import { useActing } from './use-acting.ts'

/** Where the focus goes when the menu opens: to the menu itself after a click, to an item after a key. */
export type MenuStart = 'container' | 'first' | 'last'

const STARTS: Readonly<Record<string, MenuStart>> = { ArrowDown: 'first', ArrowUp: 'last' }

/** Loads the member's menu. The shell does so when its page stands, so that it opens at once. */
export const loadMemberMenu = (): Promise<typeof MemberMenu> =>
  import('./member-menu.tsx').then((module) => module.MemberMenu)

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

/** The member's own menu: its button alone until somebody first wants it. */
export function MemberButton(): ReactNode {
  const [opened, setOpened] = useState<{ readonly Menu: typeof MemberMenu; readonly start: MenuStart }>()
  const act = useActing()
  const button = useMemberButton()
  if (opened) return <opened.Menu start={opened.start} />
  const open = (start: MenuStart): void =>
    act(async () => {
      const Menu = await loadMemberMenu()
      setOpened({ Menu, start })
    })
  return (
    <button
      {...button}
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      // A click without a count is a key's.
      onClick={(event) => open(event.detail === 0 ? 'first' : 'container')}
      onKeyDown={(event) => {
        const start = STARTS[event.key]
        if (start === undefined) return
        event.preventDefault()
        open(start)
      }}
    >
      <Initials />
    </button>
  )
}
