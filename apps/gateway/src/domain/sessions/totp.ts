import { generateSecret, generateURI, verifySync } from 'otplib'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import type { MemberVault } from '../members/member-vault.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'

export interface FactorDeps {
  readonly db: Database
  readonly memberVault: MemberVault
}

type FactorTx = Pick<FactorDeps, 'memberVault'> & { readonly tx: Tx }

/** A code is good for its own 30 s and the 30 s on either side, for clocks that differ (RFC 6238 §5.2). */
const TOLERANCE_S = 30
const PERIOD_S = 30

interface Row {
  readonly factorId: string
  readonly keyId: string
  readonly sealed: Buffer
  readonly lastStep: number
}

/** Makes an authenticator app's secret; it opens nothing until its first code was given. @returns it, this once */
export async function addTotp(
  deps: FactorDeps,
  caller: Caller,
  { memberId, name, email }: { memberId: string; name: string; email: string },
): Promise<{ factorId: string; secret: string; uri: string }> {
  const factorId = newId('fac', caller.now)
  const secret = generateSecret({ length: 20 })
  const { keyId, sealed } = await deps.memberVault.sealSecret(caller, factorId, secret)
  await deps.db.transaction(async (tx) => {
    // One that was begun and left is of no more use.
    await tx.query(`delete from totp_factors where merchant_id = $1 and member_id = $2 and confirmed_at is null`, [
      caller.merchantId,
      memberId,
    ])
    await insertSealedRow(tx, 'totp_factors', {
      merchant_id: caller.merchantId,
      factor_id: factorId,
      member_id: memberId,
      name,
      key_id: keyId,
      sealed_secret: sealed,
      created_at: caller.now,
    })
  })
  return { factorId, secret, uri: generateURI({ issuer: 'UCanPay', label: email, secret }) }
}

/** Confirms an app by a code of it. @throws ApiError NOT_FOUND; PARAM_ERROR, rule `code`, for a code that is not good */
export async function confirmTotp(
  deps: FactorTx,
  caller: Caller,
  { memberId, factorId, code }: { memberId: string; factorId: string; code: string },
): Promise<void> {
  const [factor] = await deps.tx.query<Row>(
    `select factor_id as "factorId", key_id as "keyId", sealed_secret as sealed, last_step as "lastStep" from totp_factors
     where merchant_id = $1 and member_id = $2 and factor_id = $3 and confirmed_at is null for update`,
    [caller.merchantId, memberId, factorId],
  )
  if (!factor) throw new ApiError('NOT_FOUND', 'no such app that waits for its first code')
  if (!(await isGood(deps, caller, { factor, code })))
    throw new ApiError('PARAM_ERROR', 'the code is not good', { failures: [{ pointer: '/code', rule: 'code' }] })
  await deps.tx.query(`update totp_factors set confirmed_at = $3 where merchant_id = $1 and factor_id = $2`, [
    caller.merchantId,
    factorId,
    caller.now,
  ])
  await recordAudit(deps.tx, caller, { action: 'member.factor-added', target: memberId, after: `totp ${factorId}` })
}

/** Judges a code against a member's apps; a good one is used up, in all processes together (PCI DSS 8.5.1). */
export async function judgeTotp(
  deps: FactorTx,
  caller: Caller,
  { memberId, code }: { memberId: string; code: string },
): Promise<boolean> {
  // Two sign-ins with one code take turns here, and the second finds it used.
  const factors = await deps.tx.query<Row>(
    `select factor_id as "factorId", key_id as "keyId", sealed_secret as sealed, last_step as "lastStep" from totp_factors
     where merchant_id = $1 and member_id = $2 and confirmed_at is not null order by factor_id for update`,
    [caller.merchantId, memberId],
  )
  for (const factor of factors) if (await isGood(deps, caller, { factor, code })) return true
  return false
}

async function isGood(
  deps: FactorTx,
  caller: Caller,
  { factor, code }: { factor: Row; code: string },
): Promise<boolean> {
  const { factorId, keyId, sealed, lastStep } = factor
  const secret = await deps.memberVault.openSecret(caller, { id: factorId, keyId, sealed })
  const epoch = Math.floor(caller.now.getTime() / 1000)
  const verdict = verifySync({ secret, token: code, epoch, epochTolerance: TOLERANCE_S, afterTimeStep: lastStep })
  if (!verdict.valid) return false
  const step = Math.floor(epoch / PERIOD_S) + ('delta' in verdict ? verdict.delta : 0)
  await deps.tx.query(
    `update totp_factors set last_step = $3, last_used_at = $4 where merchant_id = $1 and factor_id = $2`,
    [caller.merchantId, factorId, step, caller.now],
  )
  return true
}
