import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { isSameAddress } from './customer-vault.ts'
import type { CustomerVault, PersonalField, PersonalFields, SealedFields, SealedFieldsOf } from './customer-vault.ts'

/** What a customer is made of. Absent: there is none. */
export type CustomerFields = Readonly<Partial<Record<PersonalField | 'reference' | 'language', string | undefined>>>

/** A customer, opened. */
export interface Customer extends CustomerFields {
  readonly userId: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface CustomerDeps {
  readonly db: Database
  readonly customerVault: CustomerVault
}

/** A row as it is stored. */
export interface CustomerRow extends SealedFields {
  readonly userId: string
  readonly keyId: string | null
  readonly reference: string | null
  readonly language: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly erasedAt: Date | null
}

const SELECT = `select user_id as "userId", key_id as "keyId", sealed_email as email, sealed_name as name,
  sealed_phone as phone, sealed_address as address, reference, language, created_at as "createdAt",
  updated_at as "updatedAt", erased_at as "erasedAt"
  from customers where merchant_id = $1 and mode = $2`

/** Reads a customer of the caller's. @throws ApiError NOT_FOUND, for a stranger's and an erased one as for none */
export async function findCustomer(deps: CustomerDeps, caller: Caller, userId: string): Promise<Customer> {
  const row = await findRow(deps.db, caller, userId)
  const [customer] = row ? await openRows(deps, caller, [row]) : []
  if (!customer) throw new ApiError('NOT_FOUND', 'no such customer of this merchant in this mode')
  return customer
}

/** A row as it is stored, also an erased one. */
export async function findRow(tx: Tx, caller: Caller, userId: string): Promise<CustomerRow | undefined> {
  const [row] = await tx.query<CustomerRow>(`${SELECT} and user_id = $3`, [caller.merchantId, caller.mode, userId])
  return row
}

/**
 * Lists the caller's customers, newest first.
 *
 * @param page.email exactly this address alone
 * @throws ApiError NOT_FOUND where `startingAfter` is no customer of the caller's
 */
export async function listCustomers(
  deps: CustomerDeps,
  caller: Caller,
  page: { limit: number; startingAfter?: string | undefined; email?: string | undefined },
): Promise<{ items: Customer[]; hasMore: boolean }> {
  const after = page.startingAfter === undefined ? undefined : await findRow(deps.db, caller, page.startingAfter)
  if (page.startingAfter !== undefined && !after) throw new ApiError('NOT_FOUND', 'the page begins after no customer')
  const index = page.email === undefined ? null : await deps.customerVault.indexOf(caller, page.email)
  const rows = await deps.db.query<CustomerRow>(
    `${SELECT} and erased_at is null and ($3::timestamptz is null or (created_at, user_id) < ($3, $4))
       and ($5::bytea is null or email_index = $5)
     order by created_at desc, user_id desc limit $6`,
    [caller.merchantId, caller.mode, after?.createdAt ?? null, after?.userId ?? null, index, page.limit + 1],
  )
  const opened = await openRows(deps, caller, rows.slice(0, page.limit))
  const items = opened.filter((customer) => customer !== undefined)
  const other = page.email === undefined ? undefined : items.find(({ email }) => !isSameAddress(email, page.email))
  // The index is not under the seal, and somebody has put this one beside another's address.
  if (other) throw new Error(`the index of ${other.userId} is not the one of its address`)
  return { items, hasMore: rows.length > page.limit }
}

/** Opens rows, in their order. @returns undefined in the place of one whose key was destroyed */
export async function openRows(
  { customerVault }: CustomerDeps,
  caller: Caller,
  rows: readonly CustomerRow[],
): Promise<(Customer | undefined)[]> {
  const sealed: SealedFieldsOf[] = []
  for (const row of rows) if (row.keyId !== null) sealed.push({ userId: row.userId, keyId: row.keyId, sealed: row })
  const fields = await customerVault.open(caller, sealed)
  const opened = new Map(sealed.map(({ userId }, at) => [userId, fields[at]]))
  return rows.map((row) => toCustomer(row, opened.get(row.userId)))
}

function toCustomer(row: CustomerRow, fields: PersonalFields | undefined): Customer | undefined {
  if (!fields) return undefined
  const { userId, reference, language, createdAt, updatedAt } = row
  return {
    userId,
    ...fields,
    ...(reference === null ? {} : { reference }),
    ...(language === null ? {} : { language }),
    createdAt,
    updatedAt,
  }
}
