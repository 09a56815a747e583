import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import type { KeyEncryption, WrappedKey } from './key-encryption.ts'
import type { KeyContext, KeyRing } from './key-ring.ts'

/** A key that seals one owner's data, in use. Its two subkeys encrypt and commit; nothing prints them. */
export interface DataKey {
  readonly keyId: string
  readonly encryption: KeyObject
  /** AES-GCM alone lets one ciphertext open under two keys; a MAC under this key pins it to this one. */
  readonly commitment: KeyObject
}

/** Makes a random data key. @returns the key, and the wrapped form that is stored */
export function createDataKey(ring: KeyRing, context: KeyContext): { dataKey: DataKey; wrapped: Buffer } {
  const bytes = randomBytes(32)
  try {
    return { wrapped: ring.wrap(bytes, context), dataKey: fromBytes(bytes, context.keyId) }
  } finally {
    bytes.fill(0)
  }
}

/** Unwraps a stored data key. @throws EnvelopeError */
export function openDataKey(ring: KeyRing, wrapped: Buffer, context: KeyContext): DataKey {
  const bytes = ring.unwrap(wrapped, context)
  try {
    return fromBytes(bytes, context.keyId)
  } finally {
    bytes.fill(0)
  }
}

function fromBytes(bytes: Buffer, keyId: string): DataKey {
  const subkey = (info: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', bytes, 'ucanpay/data-key/v1', info, 32)))
  return Object.freeze({ keyId, encryption: subkey('encrypt'), commitment: subkey('commit') })
}

/** Makes a random data key. @throws KeySourceError where the source of key-encryption keys cannot be used */
export async function mintDataKey(
  source: KeyEncryption,
  context: KeyContext,
): Promise<{ dataKey: DataKey; wrapped: WrappedKey }> {
  const bytes = randomBytes(32)
  try {
    return { wrapped: await source.wrap(bytes, context), dataKey: fromBytes(bytes, context.keyId) }
  } finally {
    bytes.fill(0)
  }
}

/** Unwraps a stored data key. @throws EnvelopeError, KeySourceError */
export async function unwrapDataKey(source: KeyEncryption, wrapped: WrappedKey, context: KeyContext): Promise<DataKey> {
  const bytes = await source.unwrap(wrapped, context)
  try {
    return fromBytes(bytes, context.keyId)
  } finally {
    bytes.fill(0)
  }
}
