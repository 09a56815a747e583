import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findApiKey, statusOf } from './api-key.ts'
import { createApiKey, type MintedApiKey } from './create-api-key.ts'
import { requireHeld, type Grantor } from './grant.ts'

/** How a key is to be replaced. */
export interface Roll {
  readonly apiKeyId: string
  /** Seconds that the old key lives on, 0 to 604 800; 0 ends it at once. */
  readonly overlapS: number
  /** Of the new key; as long as the old one had where absent. */
  readonly expiresInDays?: number | undefined
  readonly pepper: Buffer
  readonly by: Grantor
}

const DAY_MS = 86_400_000
const LONGEST_OVERLAP_S = 604_800

/**
 * Mints a key like another one and lets that one live on for the overlap. Two rolls of one key at once take turns, and
 * the second is refused.
 *
 * @throws ApiError NOT_FOUND; INVALID_REQUEST where the key is revoked, expired or rolled already; NOAUTH (403) where
 *   it may do more than whoever asks
 * @see contract §2, roll
 */
export async function rollApiKey(tx: Tx, caller: Caller, roll: Roll): Promise<MintedApiKey> {
  const { apiKeyId, overlapS } = roll
  if (!(overlapS >= 0 && overlapS <= LONGEST_OVERLAP_S)) {
    throw new ApiError('PARAM_ERROR', 'the overlap is not from 0 s to 7 days', {
      failures: [{ pointer: '/overlapS', rule: 'maximum' }],
    })
  }
  // The row is held until the new key is there: a second roll waits here, and then finds the key rolled.
  await tx.query(`select 1 from api_keys where merchant_id = $1 and mode = $2 and api_key_id = $3 for update`, [
    caller.merchantId,
    caller.mode,
    apiKeyId,
  ])
  const old = await findApiKey(tx, caller, apiKeyId)
  requireHeld(roll.by, old)
  if (statusOf(old, caller.now) !== 'active') throw new ApiError('INVALID_REQUEST', 'the key is not active')
  if (old.rolledInto !== null) throw new ApiError('INVALID_REQUEST', 'the key was rolled already')
  const lifeDays =
    old.expiresAt && Math.max(1, Math.round((old.expiresAt.getTime() - old.createdAt.getTime()) / DAY_MS))
  const minted = await createApiKey(tx, caller, {
    ...old,
    expiresInDays: roll.expiresInDays ?? lifeDays,
    pepper: roll.pepper,
  })
  const ends = new Date(caller.now.getTime() + overlapS * 1000)
  await tx.query(
    `update api_keys set rolled_into = $4, expires_at = least(expires_at, $5),
                         revoked_at = case when $6 then $7::timestamptz end, revoked_reason = case when $6 then 'rolled' end
     where merchant_id = $1 and mode = $2 and api_key_id = $3`,
    [
      caller.merchantId,
      caller.mode,
      apiKeyId,
      minted.apiKeyId,
      overlapS === 0 ? old.expiresAt : ends,
      overlapS === 0,
      caller.now,
    ],
  )
  await recordAudit(tx, caller, {
    action: 'api-key.rolled',
    target: apiKeyId,
    after: `${minted.apiKeyId}, overlap ${overlapS} s`,
  })
  return minted
}
