import type { ReactNode } from 'react'
import { Dialog } from '../../shared/components/dialog.tsx'
import { CheckField } from '../../shared/components/field.tsx'
import { fill, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { useOpenPages } from './navigation.tsx'
import { SHELL_TEXTS } from './texts.ts'
import { setSingleKeys, useSingleKeys } from './use-shortcuts.ts'

/** Every keyboard shortcut, and the switch that turns those of single keys off. */
export function ShortcutHelp(props: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const language = useLanguage()
  const on = useSingleKeys()
  const pages = useOpenPages()
  const rows: readonly (readonly [keys: string, what: string])[] = [
    ['Ctrl K', t('shortcutPalette')],
    ['?', t('shortcutHelp')],
    ['/', t('shortcutSearch')],
    ...pages.map(({ key, title }) => [`g ${key}`, t('shortcutGo', { page: fill(title, language) })] as const),
  ]
  return (
    <Dialog title={t('shortcuts')} {...props}>
      <dl className="shortcuts">
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <CheckField label={t('shortcutsOn')} checked={on} onChecked={setSingleKeys} />
    </Dialog>
  )
}
