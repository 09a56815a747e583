import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { SignatureAlgorithm } from '../merchants/account.ts'

/** One of the gateway's own signing keys. */
export interface PlatformKey {
  readonly kid: string
  readonly algorithm: SignatureAlgorithm
  readonly privateKey: KeyObject
}

/** The gateway's signing keys, parsed once at start-up. */
export interface PlatformKeys {
  /** The key that signs now, by algorithm. */
  readonly active: Readonly<Record<SignatureAlgorithm, PlatformKey>>
  /** The JWK Set that is published: the active keys, and those that are being replaced (RFC 7517). */
  readonly published: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
}

/** The private JWK Set that an installation starts with: one RSA-2048 and one Ed25519 key, named by their day. */
export function generatePlatformKeySet(now: Date): string {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const today = now.toISOString().slice(0, 10)
  const jwk = (key: KeyObject, kid: string): object => ({ ...key.export({ format: 'jwk' }), kid })
  return JSON.stringify({ keys: [jwk(rsa, `rsa-${today}`), jwk(ed25519, `ed25519-${today}`)] }, null, 2)
}

/**
 * Reads a private JWK Set. The first key of each algorithm signs; further ones are published only, so that what they
 * signed can still be verified while a new key takes over (contract §3).
 *
 * @throws Error where the text is not such a set; its message holds nothing of the text
 */
export function parsePlatformKeys(text: string): PlatformKeys {
  let members: unknown
  try {
    members = (JSON.parse(text) as { keys?: unknown }).keys
  } catch {
    throw new Error('the signing keys are not a JWK Set')
  }
  if (!Array.isArray(members)) throw new Error('the signing keys are not a JWK Set')
  const keys = members.map(readKey)
  const rsa = keys.find((key) => key.algorithm === 'RSA')
  const ed25519 = keys.find((key) => key.algorithm === 'ED25519')
  if (!rsa || !ed25519) throw new Error('the signing keys need one RSA and one Ed25519 key')
  return { active: { RSA: rsa, ED25519: ed25519 }, published: { keys: keys.map(publicJwk) } }
}

function readKey(member: unknown): PlatformKey {
  const jwk = member as Record<string, unknown>
  const kid = jwk['kid']
  if (typeof kid !== 'string' || kid === '') throw new Error('a signing key has no kid')
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  } catch {
    throw new Error('a signing key cannot be read')
  }
  if (privateKey.asymmetricKeyType === 'ed25519') return { kid, algorithm: 'ED25519', privateKey }
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0
  if (privateKey.asymmetricKeyType !== 'rsa' || bits < 2048)
    throw new Error('a signing key is neither RSA-2048 nor Ed25519')
  return { kid, algorithm: 'RSA', privateKey }
}

function publicJwk(key: PlatformKey): Record<string, unknown> {
  return {
    ...createPublicKey(key.privateKey).export({ format: 'jwk' }),
    kid: key.kid,
    use: 'sig',
    alg: key.algorithm === 'RSA' ? 'RS256' : 'EdDSA',
  }
}
