/** A card as a buyer types it. */
export interface CardEntry {
  readonly number: string
  readonly expiryMonth: number
  readonly expiryYear: number
  readonly securityCode: string
  readonly holderName: string
}

/** The public key that cards are encrypted to: a JWK (RFC 7517). */
export interface CardKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly kid: string
  readonly x: string
  readonly y: string
}

/**
 * A JWE in compact form without an encrypted key: header..nonce.ciphertext.tag (RFC 7516 §7.1, RFC 7518 §4.6). A tag has one
 * spelling: its last character carries two bits, and the four to spare are zero.
 */
export const ENCRYPTED_CARD_PATTERN = String.raw`^[0-9A-Za-z_-]{1,1024}\.\.[0-9A-Za-z_-]{16}\.[0-9A-Za-z_-]{1,1024}\.[0-9A-Za-z_-]{21}[AQgw]$`

const ALGORITHM = { name: 'ECDH', namedCurve: 'P-256' } as const
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts a card to the vault's key, so that nothing between the page and the vault sees its number: a JWE with ECDH-ES
 * over P-256 and A256GCM. Runs in browsers and in Node.js.
 *
 * @param to.context what the card is for, the order's token: it opens for nothing else
 * @returns the JWE, compact
 */
export async function encryptCard(card: CardEntry, to: { key: CardKey; context: string }): Promise<string> {
  const { subtle } = crypto
  const { kid, kty, crv, x, y } = to.key
  const [own, theirs] = await Promise.all([
    subtle.generateKey(ALGORITHM, false, ['deriveBits']),
    subtle.importKey('jwk', { kty, crv, x, y }, ALGORITHM, false, []),
  ])
  const ours = await subtle.exportKey('jwk', own.publicKey)
  const header = {
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    kid,
    apv: base64url(utf8(to.context)),
    epk: { kty: 'EC', crv: 'P-256', x: ours.x, y: ours.y },
  }
  const protectedHeader = base64url(utf8(JSON.stringify(header)))
  const shared = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: theirs }, own.privateKey, 256))
  const derived = await subtle.digest('SHA-256', concatKdfInput({ shared, algorithm: 'A256GCM', context: to.context }))
  const key = await subtle.importKey('raw', derived, 'AES-GCM', false, ['encrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const sealed = new Uint8Array(
    await subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: utf8(protectedHeader), tagLength: TAG_BYTES * 8 },
      key,
      utf8(JSON.stringify(card)),
    ),
  )
  const ciphertext = base64url(sealed.subarray(0, -TAG_BYTES))
  return `${protectedHeader}..${base64url(iv)}.${ciphertext}.${base64url(sealed.subarray(-TAG_BYTES))}`
}

/** What a key is derived from. */
export interface KdfInput {
  /** The shared secret, 32 bytes. */
  readonly shared: Uint8Array
  /** The name of what the key is for. */
  readonly algorithm: 'A256GCM' | 'A128GCM'
  /** PartyUInfo; nothing where absent. */
  readonly sender?: string
  /** PartyVInfo. */
  readonly context: string
}

/**
 * What SHA-256 makes the content key of: one round of the Concat KDF, which is all that keys of up to 256 bits need.
 *
 * @see RFC 7518 §4.6.2; NIST SP 800-56A §5.8.1
 */
export function concatKdfInput({ shared, algorithm, sender = '', context }: KdfInput): Uint8Array<ArrayBuffer> {
  const bits = algorithm === 'A256GCM' ? 256 : 128
  const parts = [uint32(1), shared, ...prefixed(algorithm), ...prefixed(sender), ...prefixed(context), uint32(bits)]
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function prefixed(text: string): Uint8Array[] {
  const bytes = utf8(text)
  return [uint32(bytes.length), bytes]
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
