import { isBrandedNumber } from '@ucanpay/wire/card-number'

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

/** Every card number in a text: right prefix, right length, right check digit, no digit directly before or after. */
export function findCardNumbers(text: string): CardNumberHit[] {
  const hits: CardNumberHit[] = []
  for (const match of text.matchAll(CANDIDATE)) {
    const digits = match[0].replaceAll('%20', '').replace(/[^0-9]/g, '')
    if (isBrandedNumber(digits)) hits.push({ start: match.index, end: match.index + match[0].length, digits })
  }
  return hits
}
