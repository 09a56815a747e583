import { successReply } from '@ucanpay/wire/payment-replies'
import { ErasedUserData, UserParams } from '@ucanpay/wire/user-schemas'
import { erasing } from '../../domain/customers/customer-tasks.ts'
import type { App } from '../app.ts'
import { doOnce } from '../idempotency-key.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'
import type { UserRouteDeps } from './create.ts'

/** DELETE /users/{userId}: destroys the customer's key, here and by design in every backup (GDPR 17). */
export function eraseUserRoute(app: App, deps: UserRouteDeps): void {
  app.delete(
    '/users/:userId',
    {
      config: { access: 'api-key', scope: 'customers:write', summary: 'Erase a customer', idempotent: true },
      schema: { params: UserParams, response: { 200: successReply(ErasedUserData) } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { userId } = request.params
      const erased = await doOnce(deps, { request, reply }, erasing(deps, caller, userId))
      return signedSuccess(deps.keys, request, {
        merchantId: caller.merchantId,
        userId,
        status: 'erased' as const,
        erasedAt: erased.toISOString(),
      })
    },
  )
}
