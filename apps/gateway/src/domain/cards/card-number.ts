export type CardBrand = 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay' | 'other'

/** Number prefixes of the brands (ISO/IEC 7812 issuer identification numbers). */
const BRANDS: readonly (readonly [CardBrand, RegExp])[] = [
  ['amex', /^3[47]/],
  ['visa', /^4/],
  ['mastercard', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
  ['discover', /^(?:6011|64[4-9]|65)/],
  ['diners', /^(?:30[0-5]|309|36|38|39)/],
  ['jcb', /^35(?:2[89]|[3-8])/],
  ['unionpay', /^62/],
]

/** The brand of a card number, by its first digits. */
export function brandOf(number: string): CardBrand {
  return BRANDS.find(([, prefix]) => prefix.test(number))?.[0] ?? 'other'
}

/** True where the last digit fits the rest (ISO/IEC 7812-1, Luhn). */
export function isLuhnValid(number: string): boolean {
  let sum = 0
  for (let place = 0; place < number.length; place++) {
    const digit = Number(number[number.length - 1 - place])
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
