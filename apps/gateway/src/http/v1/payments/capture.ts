import { successReply } from '@ucanpay/wire/payment-replies'
import { CapturePaymentBody, PaymentData, PaymentParams } from '@ucanpay/wire/rest-schemas'
import { capturing } from '../../../domain/orders/order-tasks.ts'
import type { App } from '../../app.ts'
import { doOnce } from '../../idempotency-key.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import type { PaymentRouteDeps } from './create.ts'
import { paymentData } from './payment-data.ts'

/** POST /v1/payments/{id}/capture: takes held money, all or part (contract §4). */
export function capturePaymentRoute(app: App, deps: PaymentRouteDeps): void {
  app.post(
    '/v1/payments/:id/capture',
    {
      config: {
        access: 'api-key',
        scope: 'payments:write',
        summary: 'Take held money',
        idempotent: true,
        bodyOptional: true,
      },
      schema: { params: PaymentParams, body: CapturePaymentBody, response: { 200: successReply(PaymentData) } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { captureAmt } = request.body
      const task = capturing(deps, caller, { id: request.params.id, captureAmt })
      const order = await doOnce(deps, { request, reply }, task)
      return signedSuccess(deps.keys, request, paymentData(deps.links, caller, order))
    },
  )
}
