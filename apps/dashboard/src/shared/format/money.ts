import { decimalsOf } from '@ucanpay/wire/currencies'
import { localeOf, type Language } from '../texts/language.ts'

/** An amount of minor units as people write it, with the currency's own number of decimals (ISO 4217). */
export function formatMoney(amount: number, currency: string, language: Language): string {
  const digits = decimalsOf(currency)
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  const format = new Intl.NumberFormat(localeOf(language), { style: 'currency', currency, ...fraction })
  // As a decimal text: dividing would round the largest amounts.
  return format.format(`${amount}E-${digits}` as unknown as number)
}

/** Minor units as a plain decimal that an input field can start with: 1250 CAD is `12.50`. */
export function majorUnits(amount: number, currency: string): string {
  const digits = decimalsOf(currency)
  const text = String(amount).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/**
 * Reads an amount that somebody typed in major units, with a point or a comma: `12,5` CAD is 1250.
 *
 * @returns undefined where it is no amount, is zero, or has more decimals than the currency
 */
export function parseAmount(typed: string, currency: string): number | undefined {
  const digits = decimalsOf(currency)
  const match = /^(\d{1,13})(?:[.,](\d{1,3}))?$/.exec(typed.replace(/[\s\u00a0\u202f]/g, ''))
  if (!match) return undefined
  const [, whole = '', decimals = ''] = match
  if (decimals.length > digits) return undefined
  const amount = Number(whole + decimals.padEnd(digits, '0'))
  return Number.isSafeInteger(amount) && amount > 0 ? amount : undefined
}
