import { Combobox, ComboboxItem, ComboboxList, ComboboxProvider } from '@ariakit/react/combobox'
import { Dialog } from '@ariakit/react/dialog'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useSession } from '../../shared/session/session-context.ts'
import { fill, setLanguage, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { setTheme } from '../../shared/theme.ts'
import { useOpenPages } from './navigation.tsx'
import { SHELL_TEXTS } from './texts.ts'
import { useActing } from './use-acting.ts'

interface Command {
  readonly label: string
  readonly keys?: string
  readonly act: () => void
}

/** Every page and action by its name, and every payment by any of its numbers. */
export function CommandPalette({
  onClose,
  onHelp,
}: {
  readonly onClose: () => void
  readonly onHelp: () => void
}): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const [typed, setTyped] = useState('')
  const commands = [...useFixedCommands(onHelp).filter(({ label }) => fits(label, typed)), ...useNumberCommands(typed)]
  return (
    <Dialog
      open
      onClose={onClose}
      unmountOnHide
      className="dialog palette"
      aria-label={t('search')}
      backdrop={<div className="backdrop" />}
    >
      <ComboboxProvider open setOpen={() => undefined} inputValue={typed} setInputValue={setTyped}>
        <Combobox
          autoSelect="always"
          className="palette-input"
          placeholder={t('searchHint')}
          aria-label={t('search')}
          autoFocus
        />
        <ComboboxList className="palette-list" alwaysVisible aria-label={t('search')}>
          {commands.map(({ label, keys, act }) => (
            <ComboboxItem
              key={label}
              className="palette-item"
              focusOnHover
              setValueOnClick={false}
              hideOnClick={false}
              onClick={() => {
                onClose()
                act()
              }}
            >
              {label}
              {keys === undefined ? null : <kbd aria-hidden="true">{keys}</kbd>}
            </ComboboxItem>
          ))}
        </ComboboxList>
        <p className="palette-none" role="status">
          {commands.length === 0 ? t('noCommand') : ''}
        </p>
      </ComboboxProvider>
    </Dialog>
  )
}

/** Every word that was typed begins a word of the label, whatever its accents: `rembours` finds « Remboursements ». */
function fits(label: string, typed: string): boolean {
  const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain(label).split(/[^\p{L}\p{N}]+/u)
  return plain(typed)
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)))
}

function useFixedCommands(onHelp: () => void): readonly Command[] {
  const t = useTexts(SHELL_TEXTS)
  const language = useLanguage()
  const navigate = useNavigate()
  const act = useActing()
  const { mode, switchMode, signOut } = useSession()
  const other = mode === 'test' ? 'live' : 'test'
  return [
    ...useOpenPages().map(({ to, title, key }) => ({
      label: fill(title, language),
      keys: `g ${key}`,
      act: () => void navigate({ to }),
    })),
    { label: t(other === 'live' ? 'toLive' : 'toTest'), act: () => act(() => switchMode(other)) },
    { label: t('account'), act: () => void navigate({ to: '/account' }) },
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      label: `${t('theme')}: ${t(theme)}`,
      act: () => setTheme(theme),
    })),
    { label: language === 'en' ? 'Français' : 'English', act: () => setLanguage(language === 'en' ? 'fr' : 'en') },
    { label: t('shortcuts'), keys: '?', act: onHelp },
    { label: t('signOut'), act: () => act(signOut) },
  ]
}

/** What looks like a number of a payment can be opened or searched for. */
function useNumberCommands(typed: string): readonly Command[] {
  const t = useTexts(SHELL_TEXTS)
  const navigate = useNavigate()
  const { may } = useSession()
  const q = typed.trim()
  if (!may('payments:read') || !/^[0-9A-Za-z_-]{3,64}$/.test(q)) return []
  const find = { label: t('findPayment', { q }), act: () => void navigate({ to: '/payments', search: { q } }) }
  if (!/^[0-9]{8,20}$/.test(q)) return [find]
  return [{ label: t('openPayment', { q }), act: () => void navigate({ to: `/payments/${q}` }) }, find]
}
