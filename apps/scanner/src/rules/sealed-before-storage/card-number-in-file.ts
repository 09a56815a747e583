import { findCardNumbers } from '@ucanpay/redaction/card-numbers'
import { isTestCard } from '../../engine/data/test-cards.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

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
const MOST = 20

export const rule: Rule = {
  id: 'card-number-in-file',
  practice: 6,
  severity: 'critical',
  title: 'A card number stands unencrypted in a file',
  why: 'A full card number in a file, a log or a dump is cardholder data wherever the file is copied to: each backup, each clone and each laptop that holds it falls under PCI DSS, and a leak of it has to be reported.',
  mend: 'Delete the file, or cut the number down to its last four digits, and find out what wrote it there. Have the gateway keep the card, and store its token.',
  before: '2026-03-01 charge card=4929 1234 …',
  after: '2026-03-01 charge card=tok_8fK2… last4=3456',
  language: 'text',
  controls: { pci: ['3.5.1', '3.4.1', '3.2.1'], asvs: ['14.2.4'], gdpr: ['5(1)(f)', '32(1)(a)'] },
  silentIn: ['lockfile', 'vendored', 'generated'],
  on: { text: { check: checkText } },
}

function checkText(scan: FileScan): void {
  const { text, kind } = scan.file
  let reported = 0
  for (const { start, end, digits } of findCardNumbers(text)) {
    if (reported >= MOST) return
    if (isTestCard(digits) || isPartOfWord(text, start, end)) continue
    const line = scan.lineAt(start)
    const before =
      text
        .slice(Math.max(0, start - FAR), start)
        .split('\n')
        .at(-1) ?? ''
    const isCalledCard = CARD_WORD.test(nearby(text, start, end))
    if (OTHER_WORD.test(before) && !CARD_WORD.test(before)) continue
    if (FOR_SHOW.test(before) || scan.isFor('documentation')) continue
    const isData = DATA_KINDS.has(kind) && looksWritten(text.slice(start, end), line)
    if (!isCalledCard && !isData) continue
    reported++
    scan.report({
      at: { start, end },
      secret: [{ start, end }],
      message: `A card number (${digits.length} digits, check digit right) stands in the file`,
      severity: scan.isFor('test', 'fixture', 'example') ? 'medium' : 'critical',
    })
  }
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
