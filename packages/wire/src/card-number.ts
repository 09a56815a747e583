export type CardBrand =
  'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay' | 'maestro' | 'other'

interface BrandRule {
  readonly brand: CardBrand
  readonly prefix: RegExp
  readonly lengths: readonly number[]
}

/** Prefixes and lengths of the brands (ISO/IEC 7812 issuer identification numbers). The first that fits is it. */
const BRANDS: readonly BrandRule[] = [
  { brand: 'visa', prefix: /^4/, lengths: [13, 16, 19] },
  { brand: 'mastercard', prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { brand: 'amex', prefix: /^3[47]/, lengths: [15] },
  { brand: 'discover', prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] },
  { brand: 'diners', prefix: /^(?:30[0-5]|309|36|38|39)/, lengths: [14, 15, 16, 17, 18, 19] },
  { brand: 'jcb', prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { brand: 'unionpay', prefix: /^62/, lengths: [16, 17, 18, 19] },
  { brand: 'maestro', prefix: /^(?:50|5[6-9]|6)/, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
]

const ANY_LENGTH = [12, 13, 14, 15, 16, 17, 18, 19] as const

/** The brand of a card number, by its first digits. */
export function brandOf(number: string): CardBrand {
  return BRANDS.find(({ prefix }) => prefix.test(number))?.brand ?? 'other'
}

/** The lengths that numbers of the same brand have. */
export function lengthsOf(number: string): readonly number[] {
  return BRANDS.find(({ prefix }) => prefix.test(number))?.lengths ?? ANY_LENGTH
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

/** True for the digits of a number that a known brand could have given out. */
export function isBrandedNumber(digits: string): boolean {
  return brandOf(digits) !== 'other' && lengthsOf(digits).includes(digits.length) && isLuhnValid(digits)
}
