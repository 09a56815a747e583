import { isLuhnValid } from '@ucanpay/wire/card-number'
import { restBy97 } from './ibans.ts'

interface IdForm {
  readonly pattern: RegExp
  /** What has to stand close before it, where the number alone is too much like any other. */
  readonly word?: RegExp
  readonly isOne: (digits: string) => boolean
}

const FORMS: readonly IdForm[] = [
  {
    // United States: three parts, of which some are never given out.
    pattern: /(?<![\w-])(?!000|666|9)[0-9]{3}[- ]?(?!00)[0-9]{2}[- ]?(?!0000)[0-9]{4}(?![\w-])/g,
    word: /\b(?:ssn|social security|itin|tax(?:payer)? id)/i,
    isOne: () => true,
  },
  {
    pattern: /(?<![\w-])[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}(?![\w-])/g,
    word: /\b(?:sin|social insurance|assurance sociale|nas)\b/i,
    isOne: isLuhnValid, // Canada.
  },
  {
    pattern: /\b[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b/gi,
    word: /\b(?:nino|ni number|national insurance)/i,
    isOne: () => true, // United Kingdom.
  },
  // Brazil: two check digits, and its own way of writing.
  { pattern: /(?<![\w.-])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![\w-])/g, isOne: isCpf },
  // China: region, date of birth, and a check character (GB 11643, ISO 7064 MOD 11-2).
  {
    pattern:
      /(?<![\w-])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?!\w)/g,
    isOne: isResidentId,
  },
  // France: sex, year, month, place, and a key of two digits.
  {
    pattern: /(?<![\w-])[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}(?![\w-])/g,
    isOne: (digits) => Number(digits.slice(13)) === 97 - restBy97(digits.slice(0, 13)),
  },
]
const FAR = 48

/** Where numbers stand that a state gave to a person: with check digits where it has them, else close to its word. */
export function findNationalIds(text: string): { start: number; end: number }[] {
  return FORMS.flatMap(({ pattern, word, isOne }) =>
    [...text.matchAll(pattern)]
      .filter(({ index, 0: number }) => {
        if (word && !word.test(text.slice(Math.max(0, index - FAR), index))) return false
        return isOne(number.replace(/[^0-9Xx]/g, ''))
      })
      .map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
  )
}

function isCpf(digits: string): boolean {
  if (/^(.)\1*$/.test(digits)) return false
  return [9, 10].every((place) => {
    let sum = 0
    for (let at = 0; at < place; at++) sum += Number(digits[at]) * (place + 1 - at)
    return ((sum * 10) % 11) % 10 === Number(digits[place])
  })
}

function isResidentId(id: string): boolean {
  let sum = 0
  for (let at = 0; at < 17; at++) sum += Number(id[at]) * (2 ** (17 - at) % 11)
  return '10X98765432'.charAt(sum % 11) === id.charAt(17).toUpperCase()
}
