import { decimalsOf } from '@ucanpay/wire/currencies'
import { language, type Language } from './texts.ts'

/** An amount of minor units as people write it, e.g. 450 CAD: `$4.50`, `4,50 $`. */
export function formatMoney(amount: number, currency: string, inLanguage: Language = language): string {
  const format = new Intl.NumberFormat(`${inLanguage}-CA`, { style: 'currency', currency })
  return format.format(amount / 10 ** decimalsOf(currency))
}
