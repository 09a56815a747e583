import { createHmac, randomInt } from 'node:crypto'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'

/** A second factor as its member sees it. */
export interface Factor {
  readonly factorId: string
  readonly kind: 'totp' | 'passkey'
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** A member's second factors, and how many recovery codes are left. */
export async function listFactors(
  tx: Tx,
  caller: Caller,
  memberId: string,
): Promise<{ items: Factor[]; recoveryCodesLeft: number }> {
  const ids = [caller.merchantId, memberId]
  const items = await tx.query<Factor>(
    `select factor_id as "factorId", 'totp' as kind, name, created_at as "createdAt", last_used_at as "lastUsedAt"
     from totp_factors where merchant_id = $1 and member_id = $2 and confirmed_at is not null
     union all
     select factor_id, 'passkey', name, created_at, last_used_at from passkeys where merchant_id = $1 and member_id = $2
     order by 4, 1`,
    ids,
  )
  const [left] = await tx.query<{ count: number }>(
    `select count(*) as count from recovery_codes where merchant_id = $1 and member_id = $2`,
    ids,
  )
  return { items, recoveryCodesLeft: left?.count ?? 0 }
}

/** Removes a second factor; with the last one the recovery codes go, too. @throws ApiError NOT_FOUND */
export async function removeFactor(
  tx: Tx,
  caller: Caller,
  { memberId, factorId }: { memberId: string; factorId: string },
): Promise<void> {
  const values = [caller.merchantId, memberId, factorId]
  const apps = await tx.query(
    `delete from totp_factors where merchant_id = $1 and member_id = $2 and factor_id = $3 returning 1`,
    values,
  )
  const keys = await tx.query(
    `delete from passkeys where merchant_id = $1 and member_id = $2 and factor_id = $3 returning 1`,
    values,
  )
  if (apps.length + keys.length === 0) throw new ApiError('NOT_FOUND', 'no such factor of this member')
  const { items } = await listFactors(tx, caller, memberId)
  if (items.length === 0) {
    await tx.query(`delete from recovery_codes where merchant_id = $1 and member_id = $2`, [
      caller.merchantId,
      memberId,
    ])
    // Nothing in live mode without a second factor: sessions that look at it come back to test.
    await tx.query(
      `update sessions set mode = 'test', second_factor = false where merchant_id = $1 and member_id = $2 and ended_at is null`,
      [caller.merchantId, memberId],
    )
  }
  await recordAudit(tx, caller, { action: 'member.factor-removed', target: memberId, before: factorId })
}

const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz' // Without what is easily taken for something else.
const CODES = 10

/** Ten new recovery codes in the place of the old ones; 49 bits each. @returns them, this once */
export async function replaceRecoveryCodes(
  { tx, pepper }: { tx: Tx; pepper: Buffer },
  caller: Caller,
  memberId: string,
): Promise<string[]> {
  const codes = Array.from({ length: CODES }, () => {
    const signs = Array.from({ length: 10 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
    return `${signs.slice(0, 5)}-${signs.slice(5)}`
  })
  await tx.query(`delete from recovery_codes where merchant_id = $1 and member_id = $2`, [caller.merchantId, memberId])
  await tx.query(`insert into recovery_codes (merchant_id, member_id, code_hash) select $1, $2, unnest($3::bytea[])`, [
    caller.merchantId,
    memberId,
    codes.map((code) => hashCode(code, { pepper, memberId })),
  ])
  await recordAudit(tx, caller, { action: 'member.recovery-codes-made', target: memberId })
  return codes
}

/** The first factor brings recovery codes; later ones leave them as they are. */
export async function ensureRecoveryCodes(
  deps: { tx: Tx; pepper: Buffer },
  caller: Caller,
  memberId: string,
): Promise<string[]> {
  const { recoveryCodesLeft } = await listFactors(deps.tx, caller, memberId)
  return recoveryCodesLeft > 0 ? [] : replaceRecoveryCodes(deps, caller, memberId)
}

/** Judges a recovery code; a good one is used up. */
export async function judgeRecoveryCode(
  { tx, pepper }: { tx: Tx; pepper: Buffer },
  caller: Caller,
  { memberId, code }: { memberId: string; code: string },
): Promise<boolean> {
  const used = await tx.query(
    `delete from recovery_codes where merchant_id = $1 and member_id = $2 and code_hash = $3 returning 1`,
    [caller.merchantId, memberId, hashCode(code, { pepper, memberId })],
  )
  return used.length > 0
}

function hashCode(code: string, { pepper, memberId }: { pepper: Buffer; memberId: string }): Buffer {
  return createHmac('sha256', pepper)
    .update(`recovery ${memberId} ${code.replace('-', '')}`)
    .digest()
}
