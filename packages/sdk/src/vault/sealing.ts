import type { BlindIndex, Normalize } from './blind-indexes.ts'
import type { Place } from './place.ts'
import type { Sealed, SealedText, Stored } from './sealed-value.ts'

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

/** Seals what is stored. Its keys are in this process's memory alone, and nothing prints them. */
export interface Vault extends Sealing {
  /** The same as `seal`, for a column of type `text`. */
  sealText(place: Place, text: string): SealedText
  /** True where an older version of the key ring sealed it. @throws VaultError where it is not sealed */
  needsReseal(sealed: Stored): boolean
  /** Opens it and seals it anew, with the version that seals now. */
  reseal(place: Place, sealed: Stored): Sealed
  /** Reads the key ring now, and not at the next interval. Never throws: `onFailure` hears of a ring that is none. */
  refresh(): Promise<void>
  /** Forgets the keys and stops reading the ring. */
  close(): void
}
