import { wordsOf } from '../data/column.ts'
import { SENSITIVE_NAMES } from './sensitive-names.ts'
import type { SourceHit } from './sources.ts'

/** Names that mean something of a card only where cards are spoken of: gestures pan, securities have codes. */
const AMBIGUOUS = /(?:^|[.~_])(?:pan|csc|cvn|track[12]?|card_?no|card_?code|security_?code)(?: \(\w+\))?$/i
const SPEAKS_OF_CARDS = /card_?num|cvv|cvc|expiry|exp_?(?:month|year|date)|card_?holder|credit_?card|primary account/i
/** Games, lists of cards and cards of SIMs have numbers as well. */
const SPEAKS_OF_MONEY =
  /\bpay(?!load)|payment|checkout|\bcharg|amount|billing|credit|debit|cvv|cvc|expir|exp_?(?:month|year|date)|holder|luhn|\bbank|\bvisa\b|mastercard|merchant|acquir|transaction|\bpan\b|validat|\bpaid\b|\borders\b|purchase/i
/** Cards that nobody pays with. */
const OTHER_CARD =
  /lo[iy]?al|library|gift|member|sim_?card|smart_?card|rfid|access_?card|deck|flash_?card|business_?card|id(?:entity)?_?card|job_?card|health_?card|insurance|patient|green_?card|report_?card/i

/** Whether a `card` or `cvc` is that of a payment card, by its name and by what else the file speaks of. */
export function isOfPaymentCard({ path }: SourceHit, text: string): boolean {
  if (OTHER_CARD.test(path)) return false
  if (/credit|debit/i.test(path)) return true
  return AMBIGUOUS.test(path) ? SPEAKS_OF_CARDS.test(text) : SPEAKS_OF_MONEY.test(text)
}

/** What a name says by itself that it holds: the number of a card, or its security code. */
export function cardKindOf(name: string): 'card' | 'cvc' | undefined {
  const words = wordsOf(name)
  return (['cvc', 'card'] as const).find(
    (kind) => SENSITIVE_NAMES[kind].pattern.test(words) && !SENSITIVE_NAMES[kind].not.test(words),
  )
}
