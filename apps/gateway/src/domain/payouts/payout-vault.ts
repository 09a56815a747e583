import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { Caller } from '../caller.ts'
import type { SealedValue, StoredValue } from '../members/member-vault.ts'
import type { DataKeys } from '../sealing/data-keys.ts'

/** Seals where a merchant's money goes. */
export interface PayoutVault {
  /** @param text the details, as JSON */
  seal(caller: Caller, detailsId: string, text: string): Promise<SealedValue>
  open(caller: Caller, stored: StoredValue): Promise<string>
}

/** Seals under the merchant's data key for secrets, bound to the mode and to the very set of details. */
export function createPayoutVault({ dataKeys }: { dataKeys: DataKeys }): PayoutVault {
  return {
    async seal(caller, detailsId, text) {
      const key = await dataKeys.active(caller, 'secrets')
      return { keyId: key.keyId, sealed: seal(key, text, placeOf(caller, detailsId)) }
    },
    open: async (caller, { id, keyId, sealed }) =>
      open(await dataKeys.byId(caller, 'secrets', keyId), sealed, placeOf(caller, id)),
  }
}

function placeOf({ merchantId, mode }: Caller, detailsId: string): Place {
  return { table: 'payout_details', column: 'sealed_details', merchantId, row: `${mode}/${detailsId}` }
}
