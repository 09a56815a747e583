import { UCanPayConfigError } from '../errors.ts'
import type { KeySource } from '../key-source.ts'
import { createIndex, type BlindIndex, type Normalize } from './blind-indexes.ts'
import type { Place } from './place.ts'
import { RingWatch } from './ring-watch.ts'
import { Sealer } from './sealer.ts'
import type { Vault } from './sealing.ts'
import { toSealedText, type Sealed, type SealedText, type Stored } from './sealed-value.ts'
import { RingVersionMissingError } from './vault-error.ts'

export { keyFromEnvironment, keyFromFile, type KeySource } from '../key-source.ts'
export { addRingVersion, generateKeyRing, removeRingVersion } from './ring-text.ts'
export { isSealed, type Sealed, type SealedText, type Stored } from './sealed-value.ts'
export type { BlindIndex, Normalize } from './blind-indexes.ts'
export type { Place } from './place.ts'
export type { Sealing, Vault } from './sealing.ts'
export { resealAll, type ResealOptions, type ResealProgress } from './reseal.ts'
export {
  subjectKeys,
  type SubjectExport,
  type SubjectKeys,
  type SubjectKeysOptions,
  type SubjectRows,
} from './subject-keys.ts'
export {
  subjectKeysInPostgres,
  subjectKeysTableSql,
  type PostgresQueries,
  type StoredSubjectKey,
  type SubjectKeyStore,
} from './subject-store.ts'
export {
  json,
  sealedTable,
  type FieldKind,
  type JsonField,
  type OpenedRow,
  type SealedFields,
  type SealedRow,
  type SealedTable,
  type SealedTableOptions,
} from './sealed-table.ts'
export { RingVersionMissingError, SubjectErasedError, VaultError } from './vault-error.ts'

/** How a vault is made. */
export interface VaultOptions {
  /** The text of a key ring (`generateKeyRing`), or better a function: `keyFromFile('/run/secrets/key-ring.json')`. */
  readonly keyRing: KeySource
  /** How often the ring is read again; 60 000 ms where absent, 100 ms at least. The same in all processes. */
  readonly refreshMs?: number
  /**
   * How long a new version is known before this process seals with it, so that no other meets a value it cannot open;
   * three times `refreshMs` where absent, twice at least.
   */
  readonly settleMs?: number
  /** Hears of a ring that could not be read; the one before stays in use. A warning of Node.js where absent. */
  readonly onFailure?: (error: Error) => void
}

const DEFAULT_REFRESH_MS = 60_000

/**
 * Opens a vault over a key ring, which it reads again every `refreshMs`.
 *
 * @throws UCanPayConfigError where there is no key ring that can be used
 * @see PCI DSS 3.5.1, 3.6, 3.7; GDPR article 32
 */
export async function createVault(options: VaultOptions): Promise<Vault> {
  const { refreshMs = DEFAULT_REFRESH_MS, onFailure = warn } = options
  const { settleMs = 3 * refreshMs } = options
  if (!(refreshMs >= 100 && refreshMs <= 86_400_000)) throw new UCanPayConfigError('refreshMs is 100 ms to a day.')
  if (!(settleMs >= 2 * refreshMs)) {
    throw new UCanPayConfigError('settleMs is twice refreshMs at least: other processes have to learn of a key first.')
  }
  const watch = new RingWatch({ keyRing: options.keyRing, refreshMs, settleMs, onFailure })
  await watch.start()
  return new RingVault(watch)
}

class RingVault implements Vault {
  readonly #watch: RingWatch
  readonly #sealer: Sealer

  constructor(watch: RingWatch) {
    this.#watch = watch
    this.#sealer = new Sealer(1, () => ({ versions: watch.ring.versions, sealing: watch.sealing }))
  }

  seal(place: Place, text: string): Sealed {
    return this.#sealer.seal(place, text)
  }

  dangerouslySealCardNumber(place: Place, cardNumber: string): Sealed {
    return this.#sealer.seal(place, cardNumber, true)
  }

  sealText(place: Place, text: string): SealedText {
    return toSealedText(this.seal(place, text))
  }

  open(place: Place, sealed: Stored): string {
    try {
      return this.#sealer.open(place, sealed)
    } catch (error) {
      if (error instanceof RingVersionMissingError) this.#watch.refreshSoon()
      throw error
    }
  }

  index(place: Place, value: string, { normalize }: { readonly normalize?: Normalize } = {}): BlindIndex {
    return createIndex(this.#watch.ring.indexKey, place, { value, normalize })
  }

  needsReseal(sealed: Stored): boolean {
    return this.#sealer.isOld(sealed, this.#watch.ring.active)
  }

  reseal(place: Place, sealed: Stored): Sealed {
    // What was sealed once passed the filter for card numbers, or was let past it.
    return this.#sealer.seal(place, this.open(place, sealed), true)
  }

  refresh(): Promise<void> {
    return this.#watch.refresh()
  }

  close(): void {
    this.#watch.close()
    this.#sealer.forget()
  }
}

function warn(error: Error): void {
  process.emitWarning(`The vault keeps the key ring that it has: ${error.message}`, 'UCanPayVault')
}
