import { seal } from '@ucanpay/vault/envelope'
import type { Sealed } from '@ucanpay/vault/sealed'
import type { CardToCharge } from '../../acquirers/acquirer.ts'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { brandOf, isLuhnValid, type CardBrand } from '@ucanpay/wire/card-number'
import type { DataKeys } from '../sealing/data-keys.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'

/** A card as everything outside the vault sees it: a token, the BIN and the last four (PCI DSS 3.4.1). */
export interface SealedCard {
  readonly cardToken: string
  readonly keyId: string
  readonly sealed: Sealed
  readonly bin: string
  readonly last4: string
  readonly brand: CardBrand
}

/** Takes card numbers in; none comes out of it. */
export interface CardVault {
  /** Checks and seals a card. @throws ApiError PARAM_ERROR where the number or the expiry cannot be a card's */
  seal(caller: Caller, card: CardToCharge): Promise<SealedCard>
  /** Writes a sealed card, in the transaction of the attempt that it is for. */
  insert(tx: Tx, caller: Caller, card: SealedCard): Promise<void>
}

/** A card that nobody saved is kept for as long as its payment may need it, and no longer (PCI DSS 3.2.1). */
const KEEP_MS = 24 * 3_600_000

/**
 * Seals cards under the merchant's data key, each bound to its own row. The security code is not part of what is
 * sealed: it exists in memory until the acquirer has answered (PCI DSS 3.3.1.2).
 */
export function createCardVault(dataKeys: DataKeys): CardVault {
  return {
    async seal(caller, card) {
      refuseImpossible(card, caller.now)
      const dataKey = await dataKeys.active(caller, 'cards')
      const cardToken = newId('card', caller.now)
      const { number, expiryMonth, expiryYear, holderName } = card
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
    async insert(tx, caller, card) {
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
    },
  }
}

function refuseImpossible({ number, expiryMonth, expiryYear }: CardToCharge, now: Date): void {
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
