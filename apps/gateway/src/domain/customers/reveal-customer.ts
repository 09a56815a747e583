import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { PERSONAL_FIELDS, type PersonalFields } from './customer-vault.ts'
import { findCustomer, type CustomerDeps } from './customer.ts'

/**
 * Opens a customer's personal data for somebody who reads it. That they did is on record before they have it: which fields,
 * never what is in them.
 *
 * @throws ApiError NOT_FOUND, for a stranger's and an erased one as for none
 * @see PCI DSS 10.2.1.1; GDPR 5(2)
 */
export async function revealCustomer(deps: CustomerDeps, caller: Caller, userId: string): Promise<PersonalFields> {
  const customer = await findCustomer(deps, caller, userId)
  const there = PERSONAL_FIELDS.filter((field) => customer[field] !== undefined)
  await recordAudit(deps.db, caller, { action: 'customer.revealed', target: userId, after: there.join(' ') })
  return Object.fromEntries(there.map((field) => [field, customer[field]]))
}
