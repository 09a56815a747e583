import type { KeyContext } from './key-ring.ts'

/** A data key as it is stored: the bytes, and the name of the key-encryption key that made them. */
export interface WrappedKey {
  readonly wrapped: Buffer
  /** e.g. `ring/2`, `transit/ucanpay/3`; at most 256 characters. It holds no secret. */
  readonly wrappedBy: string
}

/**
 * The port to whatever holds the key-encryption keys: a key ring in a file or in the environment, HashiCorp Vault
 * Transit or OpenBao, AWS KMS, Google Cloud KMS. It wraps data keys and nothing else.
 *
 * @see PCI DSS 3.6.1.2, 3.7
 */
export interface KeyEncryption {
  /** The name that `wrap` would give now. A data key with any other waits to be wrapped again. */
  activeName(): Promise<string>
  /** Wraps a 32-byte data key, bound to its context. @throws KeySourceError where the source cannot be used */
  wrap(dataKey: Buffer, context: KeyContext): Promise<WrappedKey>
  /**
   * @throws EnvelopeError where the context, the bytes or the key are not the ones that it was wrapped with
   * @throws KeySourceError where the source cannot be used
   */
  unwrap(key: WrappedKey, context: KeyContext): Promise<Buffer>
}

/** A source of key-encryption keys that cannot be used. The message says why and what to do, and holds no secret. */
export class KeySourceError extends Error {
  override readonly name = 'KeySourceError'
}
