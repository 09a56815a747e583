import Type from 'typebox'
import {
  PERSONAL_FIELDS,
  type PersonalField,
  type SealedCustomer,
  type SealedFieldsOf,
} from '../../domain/customers/customer-vault.ts'
import type { App } from '../app.ts'
import { merchantOf, OF_MERCHANT } from './of-merchant.ts'
import type { Vault } from './vault.ts'

const Id = Type.String({ pattern: '^[0-9A-Za-z_]{1,64}$' })
const Base64 = Type.String({ maxLength: 16_384, pattern: '^[0-9A-Za-z+/=]*$' })
const Sealed = Type.Union([Base64, Type.Null()])
const CustomerId = { userId: Id, keyId: Id }
const Fields = Type.Record(Type.String({ pattern: '^[a-z]{1,16}$' }), Type.String({ maxLength: 512 }))
const closed = { additionalProperties: false } as const

const CreateRequest = Type.Object({ ...OF_MERCHANT, userId: Id, fields: Fields }, closed)
const SealRequest = Type.Object({ ...OF_MERCHANT, ...CustomerId, fields: Fields }, closed)
const SealedFields = Type.Object({ email: Sealed, name: Sealed, phone: Sealed, address: Sealed }, closed)
const Customers = Type.Array(Type.Object({ ...CustomerId, sealed: SealedFields }, closed), { maxItems: 101 })
const OpenRequest = Type.Object({ ...OF_MERCHANT, customers: Customers }, closed)
const IndexRequest = Type.Object({ ...OF_MERCHANT, email: Type.String({ maxLength: 512 }) }, closed)
const DestroyRequest = Type.Object({ ...OF_MERCHANT, userId: Id }, closed)

const CLIENTS = ['api', 'dashboard'] as const

/** A sealed customer as it travels. */
export type SealedCustomerText = ReturnType<typeof toText>

/** POST /vault-api/customers/…: personal data in and out, for whoever answers for customers. */
export function vaultCustomerRoutes(app: App, { customerVault }: Pick<Vault, 'customerVault'>): void {
  const path = '/vault-api/customers'

  app.post(
    `${path}/create`,
    { config: { access: 'vault-client', clients: CLIENTS, takesKeys: true }, schema: { body: CreateRequest } },
    async (request) => {
      const { userId, fields } = request.body
      return toText(await customerVault.create(merchantOf(request, request.body), userId, fields))
    },
  )

  app.post(
    `${path}/seal`,
    { config: { access: 'vault-client', clients: CLIENTS, takesKeys: true }, schema: { body: SealRequest } },
    async (request) => {
      const sealed = await customerVault.seal(merchantOf(request, request.body), request.body, request.body.fields)
      return { customer: sealed ? toText(sealed) : null }
    },
  )

  app.post(
    `${path}/open`,
    {
      config: { access: 'vault-client', clients: CLIENTS, takesKeys: true },
      bodyLimit: 1024 * 1024,
      schema: { body: OpenRequest },
    },
    async (request) => {
      const customers = request.body.customers.map((customer): SealedFieldsOf => {
        const bytes = (field: PersonalField): Buffer | null =>
          customer.sealed[field] === null ? null : Buffer.from(customer.sealed[field], 'base64')
        const [email, name, phone, address] = PERSONAL_FIELDS.map(bytes)
        return {
          ...customer,
          sealed: { email: email ?? null, name: name ?? null, phone: phone ?? null, address: address ?? null },
        }
      })
      const opened = await customerVault.open(merchantOf(request, request.body), customers)
      return { customers: opened.map((fields) => fields ?? null) }
    },
  )

  app.post(
    `${path}/index`,
    { config: { access: 'vault-client', clients: CLIENTS, takesKeys: true }, schema: { body: IndexRequest } },
    async (request) => {
      const index = await customerVault.indexOf(merchantOf(request, request.body), request.body.email)
      return { index: index.toString('base64') }
    },
  )

  app.post(
    `${path}/destroy`,
    { config: { access: 'vault-client', clients: CLIENTS, takesKeys: true }, schema: { body: DestroyRequest } },
    async (request) => {
      await customerVault.destroy(merchantOf(request, request.body), request.body.userId)
      return {}
    },
  )
}

function toText({ keyId, sealed, emailIndex, digest }: SealedCustomer) {
  const text = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null
  return {
    keyId,
    sealed: {
      email: text(sealed.email),
      name: text(sealed.name),
      phone: text(sealed.phone),
      address: text(sealed.address),
    },
    emailIndex: text(emailIndex),
    digest: digest.toString('base64'),
  }
}
