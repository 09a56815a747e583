import type { KeyRing } from '@ucanpay/vault/key-ring'
import { UCanPayConfigError } from '../errors.ts'
import { keysNow, type KeySource } from '../key-source.ts'
import { joinRingText, readRing, type Ring } from './ring.ts'
import { VaultError } from './vault-error.ts'

/** How a key ring is followed. */
export interface RingWatchOptions {
  readonly keyRing: KeySource
  readonly refreshMs: number
  readonly settleMs: number
  readonly onFailure: (error: Error) => void
}

/** A ring whose last version is older than this has reached every process. */
const KNOWN_EVERYWHERE_MS = 86_400_000
/** Values under an unknown version make the ring be read at once, and not more often than this. */
const SHORTEST_BETWEEN_MS = 1_000

/**
 * A key ring that is read again and again. What it opens with changes at once; what it seals with changes after a
 * while, when every other process can open it.
 */
export class RingWatch {
  readonly #options: RingWatchOptions
  #ring: Ring | undefined
  #sealWith = 0
  #next: { readonly version: number; readonly at: number } | undefined
  #timer: NodeJS.Timeout | undefined
  #reading: Promise<void> | undefined
  #readAt = 0

  constructor(options: RingWatchOptions) {
    this.#options = options
  }

  /** @throws UCanPayConfigError where there is no ring that can be used */
  async start(): Promise<void> {
    const ring = await this.#read()
    this.#ring = ring
    this.#sealWith = ring.active
    const before = Math.max(0, ...[...ring.versions.keys()].filter((version) => version < ring.active))
    const isSettled = ring.addedAt !== undefined && Date.now() - ring.addedAt > KNOWN_EVERYWHERE_MS
    if (before > 0 && !isSettled) {
      this.#sealWith = before
      this.#next = { version: ring.active, at: performance.now() + this.#options.settleMs }
    }
    this.#timer = setInterval(() => void this.refresh(), this.#options.refreshMs).unref()
  }

  /** @throws VaultError where the vault is closed */
  get ring(): Ring {
    if (!this.#ring) throw new VaultError('The vault is closed.')
    return this.#ring
  }

  /** The version that seals now. */
  get sealing(): { readonly version: number; readonly ring: KeyRing } {
    const { versions } = this.ring
    if (this.#next && performance.now() >= this.#next.at) {
      this.#sealWith = this.#next.version
      this.#next = undefined
    }
    const ring = versions.get(this.#sealWith)
    if (!ring) throw new VaultError('The key ring lost the version that seals.')
    return { version: this.#sealWith, ring }
  }

  /** Reads the ring now. Never throws: a ring that cannot be used is told of, and the one before stays. */
  refresh(): Promise<void> {
    this.#readAt = performance.now()
    this.#reading ??= this.#follow().finally(() => (this.#reading = undefined))
    return this.#reading
  }

  /** A value came whose version is unknown here: another process may have learned of it first. */
  refreshSoon(): void {
    if (this.#ring && performance.now() - this.#readAt >= SHORTEST_BETWEEN_MS) void this.refresh()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#ring = undefined
  }

  async #read(): Promise<Ring> {
    return readRing(joinRingText(await keysNow(this.#options.keyRing, 'key ring')))
  }

  async #follow(): Promise<void> {
    try {
      const ring = await this.#read()
      if (this.#ring) this.#adopt(ring, this.#ring)
    } catch (error) {
      this.#options.onFailure(error instanceof Error ? error : new Error('The key ring could not be read.'))
    }
  }

  #adopt(ring: Ring, known: Ring): void {
    for (const [version, fingerprint] of ring.fingerprints) {
      if ((known.fingerprints.get(version) ?? fingerprint) === fingerprint) continue
      throw new UCanPayConfigError(
        `Version ${version} of the key ring is another key than before. A new key gets a new version (addRingVersion).`,
      )
    }
    if (known.indexKey && !(ring.indexKey?.equals(known.indexKey) ?? false)) {
      throw new UCanPayConfigError("The key ring's index key changed: no index that is stored would be found.")
    }
    if (!ring.versions.has(this.#sealWith)) {
      this.#sealWith = ring.active
      this.#next = undefined
    } else if (ring.active === this.#sealWith) {
      this.#next = undefined
    } else if (ring.active !== this.#next?.version) {
      this.#next = { version: ring.active, at: performance.now() + this.#options.settleMs }
    }
    this.#ring = ring
  }
}
