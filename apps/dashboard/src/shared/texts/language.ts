import { useSyncExternalStore } from 'react'
import { kept } from '../format/kept.ts'

/** The languages that the dashboard speaks. */
export type Language = 'en' | 'fr'
/** A text in English and in French. One without the other does not compile. */
export type Text = readonly [en: string, fr: string]
/** What stands for `{name}` in a text. */
export type TextValues = Readonly<Record<string, string | number>>

/** The language of the first preference that we speak; English where there is none. */
export function languageOf(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const language = preference.slice(0, 2).toLowerCase()
    if (language === 'en' || language === 'fr') return language
  }
  return 'en'
}

const preferences: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages
let current = languageOf(preferences)
const listeners = new Set<() => void>()

/** Changes the language of this page. It is kept in memory alone: the next page starts with the browser's again. */
export function setLanguage(language: Language): void {
  current = language
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

/** The language now; a component that reads it is drawn again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}

/** The viewer's own locale where it is of the language: a Canadian reads $4.50 where an American reads CA$4.50. */
export function localeOf(language: Language, among: readonly string[] = preferences): string {
  return among.find((preference) => preference.slice(0, 2).toLowerCase() === language) ?? language
}

/**
 * Fills in a text: `{name}` is replaced by its value, `{name|one|many}` by the form that the number asks for in the
 * language (`{n} {n|payment|payments}`).
 */
export function fill([en, fr]: Text, language: Language, values: TextValues = {}): string {
  return (language === 'fr' ? fr : en).replace(/\{(\w+)(?:\|([^}]*))?\}/g, (whole, name: string, forms?: string) => {
    const value = values[name]
    if (value === undefined) return whole
    if (forms !== undefined) {
      const [one = '', many = ''] = forms.split('|')
      return kept(`plural ${language}`, () => new Intl.PluralRules(language)).select(Number(value)) === 'one'
        ? one
        : many
    }
    if (typeof value === 'string') return value
    const locale = localeOf(language)
    return kept(`number ${locale}`, () => new Intl.NumberFormat(locale)).format(value)
  })
}

/** Gives a dictionary's texts in the viewer's language: `const t = useTexts(TEXTS)`, then `t('title')`. */
export function useTexts<K extends string>(texts: Readonly<Record<K, Text>>): (key: K, values?: TextValues) => string {
  const language = useLanguage()
  return (key, values) => fill(texts[key], language, values)
}
