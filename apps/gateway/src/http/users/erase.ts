import { successReply } from '@ucanpay/wire/payment-replies'
import { ErasedUserData, UserParams } from '@ucanpay/wire/user-schemas'
import { eraseCustomer } from '../../domain/customers/erase-customer.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'
import type { UserRouteDeps } from './create.ts'

/** DELETE /users/{userId}: destroys the customer's key, here and by design in every backup (GDPR 17). */
export function eraseUserRoute(app: App, deps: UserRouteDeps): void {
  app.delete(
    '/users/:userId',
    {
      config: { access: 'api-key', scope: 'customers:write', summary: 'Erase a customer' },
      schema: { params: UserParams, response: { 200: successReply(ErasedUserData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { userId } = request.params
      const erasedAt = (await eraseCustomer(deps, caller, userId)).toISOString()
      return signedSuccess(deps.keys, request, {
        merchantId: caller.merchantId,
        userId,
        status: 'erased' as const,
        erasedAt,
      })
    },
  )
}
