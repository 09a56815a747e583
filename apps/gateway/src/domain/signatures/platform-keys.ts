import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { SignatureAlgorithm } from '../merchants/account.ts'

/** One of the gateway's own signing keys. */
export interface PlatformKey {
  readonly kid: string
  readonly algorithm: SignatureAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** The gateway's signing keys, parsed once at start-up. */
export interface PlatformKeys {
  /** The key that signs now, by algorithm. */
  readonly active: Readonly<Record<SignatureAlgorithm, PlatformKey>>
  /** The JWK Set that is published: the active keys, and those that are being replaced (RFC 7517). */
  readonly published: JwkSet
  /** With those that were retired as well, by which the audit log of their time is verified. */
  readonly everyPublic: JwkSet
}

interface JwkSet {
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

/** The private JWK Set that an installation starts with: one RSA-2048 and one Ed25519 key, named by their day. */
export function generatePlatformKeySet(now: Date): string {
  return JSON.stringify({ keys: generateKeyPair(now, new Set()) }, null, 2)
}

/** One RSA-2048 and one Ed25519 private JWK, whose names are not among those in use. */
export function generateKeyPair(now: Date, used: ReadonlySet<string>): PrivateJwk[] {
  const today = now.toISOString().slice(0, 10)
  const name = (algorithm: string): string => {
    for (let count = 1; ; count++) {
      const kid = `${algorithm}-${today}${count === 1 ? '' : `-${count}`}`
      if (!used.has(kid)) return kid
    }
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const jwk = (key: KeyObject, kid: string): PrivateJwk => ({ ...key.export({ format: 'jwk' }), kid })
  return [jwk(rsa, name('rsa')), jwk(ed25519, name('ed25519'))]
}

/**
 * Reads a private JWK Set. The first key of each algorithm signs; further ones are published only, so that what they
 * signed can still be verified while a new key takes over (contract §3). One without its private half is retired: it is
 * not published any more, and is there for the audit log alone.
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
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) throw new Error('two signing keys have one kid')
  const signing = keys.filter((key): key is PlatformKey => key.privateKey !== undefined)
  const rsa = signing.find((key) => key.algorithm === 'RSA')
  const ed25519 = signing.find((key) => key.algorithm === 'ED25519')
  if (!rsa || !ed25519) throw new Error('the signing keys need one RSA and one Ed25519 key')
  return {
    active: { RSA: rsa, ED25519: ed25519 },
    published: { keys: signing.map(publicJwk) },
    everyPublic: { keys: keys.map(publicJwk) },
  }
}

/** A key of the set; retired where it has no private half. */
type KeptKey = Pick<PlatformKey, 'kid' | 'algorithm'> & {
  readonly privateKey?: KeyObject
  readonly publicKey: KeyObject
}

/** A JWK as it lies in the file. */
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kid: string }

function readKey(member: unknown): KeptKey {
  const jwk = (member ?? {}) as Record<string, unknown>
  const kid = jwk['kid']
  if (typeof kid !== 'string' || kid === '') throw new Error('a signing key has no kid')
  let halves: { readonly privateKey?: KeyObject; readonly publicKey: KeyObject }
  try {
    const privateKey = 'd' in jwk ? { privateKey: createPrivateKey({ key: jwk, format: 'jwk' }) } : {}
    halves = { ...privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) }
  } catch {
    throw new Error('a signing key cannot be read')
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = halves.publicKey
  if (asymmetricKeyType === 'ed25519') return { kid, algorithm: 'ED25519', ...halves }
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new Error('a signing key is neither RSA-2048 nor Ed25519')
  return { kid, algorithm: 'RSA', ...halves }
}

function publicJwk(key: Pick<KeptKey, 'kid' | 'algorithm' | 'publicKey'>): Record<string, unknown> {
  return {
    ...key.publicKey.export({ format: 'jwk' }),
    kid: key.kid,
    use: 'sig',
    alg: key.algorithm === 'RSA' ? 'RS256' : 'EdDSA',
  }
}
