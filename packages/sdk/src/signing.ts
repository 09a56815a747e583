import {
  constants,
  createHash,
  createPublicKey,
  randomBytes,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { stringToSign, type SignatureScheme } from '@ucanpay/wire/string-to-sign'

type Members = Readonly<Record<string, unknown>>

/** How requests are signed and answers are verified. */
export interface SigningRules {
  readonly scheme: SignatureScheme
  readonly path: string
}

function messageOf(members: Members, { scheme, path }: SigningRules): Buffer {
  const bytes = Buffer.from(stringToSign(members, path, scheme), 'utf8')
  return scheme === 'reference-v1' ? createHash('sha256').update(bytes).digest() : bytes
}

/** Adds nonce, time and signature to a body; every try of a request gets new ones. */
export function signMembers(key: KeyObject, members: Members, rules: SigningRules): Members {
  const ed25519 = key.asymmetricKeyType === 'ed25519'
  const unsigned = {
    ...members,
    nonceStr: randomBytes(16).toString('hex'),
    timestamp: new Date().toISOString(),
    signType: ed25519 ? 'ED25519' : 'RSA',
  }
  const message = messageOf(unsigned, rules)
  const signature = ed25519
    ? sign(null, message, key)
    : sign('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING })
  return { ...unsigned, sign: signature.toString('base64') }
}

/** True where one of the keys signed the members, over that path. */
export function verifyMembers(keys: readonly KeyObject[], members: Members, rules: SigningRules): boolean {
  const signature = members['sign']
  const signType = members['signType']
  if (typeof signature !== 'string' || (signType !== 'RSA' && signType !== 'ED25519')) return false
  const message = messageOf(members, rules)
  const bytes = Buffer.from(signature, 'base64')
  return keys.some((key) => {
    if (signType === 'ED25519') return key.asymmetricKeyType === 'ed25519' && verify(null, message, key, bytes)
    if (key.asymmetricKeyType !== 'rsa') return false
    return verify('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING }, bytes)
  })
}

/** The public keys of a JWK Set; those of a kind that we do not know are left out. */
export function readJwks(value: unknown): KeyObject[] {
  const members = (value as { keys?: unknown } | null)?.keys
  if (!Array.isArray(members)) return []
  return members.flatMap((jwk: JsonWebKey) => {
    try {
      return [createPublicKey({ key: jwk, format: 'jwk' })]
    } catch {
      return [] // A key for something that this version cannot verify.
    }
  })
}
