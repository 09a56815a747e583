import { decimalsOf } from '@ucanpay/wire/currencies'
import { localeOf, type Language } from '../texts/language.ts'
import { kept } from './kept.ts'

/** An amount of minor units as people write it, with the currency's own number of decimals (ISO 4217). */
export function formatMoney(amount: number, currency: string, language: Language): string {
  const digits = decimalsOf(currency)
  const format = kept(`money ${localeOf(language)} ${currency}`, () => {
    const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    return new Intl.NumberFormat(localeOf(language), { style: 'currency', currency, ...fraction })
  })
  // As a decimal text: dividing would round the largest amounts.
  return format.format(`${amount}E-${digits}` as unknown as number)
}

/** Amounts as people type them: the buyers' pages read them by the same rules. */
export { majorUnits, parseAmount } from '@ucanpay/wire/parse-amount'
