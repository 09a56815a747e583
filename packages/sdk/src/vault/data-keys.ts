import { createDataKey, openDataKey, type DataKey } from '@ucanpay/vault/data-key'
import type { KeyRing } from '@ucanpay/vault/key-ring'
import { versionOf, type EnvelopeKind } from './sealed-value.ts'
import { RingVersionMissingError } from './vault-error.ts'

/** What data keys are wrapped and unwrapped with. */
export interface WrappingKeys {
  readonly versions: ReadonlyMap<number, KeyRing>
  readonly sealing: { readonly version: number; readonly ring: KeyRing }
}

/**
 * Values that one data key seals. Random nonces of 96 bits are good for 2^32 of them.
 *
 * @see NIST SP 800-38D §8.3
 */
const SEALS_PER_KEY = 2 ** 16
/** Unwrapped data keys that are kept, the last used ones: about half a kilobyte each. */
const MOST_KEPT = 2_000

/** The data keys of one process: the one that seals, and those that opened something lately. */
export class DataKeys {
  readonly #kind: EnvelopeKind
  #sealing: { readonly version: number; readonly dataKey: DataKey; readonly wrapped: Buffer } | undefined
  #sealsLeft = 0
  readonly #opened = new Map<string, DataKey>()

  constructor(kind: EnvelopeKind) {
    this.#kind = kind
  }

  /** The data key for one more value. */
  toSeal({ sealing: { version, ring } }: WrappingKeys): { readonly dataKey: DataKey; readonly wrapped: Buffer } {
    if (this.#sealing?.version !== version || this.#sealsLeft <= 0) {
      this.#sealing = { version, ...createDataKey(ring, this.#context) }
      this.#sealsLeft = SEALS_PER_KEY
    }
    this.#sealsLeft--
    return this.#sealing
  }

  /** @throws RingVersionMissingError; EnvelopeError where it was wrapped by something else */
  toOpen({ versions }: WrappingKeys, wrapped: Buffer, where: string): DataKey {
    // Before the cache: a version that was taken out opens nothing from then on.
    const ring = versions.get(versionOf(wrapped))
    if (!ring) throw new RingVersionMissingError(versionOf(wrapped), where)
    const name = wrapped.toString('latin1')
    const dataKey = this.#opened.get(name) ?? openDataKey(ring, wrapped, this.#context)
    this.#opened.delete(name)
    this.#opened.set(name, dataKey)
    const [oldest] = this.#opened.keys()
    if (this.#opened.size > MOST_KEPT && oldest !== undefined) this.#opened.delete(oldest)
    return dataKey
  }

  /** Forgets every key: what is needed is unwrapped again, by the versions that there are then. */
  forget(): void {
    this.#sealing = undefined
    this.#opened.clear()
  }

  get #context(): { merchantId: string; purpose: string; keyId: string } {
    return { merchantId: '', purpose: 'ucanpay-sdk/vault', keyId: `kind-${this.#kind}` }
  }
}
