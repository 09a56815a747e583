import { brandOf, isLuhnValid, lengthsOf } from '@ucanpay/wire/card-number'
import type { CardEntry } from '@ucanpay/wire/encrypted-card'
import type { TextKey } from '../../shared/texts.ts'

/** What is in the form's fields. */
export interface CardTyped {
  readonly number: string
  readonly expiry: string
  readonly securityCode: string
  readonly holderName: string
}

export type CardField = keyof CardTyped

/** A mistake, told next to its field. */
export interface Mistake {
  readonly text: TextKey
  readonly values?: Readonly<Record<string, number>>
}

export type Mistakes = Partial<Record<CardField, Mistake>>

export const CARD_FIELDS: readonly CardField[] = ['number', 'expiry', 'securityCode', 'holderName']
const AMEX_GROUPS = [4, 6, 5]
const GROUPS = [4, 4, 4, 4, 3]

/** The digits of a text. */
export function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, '')
}

/** A card number in groups as on the card: 4-4-4-4, or 4-6-5 for Amex. */
export function groupNumber(text: string): string {
  const digits = digitsOf(text).slice(0, 19)
  const parts: string[] = []
  let from = 0
  for (const size of brandOf(digits) === 'amex' ? AMEX_GROUPS : GROUPS) {
    if (from < digits.length) parts.push(digits.slice(from, from + size))
    from += size
  }
  return parts.join(' ')
}

/** Where the caret goes in a regrouped text so that as many digits stand before it as before. */
export function caretAfter(text: string, digitsBefore: number): number {
  let seen = 0
  for (let at = 0; at < text.length; at++) {
    if (seen === digitsBefore) return at
    if (/[0-9]/.test(text.charAt(at))) seen++
  }
  return text.length
}

/** An expiry date as it is typed: `MM / YY`. `4` becomes `04`, `12/2030` becomes `12 / 30`. */
export function formatExpiry(text: string): string {
  const [first = '', ...others] = text.split('/')
  const separated = others.length > 0
  let digits = digitsOf(first)
  const rest = digitsOf(others.join(''))
  if (/^[2-9]/.test(digits) || (separated && digits.length === 1)) digits = `0${digits}`
  const month = digits.slice(0, 2)
  const year = shortYear(digits.slice(2) + rest)
  if (month.length < 2) return month
  return separated || year !== '' ? `${month} / ${year}` : month
}

function shortYear(digits: string): string {
  return digits.length >= 4 && digits.startsWith('20')
    ? digits.slice(2, 4)
    : digits.slice(0, digits.startsWith('20') ? 4 : 2)
}

/** Month and year of a formatted expiry; undefined where it is not one. */
export function readExpiry(text: string): { month: number; year: number } | undefined {
  const match = /^(0[1-9]|1[0-2]) \/ (?:20)?([0-9]{2})$/.exec(text)
  return match ? { month: Number(match[1]), year: 2000 + Number(match[2]) } : undefined
}

/** How many digits the security code of a card has. */
export function codeLength(number: string): number {
  return brandOf(digitsOf(number)) === 'amex' ? 4 : 3
}

/** Every mistake in what was typed; none where it can be sent. */
export function findMistakes(typed: CardTyped, now: Date): Mistakes {
  const mistakes: Mistakes = {}
  const number = digitsOf(typed.number)
  if (number === '') mistakes.number = { text: 'numberMissing' }
  else if (!lengthsOf(number).includes(number.length) || !isLuhnValid(number)) mistakes.number = { text: 'numberWrong' }
  const expiry = readExpiry(typed.expiry)
  if (typed.expiry === '') mistakes.expiry = { text: 'expiryMissing' }
  else if (!expiry) mistakes.expiry = { text: 'expiryWrong' }
  // Good through the last day of its month.
  else if (Date.UTC(expiry.year, expiry.month, 1, 12) <= now.getTime()) mistakes.expiry = { text: 'expiryPast' }
  const digits = codeLength(number)
  if (typed.securityCode === '') mistakes.securityCode = { text: 'codeMissing' }
  else if (digitsOf(typed.securityCode).length !== digits)
    mistakes.securityCode = { text: 'codeWrong', values: { digits } }
  if (typed.holderName.trim() === '') mistakes.holderName = { text: 'nameMissing' }
  // A card number in the wrong field would be sent, kept and shown as a name.
  else if (digitsOf(typed.holderName).length >= 12) mistakes.holderName = { text: 'nameWrong' }
  return mistakes
}

/** What was typed, as it is sent. Call it for what has no mistakes. */
export function toEntry(typed: CardTyped): CardEntry {
  const expiry = readExpiry(typed.expiry)
  if (!expiry) throw new Error('the expiry date was not checked')
  return {
    number: digitsOf(typed.number),
    expiryMonth: expiry.month,
    expiryYear: expiry.year,
    securityCode: digitsOf(typed.securityCode),
    holderName: typed.holderName.trim(),
  }
}
