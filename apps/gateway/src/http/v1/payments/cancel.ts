import { successReply } from '@ucanpay/wire/payment-replies'
import { CancelPaymentBody, PaymentData, PaymentParams } from '@ucanpay/wire/rest-schemas'
import { cancelling } from '../../../domain/orders/order-tasks.ts'
import type { App } from '../../app.ts'
import { doOnce } from '../../idempotency-key.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import type { PaymentRouteDeps } from './create.ts'
import { paymentData } from './payment-data.ts'

/** POST /v1/payments/{id}/cancel: closes an unpaid order, releases held money, gives paid money back (contract §4). */
export function cancelPaymentRoute(app: App, deps: PaymentRouteDeps): void {
  app.post(
    '/v1/payments/:id/cancel',
    {
      config: {
        access: 'api-key',
        scope: 'payments:write',
        summary: 'Close, release or undo an order',
        idempotent: true,
        bodyOptional: true,
      },
      schema: { params: PaymentParams, body: CancelPaymentBody, response: { 200: successReply(PaymentData) } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const order = await doOnce(deps, { request, reply }, cancelling(deps, caller, request.params.id))
      return signedSuccess(deps.keys, request, paymentData(deps.links, caller, order))
    },
  )
}
