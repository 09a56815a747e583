import { createHmac } from 'node:crypto'
import type { ApiKeyKind, Mode } from '@ucanpay/wire/api-key'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'

/** A key as it is listed: everything but its text, which is known to nobody. */
export interface ApiKey {
  readonly apiKeyId: string
  readonly kind: ApiKeyKind
  readonly mode: Mode
  readonly name: string
  readonly scopes: readonly string[]
  /** CIDR ranges; empty: from anywhere. */
  readonly ipAllowList: readonly string[]
  readonly createdAt: Date
  /** Null: never. */
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly rolledInto: string | null
  readonly lastUsedAt: Date | null
  readonly lastUsedIp: string | null
  readonly lastUsedAgent: string | null
}

const SELECT = `select k.api_key_id as "apiKeyId", k.kind, k.mode, k.name, k.scopes, k.ip_allow_list::text[] as "ipAllowList",
  k.created_at as "createdAt", k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.rolled_into as "rolledInto",
  u.last_used_at as "lastUsedAt", host(u.last_used_ip) as "lastUsedIp", u.last_used_agent as "lastUsedAgent"
  from api_keys k left join api_key_usage u on u.merchant_id = k.merchant_id and u.api_key_id = k.api_key_id
  where k.merchant_id = $1 and k.mode = $2`

/** The hash under which a key is stored and found: HMAC-SHA-256 with the installation's pepper (contract §2). */
export function hashApiKey(key: string, pepper: Buffer): Buffer {
  return createHmac('sha256', pepper).update(key).digest()
}

/**
 * Lists the caller's keys in the caller's mode, newest first.
 *
 * @param page.startingAfter an id of the list; the page begins after it
 * @throws ApiError PARAM_ERROR where `startingAfter` is no key of the caller's
 */
export async function listApiKeys(
  tx: Tx,
  caller: Caller,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ items: ApiKey[]; hasMore: boolean }> {
  const after = page.startingAfter === undefined ? null : await findApiKey(tx, caller, page.startingAfter)
  const rows = await tx.query<ApiKey>(
    `${SELECT} and ($3::timestamptz is null or (k.created_at, k.api_key_id) < ($3, $4))
     order by k.created_at desc, k.api_key_id desc limit $5`,
    [caller.merchantId, caller.mode, after?.createdAt ?? null, after?.apiKeyId ?? null, page.limit + 1],
  )
  return { items: rows.slice(0, page.limit), hasMore: rows.length > page.limit }
}

/** Reads a key of the caller's, in the caller's mode. @throws ApiError NOT_FOUND, for a stranger's as for none */
export async function findApiKey(tx: Tx, caller: Caller, apiKeyId: string): Promise<ApiKey> {
  const [found] = await tx.query<ApiKey>(`${SELECT} and k.api_key_id = $3`, [caller.merchantId, caller.mode, apiKeyId])
  if (!found) throw new ApiError('NOT_FOUND', 'no such key of this merchant in this mode')
  return found
}

/** Whether a key opens anything at a time. */
export function statusOf(key: ApiKey, now: Date): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt) return 'revoked'
  return key.expiresAt && key.expiresAt <= now ? 'expired' : 'active'
}
