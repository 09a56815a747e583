import { useState, type ReactNode } from 'react'
import { Initials, useMemberButton } from './member-initials.tsx'
import type { MemberMenu, MenuStart } from './member-menu.tsx'
import { useActing } from './use-acting.ts'

const STARTS: Readonly<Record<string, MenuStart>> = { ArrowDown: 'first', ArrowUp: 'last' }

/** Loads the member's menu. The shell does so when its page stands, so that it opens at once. */
export const loadMemberMenu = (): Promise<typeof MemberMenu> =>
  import('./member-menu.tsx').then((module) => module.MemberMenu)

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
