import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findRow, openRows, type Customer, type CustomerDeps, type CustomerFields } from './customer.ts'

/**
 * Changes a customer: what is given replaces what there was, an empty text takes it away, what is absent stays.
 *
 * @throws ApiError NOT_FOUND, for a stranger's and an erased one as for none; OUT_TRADE_NO_USED where the reference is
 *   another customer's
 * @see contract §4 PUT /users/{id}
 */
export async function updateCustomer(
  deps: CustomerDeps,
  caller: Caller,
  { userId, fields }: { userId: string; fields: Readonly<Record<string, string | undefined>> },
): Promise<Customer> {
  return deps.db.transaction(async (tx) => {
    // Two changes at once take turns, so that neither writes back what the other replaced.
    await tx.query(`select 1 from customers where merchant_id = $1 and mode = $2 and user_id = $3 for update`, [
      caller.merchantId,
      caller.mode,
      userId,
    ])
    const row = await findRow(tx, caller, userId)
    const [before] = row ? await openRows(deps, caller, [row]) : []
    const after = before && merged(before, fields)
    const stored = row?.keyId && after && (await deps.customerVault.seal(caller, { userId, keyId: row.keyId }, after))
    if (!before || !stored) throw new ApiError('NOT_FOUND', 'no such customer of this merchant in this mode')
    const { sealed, emailIndex } = stored
    const taken = await tx.query(
      `select 1 from customers where merchant_id = $1 and mode = $2 and reference = $3 and user_id <> $4`,
      [caller.merchantId, caller.mode, after.reference ?? null, userId],
    )
    if (taken.length > 0) throw new ApiError('OUT_TRADE_NO_USED', "the reference is another customer's")
    await tx.query(
      `update customers set sealed_email = $4, sealed_name = $5, sealed_phone = $6, sealed_address = $7, email_index = $8,
                            reference = $9, language = $10, updated_at = $11
       where merchant_id = $1 and mode = $2 and user_id = $3`,
      [
        caller.merchantId,
        caller.mode,
        userId,
        sealed.email,
        sealed.name,
        sealed.phone,
        sealed.address,
        emailIndex,
        after.reference ?? null,
        after.language ?? null,
        caller.now,
      ],
    )
    const names = Object.keys(fields).sort().join(' ')
    await recordAudit(tx, caller, { action: 'customer.updated', target: userId, after: names }) // Which, never what.
    return { ...after, userId, createdAt: before.createdAt, updatedAt: caller.now }
  })
}

function merged(before: CustomerFields, given: Readonly<Record<string, string | undefined>>): CustomerFields {
  const pick = (name: keyof CustomerFields): string | undefined => {
    const value = given[name]
    if (value === undefined) return before[name]
    return value === '' ? undefined : value
  }
  return {
    email: pick('email'),
    name: pick('name'),
    phone: pick('phone'),
    address: pick('address'),
    reference: pick('reference'),
    language: pick('language'),
  }
}
