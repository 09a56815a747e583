import { blindIndex } from '@ucanpay/vault/blind-index'
import type { DataKey } from '@ucanpay/vault/data-key'
import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { Sealed } from '@ucanpay/vault/sealed'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { CustomerKeys } from '../sealing/customer-keys.ts'

/** What is personal about a customer; each is sealed on its own. */
export const PERSONAL_FIELDS = ['email', 'name', 'phone', 'address'] as const
export type PersonalField = (typeof PERSONAL_FIELDS)[number]

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
  readonly customerKeys: CustomerKeys
  /** 32 bytes; makes addresses findable. */
  readonly indexKey: Buffer
}

/** A row as it is stored. A text in a sealed member does not compile. */
export type CustomerRow = Readonly<Record<PersonalField, Sealed | null>> & {
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

/** Seals the personal fields that are given. */
export function sealFields(
  caller: Caller,
  { userId, key }: { userId: string; key: DataKey },
  fields: CustomerFields,
): Readonly<Record<PersonalField, Sealed | null>> {
  const sealOne = (field: PersonalField): Sealed | null => {
    const value = fields[field]
    return value === undefined ? null : seal(key, value, placeOf(caller, userId, field))
  }
  return { email: sealOne('email'), name: sealOne('name'), phone: sealOne('phone'), address: sealOne('address') }
}

/** The index of an e-mail address: in one form of Unicode, without space around it, in lower case. */
export function emailIndex(indexKey: Buffer, caller: Caller, email: string): Buffer {
  const normal = email.normalize('NFKC').trim().toLowerCase()
  return blindIndex(indexKey, normal, {
    table: 'customers',
    column: 'email',
    merchantId: `${caller.merchantId}/${caller.mode}`,
  })
}

/** Reads a customer of the caller's. @throws ApiError NOT_FOUND, for a stranger's and an erased one as for none */
export async function findCustomer(deps: CustomerDeps, caller: Caller, userId: string): Promise<Customer> {
  const row = await findRow(deps.db, caller, userId)
  const customer = row && (await openRow(deps, caller, row))
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
  const rows = await deps.db.query<CustomerRow>(
    `${SELECT} and erased_at is null and ($3::timestamptz is null or (created_at, user_id) < ($3, $4))
       and ($5::bytea is null or email_index = $5)
     order by created_at desc, user_id desc limit $6`,
    [
      caller.merchantId,
      caller.mode,
      after?.createdAt ?? null,
      after?.userId ?? null,
      page.email === undefined ? null : emailIndex(deps.indexKey, caller, page.email),
      page.limit + 1,
    ],
  )
  const opened = await Promise.all(rows.slice(0, page.limit).map((row) => openRow(deps, caller, row)))
  return { items: opened.filter((customer) => customer !== undefined), hasMore: rows.length > page.limit }
}

/** @returns undefined where the customer's key was destroyed */
export async function openRow(deps: CustomerDeps, caller: Caller, row: CustomerRow): Promise<Customer | undefined> {
  const { userId, keyId } = row
  const key = keyId === null ? undefined : await deps.customerKeys.open(caller, userId, keyId)
  if (!key) return undefined
  const opened: Partial<Record<PersonalField | 'reference' | 'language', string>> = {}
  for (const field of PERSONAL_FIELDS) {
    const sealed = row[field]
    if (sealed) opened[field] = open(key, sealed, placeOf(caller, userId, field))
  }
  if (row.reference !== null) opened.reference = row.reference
  if (row.language !== null) opened.language = row.language
  return { userId, ...opened, createdAt: row.createdAt, updatedAt: row.updatedAt }
}

function placeOf({ merchantId, mode }: Caller, userId: string, field: PersonalField): Place {
  return { table: 'customers', column: `sealed_${field}`, merchantId, row: `${mode}/${userId}` }
}
