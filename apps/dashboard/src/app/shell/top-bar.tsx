import type { ReactNode } from 'react'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { MemberButton } from './member-button.tsx'
import { SHELL_TEXTS } from './texts.ts'
import { useActing } from './use-acting.ts'

/** Whose dashboard it is, in which mode, the search, and the member's own menu. */
export function TopBar({
  onPalette,
  onMenu,
}: {
  readonly onPalette: () => void
  readonly onMenu: () => void
}): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const { merchantName } = useSession()
  return (
    <header className="top-bar">
      <button type="button" className="menu-button" onClick={onMenu} aria-label={t('menu')}>
        <svg className="symbol" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 6h16M4 12h16M4 18h16" />
        </svg>
      </button>
      <p className="merchant-name">{merchantName}</p>
      <button type="button" className="palette-button" onClick={onPalette} aria-keyshortcuts="Control+K">
        <svg className="symbol" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20" />
        </svg>
        <span className="palette-label">{t('search')}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <ModeSwitch />
      <MemberButton />
    </header>
  )
}

function ModeSwitch(): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const w = useTexts(WORDS)
  const { mode, switchMode } = useSession()
  const act = useActing()
  return (
    <div className={`mode-switch ${mode}`} role="group" aria-label={t('mode')}>
      {(['test', 'live'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={mode === each}
          onClick={() => {
            if (mode !== each) act(() => switchMode(each))
          }}
        >
          {w(each)}
        </button>
      ))}
    </div>
  )
}
