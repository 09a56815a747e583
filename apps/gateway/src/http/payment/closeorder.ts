import { OrderData, successReply } from '@ucanpay/wire/payment-replies'
import { OrderRequest } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import { closeOrder } from '../../domain/orders/close-order.ts'
import { orderData } from '../../domain/orders/order-data.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/closeorder: closes an unpaid order (contract §4). */
export function closeOrderRoute(app: App, deps: { db: Database } & { keys: PlatformKeys }): void {
  app.post(
    '/payment/closeorder',
    {
      config: { access: 'api-key', scope: 'payments:write', summary: 'Close an unpaid order' },
      schema: { body: OrderRequest, response: { 200: successReply(OrderData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await closeOrder(deps.db, caller, request.body)
      return signedSuccess(deps.keys, request, orderData(caller, order))
    },
  )
}
