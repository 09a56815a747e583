import { decimalsOf } from './currencies.ts'

/**
 * Reads an amount that somebody typed in major units, with a point or a comma: `12,5` CAD is 1250.
 *
 * @returns minor units; undefined where it is no amount, is zero, or has more decimals than the currency
 * @throws RangeError for an unknown currency
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

/** Minor units as a plain decimal that an input field can start with: 1250 CAD is `12.50`. */
export function majorUnits(amount: number, currency: string): string {
  const digits = decimalsOf(currency)
  const text = String(amount).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
