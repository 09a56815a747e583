/** Kinds of API key: secret, restricted (scoped), publishable (may only start a checkout and tokenise a card). */
export const API_KEY_KINDS = ['sk', 'rk', 'pk'] as const
export type ApiKeyKind = (typeof API_KEY_KINDS)[number]

export const MODES = ['test', 'live'] as const
/** Test keys never touch live data (contract §7). */
export type Mode = (typeof MODES)[number]

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const FORM = /^ucp_(sk|rk|pk)_(live|test)_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/

/** What the text of a key says of itself. */
export interface ApiKeyParts {
  readonly kind: ApiKeyKind
  readonly mode: Mode
}

/**
 * Writes a key: `ucp_{kind}_{mode}_`, 32 base62 characters of randomness, 6 of checksum.
 *
 * @param random bytes of a CSPRNG, 64 of them are plenty; values that would favour some characters are skipped
 * @throws RangeError where the bytes run out before 32 characters are found
 * @see contract §2
 */
export function formatApiKey(parts: ApiKeyParts, random: Uint8Array): string {
  let body = ''
  for (const byte of random) {
    if (body.length === 32) break
    // 248 is the largest multiple of 62 in a byte; taking the rest as well would favour the first characters.
    if (byte < 248) body += BASE62.charAt(byte % 62)
  }
  if (body.length < 32) throw new RangeError('not enough random bytes for an API key')
  const preceding = `ucp_${parts.kind}_${parts.mode}_${body}`
  return preceding + checksum(preceding)
}

/** Reads a key's kind and mode; undefined where the form or the checksum is wrong, so that a typo costs no look-up. */
export function parseApiKey(text: string): ApiKeyParts | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  if (checksum(text.slice(0, -6)) !== match[4]) return undefined
  return { kind: match[1] as ApiKeyKind, mode: match[2] as Mode }
}

/** CRC-32 of all that precedes, as 6 base62 characters, zero-padded: a scanner can confirm a hit offline. */
function checksum(preceding: string): string {
  let crc = 0xffffffff
  for (let at = 0; at < preceding.length; at++) {
    crc ^= preceding.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  let rest = (crc ^ 0xffffffff) >>> 0
  let text = ''
  for (let digit = 0; digit < 6; digit++) {
    text = BASE62.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}
