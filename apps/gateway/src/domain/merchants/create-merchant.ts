import { createPublicKey } from 'node:crypto'
import type { Mode } from '@ucanpay/wire/api-key'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import type { SignatureAlgorithm } from './account.ts'

/** A merchant as it is set up. */
export interface NewMerchant {
  readonly name: string
  /** Hundredths of a per cent of each capture; 290 is 2.9 %. */
  readonly feeBasisPoints: number
}

/** Sets up `caller.merchantId`; once. */
export async function createMerchant(tx: Tx, caller: Caller, merchant: NewMerchant): Promise<void> {
  await tx.query(`insert into merchants (merchant_id, name, fee_basis_points, created_at) values ($1, $2, $3, $4)`, [
    caller.merchantId,
    merchant.name,
    merchant.feeBasisPoints,
    caller.now,
  ])
  await recordAudit(tx, caller, { action: 'merchant.created', target: caller.merchantId })
}

/**
 * Registers a public key that verifies the merchant's requests in one mode.
 *
 * @param key.publicKey PEM; RSA of at least 2048 bits, or Ed25519
 * @throws RangeError for any other key
 * @see contract §3
 */
export async function registerMerchantKey(
  tx: Tx,
  caller: Caller,
  key: { mode: Mode; publicKey: string },
): Promise<void> {
  const algorithm = algorithmOf(key.publicKey)
  const keyId = newId('mky', caller.now)
  await tx.query(
    `insert into merchant_keys (merchant_id, key_id, mode, algorithm, public_key, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [caller.merchantId, keyId, key.mode, algorithm, key.publicKey, caller.now],
  )
  await recordAudit(tx, caller, { action: 'merchant-key.registered', target: keyId })
}

function algorithmOf(publicKey: string): SignatureAlgorithm {
  const key = createPublicKey(publicKey)
  if (key.asymmetricKeyType === 'ed25519') return 'ED25519'
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'RSA'
  throw new RangeError('a merchant key is RSA of at least 2048 bits, or Ed25519')
}

/**
 * Sets where the merchant's alerts are sent; it is checked like any address of notifications when one is sent.
 *
 * @param url https
 * @throws ApiError NOT_FOUND where there is no such merchant
 */
export async function setSecurityNotifyUrl(tx: Tx, caller: Caller, url: string): Promise<void> {
  const rows = await tx.query(`update merchants set security_notify_url = $2 where merchant_id = $1 returning 1`, [
    caller.merchantId,
    url,
  ])
  if (rows.length === 0) throw new ApiError('NOT_FOUND', 'there is no merchant of this number')
  await recordAudit(tx, caller, { action: 'merchant.security-url-set', target: caller.merchantId })
}

/**
 * Sets how many requests of each mode a merchant has in a calendar month (UTC); running processes know at once.
 *
 * @param quota 1 or more; `null` for no end
 * @throws ApiError NOT_FOUND where there is no such merchant
 * @see contract §5, quota
 */
export async function setMonthlyQuota(tx: Tx, caller: Caller, quota: number | null): Promise<void> {
  const rows = await tx.query<{ before: string }>(
    `update merchants m set monthly_quota = $2 from merchants old
     where m.merchant_id = $1 and old.merchant_id = m.merchant_id 
     returning coalesce(old.monthly_quota::text, 'none') as before`,
    [caller.merchantId, quota],
  )
  const [found] = rows
  if (!found) throw new ApiError('NOT_FOUND', 'there is no merchant of this number')
  await recordAudit(tx, caller, {
    action: 'merchant.quota-set',
    target: caller.merchantId,
    before: found.before,
    after: quota === null ? 'none' : String(quota),
  })
}
