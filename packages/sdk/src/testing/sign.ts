import { constants, createHash, sign, verify, type KeyObject } from 'node:crypto'
import { stringToSign, type SignatureScheme, type SignedMembers } from '@ucanpay/wire/string-to-sign'
import type { Random } from './state.ts'

/** A kind of signature. */
export type SignatureAlgorithm = 'RSA' | 'ED25519'

/** How an account signs, in both directions. */
export interface SigningRules {
  readonly scheme: SignatureScheme
  readonly path: string
}

/** What the gateway signs with. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm
  readonly privateKey: KeyObject
  readonly random: Random
}

/** Signs a `data` as the gateway does (contract §3). */
export function signData(signer: Signer, data: object, rules: SigningRules): Record<string, unknown> {
  const { algorithm, privateKey, random } = signer
  const unsigned = { ...data, nonceStr: random(16).toString('hex'), signType: algorithm }
  const message = messageOf(unsigned, rules)
  const signature =
    algorithm === 'RSA'
      ? sign('sha256', message, { key: privateKey, padding: constants.RSA_PKCS1_PADDING })
      : sign(null, message, privateKey)
  return { ...unsigned, sign: signature.toString('base64') }
}

/** A signature to check. */
export interface Signed extends SigningRules {
  readonly members: SignedMembers
  readonly sign: string
  readonly algorithm: SignatureAlgorithm
}

/** False, too, for a signature that is not spelled as base64 is. */
export function isSignedBy(key: KeyObject, { members, sign: signature, algorithm, ...rules }: Signed): boolean {
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.toString('base64') !== signature) return false
  const message = messageOf(members, rules)
  if (key.asymmetricKeyType !== (algorithm === 'RSA' ? 'rsa' : 'ed25519')) return false
  if (algorithm === 'ED25519') return verify(null, message, key, bytes)
  return verify('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING }, bytes)
}

function messageOf(members: SignedMembers, { path, scheme }: SigningRules): Buffer {
  const bytes = Buffer.from(stringToSign(members, path, scheme), 'utf8')
  return scheme === 'reference-v1' ? createHash('sha256').update(bytes).digest() : bytes
}
