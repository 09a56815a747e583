import { brandOf } from '@ucanpay/wire/card-number'
import { findCardNumbers, type CardNumberHit } from './card-numbers.ts'
import { findIbans } from './ibans.ts'
import { findNationalIds } from './national-ids.ts'
import { SECRET_FORMS } from './secret-forms.ts'

/** What must not leave by an open channel. */
export type SensitiveKind =
  'card-number' | 'security-code' | 'key' | 'password' | 'iban' | 'national-id' | 'birth-date' | 'email-address'

/** Something that was found, and where. */
export interface SensitiveHit {
  readonly kind: SensitiveKind
  readonly start: number
  readonly end: number
}

const CARD_WORD =
  /\b(?:card|pan|visa|master ?card|maestro|amex|american express|discover|diners|jcb|unionpay|credit|debit|karte|kreditkarte|carte|tarjeta)/i
const CODE =
  /\b(?:cvc2?|cvv2?|csc|security code|card verification (?:code|value|number)|kartenprüfnummer|prüfziffer|cryptogramme)(?![\p{L}\p{N}])[^\p{L}\p{N}\n]{0,8}(?:(?:is|ist|est|es|number|code)\b[^\p{L}\p{N}\n]{0,4})?[0-9]{3,4}(?![\p{L}\p{N}])/giu
const PASSWORD =
  /(?<![\p{L}\p{N}])(?:password|passwort|kennwort|mot de passe|contraseña|passcode|passphrase)(?:\s{0,2}[:=]|\s(?:is|ist|est|es)\b:?)\s{0,3}(\S{4,128})/giu
const BIRTH_DATE =
  /(?<![\p{L}\p{N}])(?:date of birth|birth ?date|born(?: on)?|d\.?o\.?b\.?|geburtsdatum|geboren(?: am)?|date de naissance|née? le|fecha de nacimiento)(?![\p{L}\p{N}])[^\p{L}\p{N}\n]{0,6}(?:(?:[0-9]{1,4}[./ -][0-9]{1,2}[./ -][0-9]{1,4})|(?:[0-9]{1,2}\.? )?\p{L}{3,10}\.? (?:[0-9]{1,2}(?:st|nd|rd|th)?,? )?[0-9]{4})/giu
const EMAIL =
  /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?=[0-9-]{0,62}\p{L})[\p{L}\p{N}-]{1,63}/gu
const UUID = /\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b/g
const FAR = 60

/**
 * Everything in a text that must not leave by mail, chat or any other open channel. It is made for words that people
 * read: order and tracking numbers, telephone numbers, times and identifiers are told from card numbers by how they are
 * written and by what is said about them. Give it digits of ASCII (`plainDigits`) and what was encoded already decoded.
 */
export function findSensitive(text: string): SensitiveHit[] {
  const all = (kind: SensitiveKind, pattern: RegExp): SensitiveHit[] =>
    [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ kind, start: index, end: index + length }))
  return [
    ...cardNumbers(text).map(({ start, end }) => ({ kind: 'card-number' as const, start, end })),
    ...all('security-code', CODE),
    ...SECRET_FORMS.flatMap((form) => all('key', form)),
    ...passwords(text),
    ...findIbans(text).map((hit) => ({ kind: 'iban' as const, ...hit })),
    ...findNationalIds(text).map((hit) => ({ kind: 'national-id' as const, ...hit })),
    ...all('birth-date', BIRTH_DATE),
    ...all('email-address', EMAIL),
  ]
}

function cardNumbers(text: string): CardNumberHit[] {
  const hits = findCardNumbers(text)
  if (hits.length === 0) return hits
  const uuids = [...text.matchAll(UUID)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }))
  return hits.filter((hit) => {
    if (uuids.some(({ start, end }) => start <= hit.start && hit.end <= end)) return false
    const around = `${text.slice(Math.max(0, hit.start - FAR), hit.start)} ${text.slice(hit.end, hit.end + FAR)}`
    if (CARD_WORD.test(around)) return true
    if (/[0-9A-Fa-f]$/.test(text.slice(0, hit.start)) || /^[A-Fa-f][0-9A-Fa-f]/.test(text.slice(hit.end)))
      return !/[0-9a-f]{24}/i.test(text.slice(Math.max(0, hit.start - 32), hit.end + 32)) // Digits within a hash.
    return isWrittenLikeACard(text.slice(hit.start, hit.end), hit.digits)
  })
}

/**
 * In one piece, or in groups as on the card. Numbers of other lengths are as likely a parcel's (a tenth of all numbers
 * has the right check digit), so those count only where a card is spoken of.
 */
function isWrittenLikeACard(text: string, digits: string): boolean {
  const isUsualLength = digits.length === 16 || (digits.length === 15 && brandOf(digits) === 'amex')
  const groups = text.split(/[^0-9]+/)
  if (groups.length === 1) return isUsualLength
  const sizes = groups.map(({ length }) => length)
  if (/^4,6,[45]$/.test(sizes.join())) return true
  const [first = 0] = sizes
  const last = sizes.at(-1) ?? 0
  return first <= 8 && last <= first && sizes.slice(0, -1).every((size) => size === first)
}

/** Values that could be one. An address, a row of stars, or a word of the sentence is none. */
function passwords(text: string): SensitiveHit[] {
  return [...text.matchAll(PASSWORD)].flatMap(({ index, 0: whole, 1: value = '' }) => {
    const bare = value.replace(/^["'“«(]+|["'”».,;:!?)]+$/gu, '')
    const couldBe = /[0-9]/.test(bare) || /[^\p{L}\p{N}'’-]/u.test(bare) || /\p{Ll}\p{Lu}/u.test(bare)
    if (bare.length < 4 || !couldBe || /^(?:https?:\/\/|www\.|[*•·.…x_[{<-]+$|\[|\{)/i.test(bare)) return []
    return [{ kind: 'password' as const, start: index, end: index + whole.length }]
  })
}
