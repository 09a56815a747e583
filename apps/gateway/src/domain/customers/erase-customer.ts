import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findRow, type CustomerDeps } from './customer.ts'

/**
 * Erases a customer: first the key is destroyed, so that from here on nothing of them can be read, in this database or
 * in any backup of it; then the row is emptied. Where the second step is cut off, erasing again finishes it, and the
 * customer cannot be found meanwhile. Erasing again gives the same answer.
 *
 * What the law makes one keep, amounts and dates of payments, holds no person.
 *
 * @returns when it was erased
 * @throws ApiError NOT_FOUND, for a stranger's as for none
 * @see GDPR 17; contract §4 DELETE /users/{id}
 */
export async function eraseCustomer(deps: CustomerDeps, caller: Caller, userId: string): Promise<Date> {
  const row = await findRow(deps.db, caller, userId)
  if (!row) throw new ApiError('NOT_FOUND', 'no such customer of this merchant in this mode')
  await deps.customerVault.destroy(caller, userId)
  if (row.erasedAt) return row.erasedAt
  return deps.db.transaction(async (tx) => {
    const erased = await tx.query<{ erasedAt: Date }>(
      `update customers set key_id = null, sealed_email = null, sealed_name = null, sealed_phone = null,
              sealed_address = null, email_index = null, reference = null, language = null, updated_at = $4, erased_at = $4
       where merchant_id = $1 and mode = $2 and user_id = $3 and erased_at is null returning erased_at as "erasedAt"`,
      [caller.merchantId, caller.mode, userId, caller.now],
    )
    if (erased.length > 0) await recordAudit(tx, caller, { action: 'customer.erased', target: userId })
    return erased[0]?.erasedAt ?? (await findRow(tx, caller, userId))?.erasedAt ?? caller.now
  })
}
