import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { NonceClaim } from './verify-request.ts'

/**
 * Claims a nonce for good, whatever becomes of the request, in every process at once.
 *
 * @throws ApiError SIGNERROR where the merchant used it before and that time's window is still open
 * @see contract §3, replay
 */
export async function claimNonce(db: Tx, caller: Caller, claim: NonceClaim): Promise<void> {
  const claimed = await db.query(
    `insert into nonces as n (merchant_id, nonce_str, expires_at) values ($1, $2, $3)
     on conflict (merchant_id, nonce_str) do update set expires_at = excluded.expires_at where n.expires_at <= $4
     returning 1`,
    [caller.merchantId, claim.nonceStr, claim.keepUntil, caller.now],
  )
  if (claimed.length === 0) throw new ApiError('SIGNERROR', 'the nonce was used before')
}
