import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { findCustomer, type Customer, type CustomerDeps, type CustomerFields } from './customer.ts'

const IDEMPOTENT_FOR_MS = 24 * 3_600_000

/** A customer to be made. */
export interface NewCustomer {
  readonly fields: CustomerFields
  /** Makes a repeat within 24 h give the same customer. */
  readonly idempotencyKey?: string | undefined
}

/**
 * Makes a customer with a key of its own. Under one Idempotency-Key the same values give the same customer, however
 * many arrive at once.
 *
 * @throws ApiError OUT_TRADE_NO_USED where the Idempotency-Key came with other values, or the reference is another
 *   customer's: the contract has no name of its own for these conflicts
 * @see contract §4, Idempotency-Key
 */
export async function createCustomer(deps: CustomerDeps, caller: Caller, wanted: NewCustomer): Promise<Customer> {
  const userId = newId('usr', caller.now)
  const { keyId, sealed, emailIndex, digest } = await deps.customerVault.create(caller, userId, wanted.fields)
  const made = await deps.db
    .transaction(async (tx) => {
      const earlier = await claim(tx, caller, { digest, idempotencyKey: wanted.idempotencyKey, userId })
      if (earlier !== undefined) return earlier
      const { reference, language } = wanted.fields
      const inserted = await tx.query(
        `insert into customers (merchant_id, mode, user_id, key_id, sealed_email, sealed_name, sealed_phone, sealed_address,
                              email_index, reference, language, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
       on conflict (merchant_id, mode, reference) do nothing returning 1`,
        [
          caller.merchantId,
          caller.mode,
          userId,
          keyId,
          sealed.email,
          sealed.name,
          sealed.phone,
          sealed.address,
          emailIndex,
          reference ?? null,
          language ?? null,
          caller.now,
        ],
      )
      if (inserted.length === 0) throw new ApiError('OUT_TRADE_NO_USED', "the reference is another customer's")
      await recordAudit(tx, caller, { action: 'customer.created', target: userId })
      return userId
    })
    .catch(async (error: unknown) => {
      await deps.customerVault.destroy(caller, userId) // Nothing was sealed with it that anybody keeps.
      throw error
    })
  if (made !== userId) await deps.customerVault.destroy(caller, userId)
  return findCustomer(deps, caller, made)
}

/** @returns the customer that was made under the key before; undefined where this is the first */
async function claim(
  tx: Tx,
  caller: Caller,
  { digest, idempotencyKey, userId }: { digest: Buffer; idempotencyKey: string | undefined; userId: string },
): Promise<string | undefined> {
  if (idempotencyKey === undefined) return undefined
  await tx.query(
    `delete from idempotency_keys where merchant_id = $1 and mode = $2 and idempotency_key = $3 and expires_at <= $4`,
    [caller.merchantId, caller.mode, idempotencyKey, caller.now],
  )
  const claimed = await tx.query(
    `insert into idempotency_keys (merchant_id, mode, idempotency_key, request_hash, made, expires_at)
     values ($1, $2, $3, $4, $5, $6) on conflict (merchant_id, mode, idempotency_key) do nothing returning 1`,
    [
      caller.merchantId,
      caller.mode,
      idempotencyKey,
      digest,
      userId,
      new Date(caller.now.getTime() + IDEMPOTENT_FOR_MS),
    ],
  )
  if (claimed.length > 0) return undefined
  const [earlier] = await tx.query<{ made: string; same: boolean }>(
    `select made, request_hash = $4 as same from idempotency_keys
     where merchant_id = $1 and mode = $2 and idempotency_key = $3`,
    [caller.merchantId, caller.mode, idempotencyKey, digest],
  )
  if (!earlier?.same) throw new ApiError('OUT_TRADE_NO_USED', 'the Idempotency-Key came with other values before')
  return earlier.made
}
