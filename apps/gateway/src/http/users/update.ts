import { successReply } from '@ucanpay/wire/payment-replies'
import { UpdateUserRequest, UserData, UserParams } from '@ucanpay/wire/user-schemas'
import { updating } from '../../domain/customers/customer-tasks.ts'
import type { App } from '../app.ts'
import { doOnce } from '../idempotency-key.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'
import { fieldsOf, userData, type UserRouteDeps } from './create.ts'

/** PUT /users/{userId}: what is given replaces, an empty text takes away, what is absent stays. */
export function updateUserRoute(app: App, deps: UserRouteDeps): void {
  app.put(
    '/users/:userId',
    {
      config: { access: 'api-key', scope: 'customers:write', summary: 'Change a customer', idempotent: true },
      schema: { params: UserParams, body: UpdateUserRequest, response: { 200: successReply(UserData) } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { userId } = request.params
      const task = updating(deps, caller, { userId, fields: fieldsOf(request.body) })
      const customer = await doOnce(deps, { request, reply }, task)
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, ...userData(customer) })
    },
  )
}
