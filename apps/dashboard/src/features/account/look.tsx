import type { ReactNode } from 'react'
import { SelectField } from '../../shared/components/field.tsx'
import { Section } from '../../shared/components/page.tsx'
import { setLanguage, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { setTheme, useTheme } from '../../shared/theme.ts'
import { TEXTS } from './texts.ts'

const THEMES = ['system', 'light', 'dark'] as const

/** The theme, and the language. */
export function Look(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Section title={t('look')}>
      <div className="account-look">
        <SelectField
          label={t('theme')}
          value={useTheme()}
          onValue={(value) => setTheme(THEMES.find((each) => each === value) ?? 'system')}
          options={THEMES.map((value) => ({ value, label: t(value) }))}
        />
        <SelectField
          label={t('language')}
          hint={t('languageHint')}
          value={useLanguage()}
          onValue={(value) => setLanguage(value === 'fr' ? 'fr' : 'en')}
          options={[
            { value: 'en', label: 'English' },
            { value: 'fr', label: 'Français' },
          ]}
        />
      </div>
    </Section>
  )
}
