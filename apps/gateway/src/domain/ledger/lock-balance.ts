import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

/**
 * What the merchant can be asked to give back in one currency, in minor units. Until the transaction ends nobody else
 * draws on it, so that two refunds at once cannot spend the same money.
 */
export async function lockMerchantBalance(tx: Tx, caller: Caller, currency: string): Promise<number> {
  const [row] = await tx.query<{ balance: number | null }>(`select lock_merchant_balance($1, $2, $3) as balance`, [
    caller.merchantId,
    caller.mode,
    currency,
  ])
  return -(row?.balance ?? 0) // Money owed to the merchant is a credit, and credits are negative.
}
