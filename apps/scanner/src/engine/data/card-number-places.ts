import { findCardNumbers } from '@ucanpay/redaction/card-numbers'
import type { FileScan } from '../scan/file-scan.ts'
import { isTestCard } from './test-cards.ts'

/** Data in which a card number does not have to be called one to be one. */
const DATA_KINDS = new Set(['log', 'data', 'sql', 'json', 'text'])
const CARD_WORD =
  /\b(?:card|pan|visa|master ?card|amex|american express|discover|jcb|unionpay|cc|ccnum|cvc|cvv|exp(?:iry)?|cardholder|credit|debit|kreditkarte|karte|carte|tarjeta)/i
/** Numbers that are called something else. */
const OTHER_WORD =
  /(?:order|invoice|tracking|shipment|parcel|serial|imei|isbn|ean|upc|sku|gtin|timestamp|nonce|trade ?no|transaction|request|trace|span|session|correlation|phone|account|ticket|reference|ref|uuid|guid|hash|sha|checksum|version|build|seed|offset|_?id|snowflake|microtime|epoch)[\w."' -]{0,24}[=:]?\W{0,4}$/i
/** "e.g. 4111 …", "test card: 4111 …": said to be one that works nowhere. */
const FOR_SHOW =
  /(?:\be\.?g\b|\bexample|\bsample|\bfor instance|\bsuch as|\btest[ _-]?(?:card|number|pan|value)s?)\W{0,4}[\w ]{0,12}\W{0,3}$/i
const FAR = 60
/** As many are enough to say that a file is full of them. */
const MOST = 20

/** A card number that stands in a file. */
export interface CardNumberPlace {
  readonly start: number
  readonly end: number
  readonly digits: string
}

/** Card numbers in the text of a file, twenty at most: not those published for tests, nor numbers that only look so. */
export function cardNumberPlaces(scan: FileScan): CardNumberPlace[] {
  const { text } = scan.file
  if (scan.isFor('documentation')) return []
  const places: CardNumberPlace[] = []
  for (const place of findCardNumbers(text)) {
    if (places.length >= MOST) break
    if (!isTestCard(place.digits) && isCardNumber(place, scan)) places.push(place)
  }
  return places
}

function isCardNumber({ start, end }: CardNumberPlace, scan: FileScan): boolean {
  const { text, kind } = scan.file
  if (isPartOfWord(text, start, end)) return false
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const before = text.slice(Math.max(lineStart, start - FAR), start)
  if (OTHER_WORD.test(before) && !CARD_WORD.test(before)) return false
  if (FOR_SHOW.test(before)) return false
  if (CARD_WORD.test(nearby(text, start, end))) return true
  return DATA_KINDS.has(kind) && looksWritten(text.slice(start, end), scan.lineAt(start))
}

function nearby(text: string, start: number, end: number): string {
  return `${text.slice(Math.max(0, start - FAR), start)} ${text.slice(end, end + FAR)}`
}

/** Within an identifier, a decimal fraction, a hash or a path of coordinates, digits are no card. */
function isPartOfWord(text: string, start: number, end: number): boolean {
  return (
    /[\w.]$/.test(text.slice(Math.max(0, start - 1), start)) || /^(?:[A-Za-z_]|\.\d)/.test(text.slice(end, end + 2))
  )
}

/** Written as cards are, in groups of four, or a column of its own: not a number that happens to fit. */
function looksWritten(number: string, line: string): boolean {
  if (/^\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}$|^\d{4}([ -])\d{6}\2\d{5}$/.test(number)) return true
  return CARD_WORD.test(line)
}
