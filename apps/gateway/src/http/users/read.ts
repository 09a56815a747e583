import { successReply } from '@ucanpay/wire/payment-replies'
import { UserData, UserListData, UserListQuery, UserParams } from '@ucanpay/wire/user-schemas'
import { findCustomer, listCustomers } from '../../domain/customers/customer.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'
import { userData, type UserRouteDeps } from './create.ts'

/** GET /users: the customers, newest first, or the one of an e-mail address. GET /users/{userId}: one. */
export function readUserRoutes(app: App, deps: UserRouteDeps): void {
  app.get(
    '/users',
    {
      config: { access: 'api-key', scope: 'customers:read', summary: 'List customers' },
      schema: { querystring: UserListQuery, response: { 200: successReply(UserListData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { limit = '20', startingAfter, email } = request.query
      const { items, hasMore } = await listCustomers(deps, caller, { limit: Number(limit), startingAfter, email })
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, items: items.map(userData), hasMore })
    },
  )

  app.get(
    '/users/:userId',
    {
      config: { access: 'api-key', scope: 'customers:read', summary: 'Read a customer' },
      schema: { params: UserParams, response: { 200: successReply(UserData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const customer = await findCustomer(deps, caller, request.params.userId)
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, ...userData(customer) })
    },
  )
}
