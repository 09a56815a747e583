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
  /lo[iy]?al|library|gift|member|sim_?card|rfid|patient|deck|flash_?card|business_?card|id_?card|(?:\bpan|identity|smart|job|student|staff|employee|health|insurance|medicare|ration|travel|transit|metro|access|voter|green|bonus|discount|club|report|score|time)_?card/i
/** Where this is spoken of, PAN is the number by which India taxes somebody. */
const SPEAKS_OF_INDIAN_TAX = /\bgst(?:in)?|aadhaa?r|\bifsc|\bkyc|income_?tax|\btds\b|pan_?(?:card|number|no)\b/i
/** Cards that are played with or collected have numbers, and are sold as well. */
const SPEAKS_OF_COLLECTING =
  /\brarity|pok[eé]mon|\btcg\b|yu-?gi-?oh|trading[-_ ]?card|\bbingo\b|\btarot\b|mana_?cost|\bdeck/i
const SPEAKS_OF_PAYING_BY_CARD = /cvv|cvc|expiry|exp_?(?:month|year|date)|card_?holder|credit_?card|luhn/i

/** Whether a `card` or `cvc` is that of a payment card, by its name and by what else the file speaks of. */
export function isOfPaymentCard({ path }: SourceHit, text: string): boolean {
  if (OTHER_CARD.test(path)) return false
  if (/credit|debit/i.test(path)) return true
  if (/(?:^|[.~_])pan(?: \(\w+\))?$/i.test(path) && SPEAKS_OF_INDIAN_TAX.test(text)) return false
  if (SPEAKS_OF_COLLECTING.test(text) && !SPEAKS_OF_PAYING_BY_CARD.test(text)) return false
  return AMBIGUOUS.test(path) ? SPEAKS_OF_CARDS.test(text) : SPEAKS_OF_MONEY.test(text)
}

/** What a name says by itself that it holds: the number of a card, or its security code. */
export function cardKindOf(name: string): 'card' | 'cvc' | undefined {
  const words = wordsOf(name)
  return (['cvc', 'card'] as const).find(
    (kind) => SENSITIVE_NAMES[kind].pattern.test(words) && !SENSITIVE_NAMES[kind].not.test(words),
  )
}
