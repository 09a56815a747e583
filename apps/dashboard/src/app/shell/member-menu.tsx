import {
  Menu,
  MenuButton,
  MenuGroup,
  MenuGroupLabel,
  MenuItem,
  MenuItemRadio,
  MenuProvider,
  MenuSeparator,
  useMenuContext,
} from '@ariakit/react/menu'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, type ReactNode, type RefObject } from 'react'
import { useSession } from '../../shared/session/session-context.ts'
import { setLanguage, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { ROLE_TEXTS } from '../../shared/texts/roles.ts'
import { setTheme, useTheme, type Theme } from '../../shared/theme.ts'
import { Initials, useMemberButton } from './member-initials.tsx'
import { SHELL_TEXTS } from './texts.ts'
import { useActing } from './use-acting.ts'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const LANGUAGES = [
  ['en', 'English'],
  ['fr', 'Français'],
] as const

/** Where the focus goes when the menu opens: to the menu itself after a click, to an item after a key. */
export type MenuStart = 'container' | 'first' | 'last'

/** The member's own menu with its button, open. It is loaded when it is first wanted: see `MemberButton`. */
export function MemberMenu({ start }: { readonly start: MenuStart }): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const r = useTexts(ROLE_TEXTS)
  const { name, email, role, signOut } = useSession()
  const navigate = useNavigate()
  const act = useActing()
  const button = useRef<HTMLButtonElement>(null)
  const values = { theme: useTheme(), language: useLanguage() }
  return (
    <MenuProvider values={values} setValues={() => undefined}>
      <MenuButton ref={button} {...useMemberButton()}>
        <Initials />
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
      <Opening button={button} start={start} />
    </MenuProvider>
  )
}

/**
 * Opens the menu as the press on the button that it takes the place of would have, with that one's focus. It stands
 * behind the menu: a menu that has just come forgets where its focus should go.
 */
function Opening({
  button,
  start,
}: {
  readonly button: RefObject<HTMLButtonElement | null>
  readonly start: MenuStart
}): ReactNode {
  const menu = useMenuContext()
  const open = useEffectEvent(() => {
    button.current?.focus()
    menu?.setAutoFocusOnShow(true)
    menu?.setInitialFocus(start)
    menu?.show()
  })
  useEffect(() => open(), [])
  return null
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
