import type { BlindIndex, Normalize } from './blind-indexes.ts'
import type { Place } from './place.ts'
import type { Sealed, Stored } from './sealed-value.ts'

/** What seals: a vault, or the sealer of one data subject. */
export interface Sealing {
  /**
   * Seals a text with AES-256-GCM for this place alone.
   *
   * @throws VaultError where the text holds a card number or half a surrogate pair
   * @throws UCanPayConfigError where the place is none, or is one for a card's security code
   */
  seal(place: Place, text: string): Sealed
  /** Seals a card number. Whoever keeps one answers for PCI DSS requirement 3 in whole; a token needs none of it. */
  dangerouslySealCardNumber(place: Place, cardNumber: string): Sealed
  /**
   * Opens what was sealed for this place, from any form that a driver gives.
   *
   * @throws RingVersionMissingError where the ring lacks the version that sealed it
   * @throws VaultError for anything that was not sealed for this very place, or was changed
   */
  open(place: Place, sealed: Stored): string
  /** The keyed hash by which a sealed value is found. @throws UCanPayConfigError, VaultError */
  index(place: Place, value: string, options?: { readonly normalize?: Normalize }): BlindIndex
}
