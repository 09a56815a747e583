/** A card number in a text: where it stands, and its digits. */
export interface CardNumberHit {
  readonly start: number
  readonly end: number
  readonly digits: string
}

/**
 * Digits with at most two separators between each: one pass, no nested quantifier over the same characters, so the
 * time grows with the text and no faster.
 */
const CANDIDATE = /(?<![0-9])[0-9](?:(?:[ .+_-]|%20){0,2}[0-9]){11,18}(?![0-9])/g

/** Prefixes and lengths of the brands (ISO/IEC 7812). A number of no brand is not taken for a card. */
const BRANDS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^(?:30[0-5]|309|36|38|39)/, [14, 15, 16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6[0-9])/, [12, 13, 14, 15, 16, 17, 18, 19]],
]

/** Every card number in a text: right prefix, right length, right check digit, no digit directly before or after. */
export function findCardNumbers(text: string): CardNumberHit[] {
  const hits: CardNumberHit[] = []
  for (const match of text.matchAll(CANDIDATE)) {
    const digits = match[0].replaceAll('%20', '').replace(/[^0-9]/g, '')
    if (isCardNumber(digits)) hits.push({ start: match.index, end: match.index + match[0].length, digits })
  }
  return hits
}

/** True for the digits of a number that a brand could have given out. */
export function isCardNumber(digits: string): boolean {
  return (
    BRANDS.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length)) && isLuhnValid(digits)
  )
}

/** True where the last digit fits the rest (ISO/IEC 7812-1, Luhn). */
function isLuhnValid(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
