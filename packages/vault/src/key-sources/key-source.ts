import { EnvelopeError } from '../envelope-error.ts'
import type { KeyEncryption } from '../key-encryption.ts'
import { lengthPrefixed, type KeyContext } from '../key-ring.ts'

/** A source of key-encryption keys that can stand beside others: each tells which names are its own. */
export interface KeySource extends KeyEncryption {
  /** What each `wrappedBy` of this source begins with, and of no other: `ring/`, `transit/transit/ucanpay/`. */
  readonly prefix: string
}

const DATA_KEY_BYTES = 32

/**
 * The associated data that binds a wrapped key to its owner.
 *
 * @throws RangeError for half a surrogate pair
 */
export function contextBytes({ merchantId, purpose, keyId }: KeyContext): Buffer {
  return lengthPrefixed(['data-key', merchantId, purpose, keyId])
}

/** Stops what is not a data key from leaving this process. @throws RangeError */
export function requireDataKey(bytes: Buffer): void {
  if (bytes.length !== DATA_KEY_BYTES) throw new RangeError('a data key has 32 bytes')
}

/** What a source unwrapped, as it is. @throws EnvelopeError where it is no data key */
export function unwrappedDataKey(bytes: Buffer): Buffer {
  if (bytes.length !== DATA_KEY_BYTES) throw new EnvelopeError()
  return bytes
}
