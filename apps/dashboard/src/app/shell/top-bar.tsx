import {
  Menu,
  MenuButton,
  MenuGroup,
  MenuGroupLabel,
  MenuItem,
  MenuItemRadio,
  MenuProvider,
  MenuSeparator,
} from '@ariakit/react/menu'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSession } from '../../shared/session/session-context.ts'
import { setLanguage, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { ROLE_TEXTS } from '../../shared/texts/roles.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { setTheme, useTheme, type Theme } from '../../shared/theme.ts'
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
      <MemberMenu />
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

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const LANGUAGES = [
  ['en', 'English'],
  ['fr', 'Français'],
] as const

function MemberMenu(): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const r = useTexts(ROLE_TEXTS)
  const { name, email, role, signOut } = useSession()
  const navigate = useNavigate()
  const act = useActing()
  const values = { theme: useTheme(), language: useLanguage() }
  return (
    <MenuProvider values={values} setValues={() => undefined}>
      <MenuButton className="member-button" aria-label={`${name || email}, ${t('menu')}`}>
        <span className="initials" aria-hidden="true">
          {(name || email).slice(0, 1).toUpperCase()}
        </span>
      </MenuButton>
      <Menu className="menu" gutter={6}>
        <div className="menu-who">
          <strong>{name}</strong>
          <span>{email}</span>
          <span>{r(role)}</span>
        </div>
        <MenuItem className="menu-item" onClick={() => void navigate({ to: '/account' })}>
          {t('account')}
        </MenuItem>
        <MenuSeparator className="menu-line" />
        <LookChoices />
        <MenuSeparator className="menu-line" />
        <MenuItem className="menu-item" onClick={() => act(signOut)}>
          {t('signOut')}
        </MenuItem>
      </Menu>
    </MenuProvider>
  )
}

/** The theme, and the language. */
function LookChoices(): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  return (
    <>
      <MenuGroup>
        <MenuGroupLabel className="menu-label">{t('theme')}</MenuGroupLabel>
        {THEMES.map((each) => (
          <MenuItemRadio
            key={each}
            className="menu-item"
            name="theme"
            value={each}
            hideOnClick={false}
            onClick={() => setTheme(each)}
          >
            {t(each)}
          </MenuItemRadio>
        ))}
      </MenuGroup>
      <MenuSeparator className="menu-line" />
      <MenuGroup>
        <MenuGroupLabel className="menu-label">{t('language')}</MenuGroupLabel>
        {LANGUAGES.map(([value, label]) => (
          <MenuItemRadio
            key={value}
            className="menu-item"
            name="language"
            value={value}
            lang={value}
            onClick={() => setLanguage(value)}
          >
            {label}
          </MenuItemRadio>
        ))}
      </MenuGroup>
    </>
  )
}
