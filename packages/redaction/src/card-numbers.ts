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
const DIGIT_RUN = /[0-9](?:(?:[ .+_-]|%20){0,2}[0-9])*/g
const SHORTEST = 12
const LONGEST = 19

/**
 * Every card number in a text: right prefix, right length, right check digit. A number may stand beside others, as in
 * `4242 4242 4242 4242 12/27`, so each group of digits is tried as a beginning and as an end; a digit directly before
 * or after makes it part of something longer, which is no card.
 */
export function findCardNumbers(text: string): CardNumberHit[] {
  const hits: CardNumberHit[] = []
  for (const run of text.matchAll(DIGIT_RUN)) {
    const groups = [...run[0].matchAll(/%20|[0-9]+/g)].filter(([group]) => group !== '%20')
    let first = 0
    while (first < groups.length) {
      const length = lengthOfCard(groups, first)
      const last = groups[first + length - 1]
      const start = groups[first]
      if (length > 0 && start && last) {
        const digits = groups
          .slice(first, first + length)
          .map(([group]) => group)
          .join('')
        hits.push({ start: run.index + start.index, end: run.index + last.index + last[0].length, digits })
      }
      first += Math.max(length, 1)
    }
  }
  return hits
}

/** How many groups from `first` on are one card number, the most there can be; 0 where none. */
function lengthOfCard(groups: readonly RegExpMatchArray[], first: number): number {
  let digits = ''
  let found = 0
  for (let at = first; at < groups.length && digits.length < LONGEST; at++) {
    digits += groups[at]?.[0] ?? ''
    if (digits.length >= SHORTEST && digits.length <= LONGEST && isBrandedNumber(digits)) found = at - first + 1
  }
  return found
}
