import { decimalsOf } from '@ucanpay/wire/currencies'
import { language } from './texts.ts'

/** The buyer's own locale where it is of our language: `CA$4.50` to an American, `$4.50` to a Canadian. */
function localeOf(preferences: readonly string[]): string {
  return preferences.find((preference) => preference.slice(0, 2).toLowerCase() === language) ?? language
}

const locale = localeOf(typeof navigator === 'undefined' ? [] : navigator.languages)

/** An amount of minor units as people write it, with the currency's own number of decimals (ISO 4217). */
export function formatMoney(amount: number, currency: string, inLocale: string = locale): string {
  const digits = decimalsOf(currency)
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  const format = new Intl.NumberFormat(inLocale, { style: 'currency', currency, ...fraction })
  // As a decimal text: dividing would round the largest amounts.
  return format.format(`${amount}E-${digits}` as unknown as number)
}
