import { seal } from '@ucanpay/vault/envelope'
import type { Sealed } from '@ucanpay/vault/sealed'
import { brandOf, isLuhnValid, type CardBrand } from '@ucanpay/wire/card-number'
import type { CardKey } from '@ucanpay/wire/encrypted-card'
import type { Acquirer, AuthoriseRequest, CardToCharge, Outcome } from '../../acquirers/acquirer.ts'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import type { DataKeys } from '../sealing/data-keys.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'
import type { CardEntryKey, EncryptedCard } from './card-entry-key.ts'

/** A card as everything outside the vault sees it: a token, the BIN and the last four (PCI DSS 3.4.1). */
export interface SealedCard {
  readonly cardToken: string
  readonly keyId: string
  readonly sealed: Sealed
  readonly bin: string
  readonly last4: string
  readonly brand: CardBrand
}

/** What is asked of the acquirer, with the card as it came from the page. */
export type AuthoriseEncrypted = Omit<AuthoriseRequest, 'card' | 'mode'> & { readonly card: EncryptedCard }

/** Takes card numbers in, and takes them to the acquirer; none comes out of it anywhere else. */
export interface CardVault {
  /** What the page encrypts to. */
  readonly cardKey: CardKey
  /** Opens, checks and seals a card. @throws ApiError PARAM_ERROR where it does not open, or cannot be a card's */
  seal(caller: Caller, card: EncryptedCard): Promise<SealedCard>
  /** Asks the acquirer of the caller's mode for the money. @throws AcquirerUnknownError where nobody knows what it did */
  authorise(caller: Caller, request: AuthoriseEncrypted): Promise<Outcome>
}

export interface CardVaultDeps {
  readonly dataKeys: DataKeys
  readonly entryKey: CardEntryKey
  /** The acquirer of a mode; undefined where none is connected. */
  readonly acquirers: (mode: Caller['mode']) => Acquirer | undefined
}

/** A card that nobody saved is kept for as long as its payment may need it, and no longer (PCI DSS 3.2.1). */
const KEEP_MS = 24 * 3_600_000

/**
 * Seals cards under the merchant's data key, each bound to its own row. The security code is not part of what is
 * sealed: it exists in memory until the acquirer has answered (PCI DSS 3.3.1.2).
 */
export function createCardVault({ dataKeys, entryKey, acquirers }: CardVaultDeps): CardVault {
  return {
    cardKey: entryKey.publicKey,
    async seal(caller, encrypted) {
      const { number, expiryMonth, expiryYear, holderName } = openCard(entryKey, encrypted)
      refuseImpossible({ number, expiryMonth, expiryYear }, caller.now)
      const dataKey = await dataKeys.active(caller, 'cards')
      const cardToken = newId('card', caller.now)
      const sealed = seal(dataKey, JSON.stringify({ number, expiryMonth, expiryYear, holderName }), {
        table: 'cards',
        column: 'sealed_card',
        merchantId: caller.merchantId,
        row: `${caller.mode}/${cardToken}`,
      })
      return {
        cardToken,
        keyId: dataKey.keyId,
        sealed,
        bin: number.slice(0, 6),
        last4: number.slice(-4),
        brand: brandOf(number),
      }
    },
    async authorise({ mode }, request) {
      const acquirer = acquirers(mode)
      if (!acquirer) throw new ApiError('USER_ACCOUNT_ABNORMAL', 'no acquirer is connected in this mode')
      return acquirer.authorise({ ...request, mode, card: openCard(entryKey, request.card) })
    },
  }
}

/** Writes a sealed card, in the transaction of the attempt that it is for. */
export async function insertCard(tx: Tx, caller: Caller, card: SealedCard): Promise<void> {
  await insertSealedRow(tx, 'cards', {
    merchant_id: caller.merchantId,
    mode: caller.mode,
    card_token: card.cardToken,
    key_id: card.keyId,
    sealed_card: card.sealed,
    bin: card.bin,
    last4: card.last4,
    brand: card.brand,
    created_at: caller.now,
    purge_after: new Date(caller.now.getTime() + KEEP_MS),
  })
}

function openCard(entryKey: CardEntryKey, encrypted: EncryptedCard): Required<CardToCharge> {
  const card = entryKey.decrypt(encrypted)
  if (card) return card
  throw new ApiError('PARAM_ERROR', 'the card was not encrypted to our key for this order, or is no card', {
    failures: [{ pointer: '/encryptedCard', rule: 'encrypted' }],
  })
}

function refuseImpossible(
  { number, expiryMonth, expiryYear }: Pick<CardToCharge, 'number' | 'expiryMonth' | 'expiryYear'>,
  now: Date,
): void {
  if (!isLuhnValid(number)) {
    throw new ApiError('PARAM_ERROR', 'the card number does not pass the Luhn check', {
      failures: [{ pointer: '/number', rule: 'luhn' }],
    })
  }
  // A card is good through the last day of its month, wherever on earth that day ends last (UTC-12).
  const ends = Date.UTC(expiryYear, expiryMonth, 1, 12)
  if (ends <= now.getTime()) {
    throw new ApiError('PARAM_ERROR', 'the card has expired', {
      failures: [{ pointer: '/expiryYear', rule: 'future' }],
    })
  }
}
