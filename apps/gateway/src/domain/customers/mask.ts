/**
 * As much of an address as tells one customer from another to who knows them: `ada@example.com` is `a•••@e•••.com`. How
 * long the parts are does not show.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  const top = dot > 0 ? domain.slice(dot) : ''
  return `${firstOf(email.slice(0, Math.max(at, 0)))}•••@${firstOf(domain)}•••${top}`
}

/** The first letter of each of a name's words, three at most: `Ada King Lovelace` is `A••• K••• L•••`. */
export function maskName(name: string): string {
  const words = name.split(/\s+/u).filter(Boolean).slice(0, 3)
  return words.map((word) => `${firstOf(word)}•••`).join(' ')
}

/** A letter as people see it, with its accents, however many code points that takes. */
function firstOf(text: string): string {
  const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)
  return first?.segment ?? ''
}
