import { blindIndex } from '@ucanpay/vault/blind-index'
import { UCanPayConfigError } from '../errors.ts'
import { nameOf, requirePlace, type Place } from './place.ts'
import { VaultError } from './vault-error.ts'

declare const indexBrand: unique symbol

/** A keyed hash of a value, 32 bytes for a `bytea` column: equal values have equal ones, and it cannot be read. */
export type BlindIndex = Buffer & { readonly [indexBrand]: true }

/**
 * What is one value to a search. `text`: compatibility forms, case and space around do not count. `digits`: digits
 * alone count, as in a phone number. `exact`: every bit counts. Or a function of yours.
 */
export type Normalize = 'text' | 'digits' | 'exact' | ((value: string) => string)

/** @throws UCanPayConfigError where the ring has no key for indexes; VaultError where nothing is left of the value */
export function createIndex(
  key: Buffer | undefined,
  place: Place,
  { value, normalize = 'text' }: { value: string; normalize?: Normalize | undefined },
): BlindIndex {
  requirePlace(place)
  if (!key) {
    throw new UCanPayConfigError(
      'The key ring holds no key for blind indexes. Rings of generateKeyRing() of ucanpay-sdk/vault have one.',
    )
  }
  if (typeof value !== 'string') throw new VaultError(`What is indexed for ${nameOf(place)} has to be a text.`)
  const text = normalized(value, normalize)
  // Of an empty one all rows without a value would be equal, and a search for nothing would find them all.
  if (text === '') throw new VaultError(`Nothing is left of the value for ${nameOf(place)} to be found by.`)
  if (!text.isWellFormed()) throw new VaultError(`The text for ${nameOf(place)} holds half a surrogate pair.`)
  const { table, column, owner = '' } = place
  return blindIndex(key, text, { table, column, merchantId: owner }) as BlindIndex
}

function normalized(value: string, how: Normalize): string {
  if (typeof how === 'function') return how(value)
  if (how === 'exact') return value
  const text = value.normalize('NFKC')
  return how === 'digits' ? text.replace(/\D/g, '') : text.trim().toLowerCase().normalize('NFKC')
}
