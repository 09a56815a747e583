import { constants, createHash, sign, verify, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'
import type { SignatureAlgorithm } from '../merchants/account.ts'

const signOffThread = promisify<string | null, Buffer, Parameters<typeof sign>[2], Buffer>(sign)

/**
 * The bytes that are signed. The scheme `reference-v1` signs the SHA-256 digest of the text instead of the text
 * (contract §3).
 */
function messageOf(text: string, scheme: SignatureScheme): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  return scheme === 'reference-v1' ? createHash('sha256').update(bytes).digest() : bytes
}

/** A text to sign or verify, and how. */
export interface SignedText {
  readonly text: string
  readonly scheme: SignatureScheme
  readonly algorithm: SignatureAlgorithm
}

/** Signs on the thread pool: one RSA signature is longer than everything else that a request needs. */
export async function signText(key: KeyObject, { text, scheme, algorithm }: SignedText): Promise<string> {
  const message = messageOf(text, scheme)
  const signature =
    algorithm === 'RSA'
      ? await signOffThread('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING })
      : await signOffThread(null, message, key)
  return signature.toString('base64')
}

/** Verifies a base64 signature; false for one that is not canonical base64, so that a signature has one spelling. */
export function verifyText(key: KeyObject, signature: string, { text, scheme, algorithm }: SignedText): boolean {
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.toString('base64') !== signature) return false
  const message = messageOf(text, scheme)
  if (algorithm === 'RSA') return verify('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING }, bytes)
  return verify(null, message, key, bytes)
}
