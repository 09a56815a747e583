import type { Place as BoundPlace } from '@ucanpay/vault/envelope'
import { open, seal } from '@ucanpay/vault/envelope'
import { EnvelopeError } from '@ucanpay/vault/envelope-error'
import { findCardNumbers } from '@ucanpay/redaction/card-numbers'
import { DataKeys, type WrappingKeys } from './data-keys.ts'
import { nameOf, requirePlace, type Place } from './place.ts'
import { joinSealed, splitSealed, versionOf, type EnvelopeKind, type Sealed, type Stored } from './sealed-value.ts'
import { VaultError } from './vault-error.ts'

/** Seals and opens with the keys that it is given at each call. A vault has one, and each data subject. */
export class Sealer {
  readonly #kind: EnvelopeKind
  readonly #keys: () => WrappingKeys
  readonly #dataKeys: DataKeys

  constructor(kind: EnvelopeKind, keys: () => WrappingKeys) {
    this.#kind = kind
    this.#keys = keys
    this.#dataKeys = new DataKeys(kind)
  }

  /** @throws UCanPayConfigError, VaultError: see `Sealing` */
  seal(place: Place, text: string, isCardNumber = false): Sealed {
    requirePlace(place)
    if (typeof text !== 'string') throw new VaultError(`What is sealed for ${nameOf(place)} has to be a text.`)
    if (!text.isWellFormed()) throw new VaultError(`The text for ${nameOf(place)} holds half a surrogate pair.`)
    if (!isCardNumber && findCardNumbers(text).length > 0) {
      throw new VaultError(
        `The text for ${nameOf(place)} holds a card number. Keep the gateway's token instead: then no card is in your ` +
          'systems, and PCI DSS asks little of them.',
      )
    }
    const { dataKey, wrapped } = this.#dataKeys.toSeal(this.#keys())
    return joinSealed({ kind: this.#kind, wrapped, inner: seal(dataKey, text, boundTo(place)) })
  }

  /** @throws VaultError; RingVersionMissingError */
  open(place: Place, stored: Stored): string {
    const where = nameOf(place)
    const { kind, wrapped, inner } = splitSealed(stored, where)
    const keys = this.#keys()
    if (kind !== this.#kind) {
      throw new VaultError(
        this.#kind === 1
          ? `${where} is sealed under a data subject's key: open it with the sealer of this subject.`
          : `${where} is sealed under the vault's key and not under this subject's.`,
      )
    }
    try {
      return open(this.#dataKeys.toOpen(keys, wrapped, where), inner, boundTo(place))
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error
      throw new VaultError(
        `${where} cannot be opened: it was sealed for another place or with another key ring, or was changed since.`,
      )
    }
  }

  /** True where another version than this process seals with sealed it. @throws VaultError where it is not sealed */
  isOld(stored: Stored, active: number): boolean {
    const version = versionOf(splitSealed(stored, 'The value').wrapped)
    return version !== active && version !== this.#keys().sealing.version
  }

  forget(): void {
    this.#dataKeys.forget()
  }
}

function boundTo({ table, column, owner = '', row = '' }: Place): BoundPlace {
  return { table, column, merchantId: owner, row }
}
