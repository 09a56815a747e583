import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { lockMerchantBalance } from './lock-balance.ts'
import { postEntries } from './post-entries.ts'

/**
 * Records money that left for the merchant's bank. Refunds can draw only on what is left.
 *
 * @param payout.amount minor units, at least 1
 * @returns the payout's id
 * @throws ApiError NOTENOUGH where the merchant is owed less
 */
export async function recordPayout(
  tx: Tx,
  caller: Caller,
  payout: { amount: number; currency: string },
): Promise<string> {
  const balance = await lockMerchantBalance(tx, caller, payout.currency)
  if (payout.amount > balance) throw new ApiError('NOTENOUGH', `a payout of ${payout.amount} from ${balance}`)
  const ref = newId('pay', caller.now)
  await postEntries(tx, caller, [{ kind: 'payout', debit: 'merchant_payable', credit: 'paid_out', ...payout, ref }])
  await recordAudit(tx, caller, {
    action: 'payout.recorded',
    target: ref,
    after: `${payout.currency} ${payout.amount}`,
  })
  return ref
}
