const NOT_ASCII = /[^\x00-\x7f]/ // eslint-disable-line no-control-regex -- The whole of ASCII is meant.
const OTHER_NUMBER = /(?![0-9])[\p{Nd}\p{No}]/gu
/** What takes no room on a page: digits with one of these between them look like digits without. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\u034f/gu
const DECIMAL = /\p{Nd}/u

/**
 * A text as a finder of numbers reads it: digits of every script, full-width, circled and raised ones as 0 to 9,
 * dashes and spaces of every kind as `-` and a space, and without what takes no room. A text in ASCII comes back as it is.
 */
export function plainDigits(text: string): string {
  if (!NOT_ASCII.test(text)) return text
  return text
    .replace(INVISIBLE, '')
    .replace(OTHER_NUMBER, digitOf)
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[\p{Pd}\u2212]/gu, '-')
}

/** Decimal digits come in runs of ten, zero first, so how many precede one tells which it is. */
function digitOf(sign: string): string {
  if (!DECIMAL.test(sign)) {
    const plain = sign.normalize('NFKC')
    return /^[0-9]$/.test(plain) ? plain : sign
  }
  const code = sign.codePointAt(0) ?? 0
  let before = 0
  while (before < 100 && DECIMAL.test(String.fromCodePoint(code - before - 1))) before++
  return String(before % 10)
}
