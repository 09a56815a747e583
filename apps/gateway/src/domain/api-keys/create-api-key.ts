import { createHmac, randomBytes } from 'node:crypto'
import { formatApiKey, type ApiKeyKind, type Mode } from '@ucanpay/wire/api-key'
import type { Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

/** What a new key is to be. */
export interface NewApiKey {
  readonly kind: ApiKeyKind
  readonly mode: Mode
  readonly name: string
  readonly scopes: readonly string[]
  /** 1 to 365 days; 90 where absent. */
  readonly expiresInDays?: number
  /** From the key ring; keyed hashes alone are stored. */
  readonly pepper: Buffer
}

/** The hash under which a key is stored and found (contract §2). */
export function hashApiKey(key: string, pepper: Buffer): Buffer {
  return createHmac('sha256', pepper).update(key).digest()
}

/**
 * Mints a key for the caller's merchant. The text is returned this once and stored nowhere.
 *
 * @returns the key, and the id under which it is listed
 */
export async function createApiKey(
  tx: Tx,
  caller: Caller,
  wanted: NewApiKey,
): Promise<{ key: string; apiKeyId: string }> {
  const key = formatApiKey(wanted, randomBytes(64))
  const apiKeyId = newId('key', caller.now)
  const expiresAt = new Date(caller.now.getTime() + (wanted.expiresInDays ?? 90) * 86_400_000)
  await tx.query(
    `insert into api_keys (merchant_id, api_key_id, key_hash, kind, mode, name, scopes, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      caller.merchantId,
      apiKeyId,
      hashApiKey(key, wanted.pepper),
      wanted.kind,
      wanted.mode,
      wanted.name,
      wanted.scopes,
      caller.now,
      expiresAt,
    ],
  )
  await recordAudit(tx, caller, { action: 'api-key.created', target: apiKeyId })
  return { key, apiKeyId }
}
