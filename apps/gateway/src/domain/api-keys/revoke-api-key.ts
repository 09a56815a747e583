import { parseApiKey } from '@ucanpay/wire/api-key'
import type { Database, Tx } from '../../database/tx.ts'
import { raiseAlert, type AlertKind } from '../alerts/raise-alert.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findApiKey, hashApiKey } from './api-key.ts'
import { requireHeld, type Grantor } from './grant.ts'

/** Which key, and who ends it. */
export interface Revocation {
  readonly apiKeyId: string
  readonly reason: string
  readonly by: Grantor
}

/**
 * Revokes a key of the caller's merchant; a key that is revoked already stays so. Every process refuses it within 1 s.
 *
 * @throws ApiError NOT_FOUND; NOAUTH (403) where the key may do more than whoever asks
 * @see contract §2, revoke
 */
export async function revokeApiKey(tx: Tx, caller: Caller, revocation: Revocation): Promise<void> {
  const { apiKeyId, reason } = revocation
  requireHeld(revocation.by, await findApiKey(tx, caller, apiKeyId))
  const rows = await tx.query(
    `update api_keys set revoked_at = $4, revoked_reason = $5
     where merchant_id = $1 and mode = $2 and api_key_id = $3 and revoked_at is null returning 1`,
    [caller.merchantId, caller.mode, apiKeyId, caller.now, reason],
  )
  if (rows.length > 0) await recordAudit(tx, caller, { action: 'api-key.revoked', target: apiKeyId, after: reason })
}

/** Where a key was seen that should never have been there. */
export type LeakKind = Extract<AlertKind, 'key-in-url' | 'key-in-body' | 'key-over-http' | 'key-reported'>

/** A sighting of texts that may be keys. */
export interface Sighting {
  readonly kind: LeakKind
  readonly requestId: string | null
  readonly ip?: string | undefined
  readonly now: Date
}

/** Takes keys that leaked out of use. It never says whether any of them was one. */
export type LeakReports = (texts: readonly string[], sighting: Sighting) => Promise<void>

/** A secret in a text; the checksum then tells a key from what looks like one. Publishable keys are no secret. */
const SECRET_KEYS = /ucp_(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{38}/g
/** One request cannot make us look up more than this. */
const MOST_KEYS = 100

/** The secret keys that a text holds. Whether they are anybody's is not known yet. */
export function findSecretKeys(text: string): string[] {
  if (!text.includes('ucp_')) return []
  return [...new Set(text.match(SECRET_KEYS) ?? [])].filter((key) => parseApiKey(key)).slice(0, MOST_KEYS)
}

/**
 * Revokes every real key among the texts at once, whoever sent them: who leaked it is not who owns it. The merchant is
 * alerted, and the audit log of the merchant tells how it was seen.
 *
 * @see contract §1, §2 (leaked keys)
 */
export function createLeakReports({ db, pepper }: { db: Database; pepper: Buffer }): LeakReports {
  return async (texts, sighting) => {
    const hashes = texts.flatMap(findSecretKeys).map((key) => hashApiKey(key, pepper))
    if (hashes.length === 0) return
    await db.transaction(async (tx) => {
      const revoked = await tx.query<{ merchantId: string; mode: 'test' | 'live'; apiKeyId: string }>(
        `update api_keys set revoked_at = $2, revoked_reason = $3
         where key_hash = any($1) and kind <> 'pk' and revoked_at is null
         returning merchant_id as "merchantId", mode, api_key_id as "apiKeyId"`,
        [hashes, sighting.now, sighting.kind],
      )
      for (const { merchantId, mode, apiKeyId } of revoked) {
        const { requestId, ip, now, kind } = sighting
        const caller: Caller = { merchantId, mode, actor: 'gateway', requestId, ip, now }
        await recordAudit(tx, caller, { action: 'api-key.revoked', target: apiKeyId, after: kind })
        await raiseAlert(tx, caller, { kind, target: apiKeyId })
      }
    })
  }
}
