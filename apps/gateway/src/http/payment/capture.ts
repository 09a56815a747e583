import { OrderData, successReply } from '@ucanpay/wire/payment-replies'
import { CaptureRequest } from '@ucanpay/wire/payment-requests'
import { captureOrder, type CaptureDeps } from '../../domain/orders/capture-order.ts'
import { orderData } from '../../domain/orders/order-data.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/capture: takes held money, all or part (contract §4). */
export function captureRoute(app: App, deps: CaptureDeps & { keys: PlatformKeys }): void {
  app.post(
    '/payment/capture',
    {
      config: { access: 'api-key', scope: 'payments:write', summary: 'Take held money' },
      schema: { body: CaptureRequest, response: { 200: successReply(OrderData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await captureOrder(deps, caller, request.body)
      return signedSuccess(deps.keys, request, orderData(caller, order))
    },
  )
}
