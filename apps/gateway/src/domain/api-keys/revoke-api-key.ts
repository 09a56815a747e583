import type { Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'

/** Revokes a key of the caller's merchant; a key that is revoked already stays so. Every process refuses it within 1 s. */
export async function revokeApiKey(
  tx: Tx,
  caller: Caller,
  revocation: { apiKeyId: string; reason: string },
): Promise<void> {
  const rows = await tx.query(
    `update api_keys set revoked_at = $3 where merchant_id = $1 and api_key_id = $2 and revoked_at is null returning 1`,
    [caller.merchantId, revocation.apiKeyId, caller.now],
  )
  if (rows.length === 0) return
  await recordAudit(tx, caller, { action: 'api-key.revoked', target: revocation.apiKeyId, after: revocation.reason })
}
