/** What a signed member may hold. Nested values are not part of `/payment/*` bodies (contract §3). */
export type SignedValue = string | number | boolean | null | undefined

/** A flat body or `data` member, as it is signed. */
export type SignedMembers = Readonly<Record<string, unknown>>

/** How an account signs: contract §3. One account, one scheme, in both directions. */
export const SIGNATURE_SCHEMES = ['guide-2024', 'reference-v1'] as const
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number]

/**
 * The text that is signed: every member but `sign` whose value is neither null nor "", sorted by name in ASCII
 * order, as `name=value` joined by `&`, then, in the scheme `guide-2024`, the endpoint's path.
 *
 * Values are not URL-encoded and not normalised: a signature covers the very code points that were sent. A nested
 * value has no place in the text, so it is left out here and refused by the schemas.
 *
 * @param path the endpoint's path with its leading slash, without query, e.g. `/payment/unifiedorder`
 * @see contract §3
 */
export function stringToSign(members: SignedMembers, path: string, scheme: SignatureScheme = 'guide-2024'): string {
  const pairs: string[] = []
  for (const name of Object.keys(members).sort(byAscii)) {
    if (name === 'sign') continue
    const value = members[name]
    if (value === null || value === undefined || value === '') continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue
    pairs.push(`${name}=${String(value)}`)
  }
  const text = pairs.join('&')
  return scheme === 'guide-2024' ? text + path : text
}

/** Order by code unit, which is ASCII order for ASCII names; `localeCompare` would depend on the machine's language. */
function byAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
