import { createHmac } from 'node:crypto'
import { blindIndex } from '@ucanpay/vault/blind-index'
import type { DataKey } from '@ucanpay/vault/data-key'
import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { Sealed } from '@ucanpay/vault/sealed'
import type { Caller } from '../caller.ts'
import type { CustomerKeys } from '../sealing/customer-keys.ts'

/** What is personal about a customer; each is sealed on its own. */
export const PERSONAL_FIELDS = ['email', 'name', 'phone', 'address'] as const
export type PersonalField = (typeof PERSONAL_FIELDS)[number]
export type PersonalFields = Readonly<Partial<Record<PersonalField, string | undefined>>>

/** The personal fields, sealed; null where there is none. A text in one of them does not compile. */
export type SealedFields = Readonly<Record<PersonalField, Sealed | null>>

/** What is stored of a customer's personal fields. */
export interface SealedCustomer {
  readonly keyId: string
  readonly sealed: SealedFields
  /** Finds the address without reading it; null where there is none. */
  readonly emailIndex: Buffer | null
  /** Keyed, over all fields: tells whether a repeated request is the same. */
  readonly digest: Buffer
}

/** Sealed fields with what they are bound to. */
export interface SealedFieldsOf {
  readonly userId: string
  readonly keyId: string
  readonly sealed: Readonly<Record<PersonalField, Buffer | null>>
}

/** Seals and opens personal data, under a key of each customer's own. */
export interface CustomerVault {
  /** Makes a customer's key and seals under it. @param fields all that was given, for the digest */
  create(caller: Caller, userId: string, fields: Readonly<Record<string, string | undefined>>): Promise<SealedCustomer>
  /** Seals under the key that there is. @returns undefined where it was destroyed */
  seal(
    caller: Caller,
    of: { userId: string; keyId: string },
    fields: PersonalFields,
  ): Promise<SealedCustomer | undefined>
  /** Opens many at once, in their order; undefined where a key was destroyed. */
  open(caller: Caller, customers: readonly SealedFieldsOf[]): Promise<(PersonalFields | undefined)[]>
  /** What finds an address. */
  indexOf(caller: Caller, email: string): Promise<Buffer>
  /** Destroys a customer's key: what it sealed cannot be read any more, here or in any backup. Again does nothing. */
  destroy(caller: Caller, userId: string): Promise<void>
}

export interface CustomerVaultDeps {
  readonly customerKeys: CustomerKeys
  /** 32 bytes. */
  readonly indexKey: Buffer
}

/** Seals with the keys of the key store. */
export function createCustomerVault({ customerKeys, indexKey }: CustomerVaultDeps): CustomerVault {
  const stored = (caller: Caller, of: { userId: string; key: DataKey }, fields: PersonalFields): SealedCustomer => ({
    keyId: of.key.keyId,
    sealed: sealFields(caller, of, fields),
    emailIndex: fields.email === undefined ? null : emailIndex(indexKey, caller, fields.email),
    digest: digestOf(indexKey, caller, fields),
  })
  return {
    async create(caller, userId, fields) {
      return stored(caller, { userId, key: await customerKeys.create(caller, userId) }, fields)
    },
    async seal(caller, of, fields) {
      const [key] = await customerKeys.open(caller, [of])
      return key && stored(caller, { userId: of.userId, key }, fields)
    },
    async open(caller, customers) {
      const keys = await customerKeys.open(caller, customers)
      return customers.map(({ userId, sealed }, at) => {
        const key = keys[at]
        return key && openFields(caller, { userId, key }, sealed)
      })
    },
    indexOf: (caller, email) => Promise.resolve(emailIndex(indexKey, caller, email)),
    destroy: (caller, userId) => customerKeys.destroy(caller, userId),
  }
}

function sealFields(
  caller: Caller,
  { userId, key }: { userId: string; key: DataKey },
  fields: PersonalFields,
): SealedFields {
  const sealOne = (field: PersonalField): Sealed | null => {
    const value = fields[field]
    return value === undefined ? null : seal(key, value, placeOf(caller, userId, field))
  }
  return { email: sealOne('email'), name: sealOne('name'), phone: sealOne('phone'), address: sealOne('address') }
}

function openFields(
  caller: Caller,
  { userId, key }: { userId: string; key: DataKey },
  sealed: SealedFieldsOf['sealed'],
): PersonalFields {
  const opened: Partial<Record<PersonalField, string>> = {}
  for (const field of PERSONAL_FIELDS) {
    const value = sealed[field]
    if (value) opened[field] = open(key, value, placeOf(caller, userId, field))
  }
  return opened
}

/** In one form of Unicode, without space around it, in lower case. */
function normalAddress(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase()
}

/** Whether two addresses are found as one. */
export function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && normalAddress(one) === normalAddress(other)
}

function emailIndex(indexKey: Buffer, caller: Caller, email: string): Buffer {
  return blindIndex(indexKey, normalAddress(email), {
    table: 'customers',
    column: 'email',
    merchantId: `${caller.merchantId}/${caller.mode}`,
  })
}

/** Bound to the merchant: whoever has the database does not see that two of them have one customer. */
function digestOf(
  indexKey: Buffer,
  { merchantId, mode }: Caller,
  fields: Readonly<Record<string, string | undefined>>,
): Buffer {
  const members = Object.keys(fields).sort()
  return createHmac('sha256', indexKey)
    .update(JSON.stringify([merchantId, mode, ...members.map((name) => [name, fields[name]])]))
    .digest()
}

function placeOf({ merchantId, mode }: Caller, userId: string, field: PersonalField): Place {
  return { table: 'customers', column: `sealed_${field}`, merchantId, row: `${mode}/${userId}` }
}
