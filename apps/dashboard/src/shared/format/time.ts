import { localeOf, type Language } from '../texts/language.ts'
import { kept } from './kept.ts'

/** How much of a moment is told. */
export type TimeDetail = 'full' | 'short' | 'day'

const STYLES: Readonly<Record<TimeDetail, Intl.DateTimeFormatOptions>> = {
  full: { dateStyle: 'medium', timeStyle: 'medium' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { dateStyle: 'medium' },
}

/** A moment (RFC 3339) in the viewer's zone. A short one tells the year where it is not this one. */
export function formatTime(at: string, language: Language, detail: TimeDetail = 'short'): string {
  const moment = new Date(at)
  const otherYear = detail === 'short' && moment.getFullYear() !== new Date().getFullYear()
  const locale = localeOf(language)
  const format = kept(`time ${locale} ${detail} ${otherYear ? 'year' : ''}`, () => {
    const style = { ...STYLES[detail], ...(otherYear ? { year: 'numeric' as const } : {}) }
    return new Intl.DateTimeFormat(locale, style)
  })
  return format.format(moment)
}

/** A moment in UTC, to the second: `2026-11-24 21:38:31 UTC`. */
export function formatUtc(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
