import { UCanPayConfigError } from '../errors.ts'
import type { BlindIndex, Normalize } from './blind-indexes.ts'
import { nameOf, type Place } from './place.ts'
import { generateKeyRing } from './ring-text.ts'
import { readRing } from './ring.ts'
import type { SealedTable } from './sealed-table.ts'
import type { Sealed, Stored } from './sealed-value.ts'
import { Sealer } from './sealer.ts'
import type { Sealing, Vault } from './sealing.ts'
import type { SubjectKeyStore } from './subject-store.ts'
import { SubjectErasedError, VaultError } from './vault-error.ts'

/** How data subjects' keys are kept. */
export interface SubjectKeysOptions {
  readonly vault: Vault
  /** `subjectKeysInPostgres(pool)` */
  readonly store: SubjectKeyStore
  /**
   * How long a key is used before the store is asked again; 30 000 ms where absent, an hour at most. Another process
   * opens what is of an erased subject for twice as long at most.
   */
  readonly cacheMs?: number
}

/** One table's rows of a subject. Select what is the person's: no blind indexes, nothing of others. */
export interface SubjectRows {
  readonly table: Pick<SealedTable, 'name' | 'under'>
  readonly rows: readonly object[] | Promise<readonly object[]>
}

/** What is kept of a subject, opened. `JSON.stringify` makes a file of it. @see GDPR articles 15 and 20 */
export interface SubjectExport {
  readonly subject: string
  readonly exportedAt: string
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
}

/** A key for each data subject, which can be destroyed. */
export interface SubjectKeys {
  /**
   * What seals and opens for this subject alone, for some seconds: ask for it at each request. A subject that was never
   * seen gets a key.
   *
   * @param subject an id that says nothing of the person, and is never given to another
   * @throws SubjectErasedError
   */
  of(subject: string): Promise<Sealing>
  /**
   * Destroys the subject's key: what it sealed opens nowhere, in no backup of your tables either. In this process at
   * once, in others within twice `cacheMs`. It cannot be undone. Delete the rows and their blind indexes next.
   *
   * @returns true where there was a key; false where it was destroyed before, or never was
   * @see GDPR article 17
   */
  eraseSubject(subject: string): Promise<boolean>
  /** Opens a subject's rows. @throws SubjectErasedError */
  exportSubject(subject: string, rows: readonly SubjectRows[]): Promise<SubjectExport>
  /** After a new version of the key ring: seals all subjects' keys anew. @returns how many were */
  resealKeys(): Promise<number>
}

const LONGEST_CACHE_MS = 3_600_000
const MOST_KEPT = 10_000
const PAGE = 500

/** @throws UCanPayConfigError where `cacheMs` is out of its bounds */
export function subjectKeys({ vault, store, cacheMs = 30_000 }: SubjectKeysOptions): SubjectKeys {
  if (!(cacheMs >= 0 && cacheMs <= LONGEST_CACHE_MS)) throw new UCanPayConfigError('cacheMs is 0 to an hour.')
  const known = new Map<string, SubjectSealing>()
  const of = async (subject: string): Promise<SubjectSealing> => {
    if (typeof subject !== 'string' || subject === '') throw new UCanPayConfigError('Name the subject.')
    const kept = known.get(subject)
    if (kept?.isFresh === true) return kept
    const sealed = await keyOf(subject, { vault, store })
    // Of several that ask at once, all get one: an erasure ends what is known here.
    const other = known.get(subject)
    if (other?.isFresh === true) return other
    const sealing = new SubjectSealing({ subject, vault, cacheMs, ring: vault.open(placeOfKey(subject), sealed) })
    known.delete(subject)
    known.set(subject, sealing)
    const [oldest] = known.keys()
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest)
    return sealing
  }
  return {
    of,
    async eraseSubject(subject) {
      if (typeof subject !== 'string' || subject === '') throw new UCanPayConfigError('Name the subject.')
      const had = await store.destroy(subject)
      known.get(subject)?.forget()
      known.delete(subject)
      return had
    },
    async exportSubject(subject, parts) {
      const sealing = await of(subject)
      const tables: Record<string, Record<string, unknown>[]> = {}
      for (const { table, rows } of parts) {
        const opening = table.under(sealing)
        const opened = (await rows).map((row) => opening.open(row as Readonly<Record<string, Stored | null>>))
        tables[table.name] = [...(tables[table.name] ?? []), ...opened]
      }
      return { subject, exportedAt: new Date().toISOString(), tables }
    },
    resealKeys: () => resealKeys({ vault, store }),
  }
}

type Kept = Pick<SubjectKeysOptions, 'vault' | 'store'>

async function keyOf(subject: string, { vault, store }: Kept): Promise<Uint8Array> {
  const stored =
    (await store.find(subject)) ?? (await store.keepFirst(subject, vault.seal(placeOfKey(subject), generateKeyRing())))
  if (stored.sealed === null) throw new SubjectErasedError()
  return stored.sealed
}

async function resealKeys({ vault, store }: Kept): Promise<number> {
  let [after, count] = ['', 0]
  for (;;) {
    const page = await store.page(after, PAGE)
    for (const { subject, sealed } of page) {
      after = subject
      if (!vault.needsReseal(sealed)) continue
      await store.replace(subject, sealed, vault.reseal(placeOfKey(subject), sealed))
      count++
    }
    if (page.length < PAGE) return count
  }
}

function placeOfKey(subject: string): Place {
  return { table: 'ucanpay_subject_keys', column: 'sealed', row: subject }
}

/** The key of one subject in use. It ends by itself: who holds on to it does not outlive an erasure. */
class SubjectSealing implements Sealing {
  readonly #subject: string
  readonly #vault: Vault
  readonly #sealer: Sealer
  readonly #freshUntil: number
  #usableUntil: number

  constructor({ subject, vault, cacheMs, ring }: { subject: string; vault: Vault; cacheMs: number; ring: string }) {
    const { versions, active } = readRing(ring)
    const only = versions.get(active)
    if (!only) throw new VaultError("The subject's key cannot be used.")
    this.#subject = subject
    this.#vault = vault
    this.#sealer = new Sealer(2, () => {
      this.#requireUsable()
      return { versions, sealing: { version: active, ring: only } }
    })
    // Whoever asks in the last moment of the first span has a whole one left; a second is for the request at hand.
    this.#freshUntil = performance.now() + cacheMs
    this.#usableUntil = this.#freshUntil + Math.max(cacheMs, 1_000)
  }

  get isFresh(): boolean {
    return performance.now() < this.#freshUntil
  }

  seal(place: Place, text: string): Sealed {
    return this.#sealer.seal(this.#own(place), text)
  }

  dangerouslySealCardNumber(place: Place, cardNumber: string): Sealed {
    return this.#sealer.seal(this.#own(place), cardNumber, true)
  }

  open(place: Place, sealed: Stored): string {
    return this.#sealer.open(this.#own(place), sealed)
  }

  index(place: Place, value: string, options?: { readonly normalize?: Normalize }): BlindIndex {
    return this.#vault.index(place, value, options)
  }

  forget(): void {
    this.#usableUntil = 0
    this.#sealer.forget()
  }

  #requireUsable(): void {
    if (performance.now() < this.#usableUntil) return
    throw new VaultError('The key of this subject was fetched too long ago: ask subjects.of(id) at each request.')
  }

  #own(place: Place): Place {
    if (place.owner !== undefined && place.owner !== this.#subject) {
      throw new VaultError(`${nameOf(place)} is of another owner than the subject whose key this is.`)
    }
    return { ...place, owner: this.#subject }
  }
}
