import { successReply } from '@ucanpay/wire/payment-replies'
import { CreateUserRequest, UserData } from '@ucanpay/wire/user-schemas'
import type { Static } from 'typebox'
import { createCustomer } from '../../domain/customers/create-customer.ts'
import type { Customer, CustomerDeps, CustomerFields } from '../../domain/customers/customer.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { idempotencyKeyOf } from '../idempotency-key.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

export interface UserRouteDeps extends CustomerDeps {
  readonly keys: PlatformKeys
  readonly pepper: Buffer
}

const FIELDS = ['email', 'name', 'phone', 'address', 'reference', 'language'] as const

/** POST /users: personal data, each field sealed under a key of the customer's own (contract §4). */
export function createUserRoute(app: App, deps: UserRouteDeps): void {
  app.post(
    '/users',
    {
      config: { access: 'api-key', scope: 'customers:write', summary: 'Make a customer', idempotent: true },
      schema: { body: CreateUserRequest, response: { 200: successReply(UserData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const fields = Object.fromEntries(Object.entries(fieldsOf(request.body)).filter(([, value]) => value !== ''))
      const customer = await createCustomer(deps, caller, {
        fields,
        idempotencyKey: idempotencyKeyOf(request, deps.pepper),
      })
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, ...userData(customer) })
    },
  )
}

/** The members of a body that are the customer's, without those of the signature. */
export function fieldsOf(body: CustomerFields): CustomerFields {
  return Object.fromEntries(FIELDS.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])))
}

/** A customer as the API shows them. */
export function userData(
  customer: Customer,
): Omit<Static<typeof UserData>, 'merchantId' | 'nonceStr' | 'signType' | 'sign'> {
  const { userId, createdAt, updatedAt } = customer
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }
  return { userId, ...(fieldsOf(customer) as Readonly<Record<string, string>>), ...times }
}
