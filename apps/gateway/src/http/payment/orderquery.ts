import { OrderData, successReply } from '@ucanpay/wire/payment-replies'
import { OrderRequest } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import { findOrder } from '../../domain/orders/order.ts'
import { orderData } from '../../domain/orders/order-data.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/orderquery: reads an order (contract §4). */
export function orderQueryRoute(app: App, deps: { db: Database } & { keys: PlatformKeys }): void {
  app.post(
    '/payment/orderquery',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'Ask for an order' },
      schema: { body: OrderRequest, response: { 200: successReply(OrderData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await findOrder(deps.db, caller, request.body)
      return signedSuccess(deps.keys, request, orderData(caller, order))
    },
  )
}
