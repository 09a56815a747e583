/** How long a country's account numbers are (ISO 13616 registry): what has another length is none. */
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28 },
  ...{ CZ: 24, DE: 22, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18 },
  ...{ GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32 },
  ...{ LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MR: 27, MT: 31, MU: 30, NL: 18, NO: 15, PK: 24 },
  ...{ PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, SA: 24, SC: 31, SE: 24, SI: 19, SK: 24, SM: 27, SV: 28, TN: 24 },
  ...{ TR: 26, UA: 29, VA: 22, VG: 24, XK: 20 },
}
const BEGINNING = /\b([A-Z]{2})[0-9]{2}(?=[ -]?[0-9A-Z])/gi
/** The longest, with a separator after each four. */
const FAR = 48

/** Where account numbers (IBAN) stand in a text: length and check digits are right (ISO 7064 MOD 97-10). */
export function findIbans(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const { index, 1: country = '' } of text.matchAll(BEGINNING)) {
    const length = LENGTHS[country.toUpperCase()]
    const end = length === undefined ? undefined : endOf(text.slice(index, index + FAR), length)
    if (end !== undefined) found.push({ start: index, end: index + end })
  }
  return found
}

/** Where the number ends that begins the text; undefined where it is none. */
function endOf(text: string, length: number): number | undefined {
  let compact = ''
  let at = 0
  while (at < text.length && compact.length < length) {
    const sign = text.charAt(at++)
    if (/[0-9A-Za-z]/.test(sign)) compact += sign.toUpperCase()
    else if (!/[ -]/.test(sign)) return undefined
  }
  if (compact.length < length || /[0-9A-Za-z]/.test(text.charAt(at))) return undefined
  return restBy97(compact.slice(4) + compact.slice(0, 4)) === 1 ? at : undefined
}

/** What is left of a number by 97; letters count as 10 to 35. */
export function restBy97(text: string): number {
  let rest = 0
  for (const sign of text) {
    const value = parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}
