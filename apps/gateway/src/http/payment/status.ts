import { OrderData, successReply } from '@ucanpay/wire/payment-replies'
import { OrderStatusQuery } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import { orderData } from '../../domain/orders/order-data.ts'
import { findOrder } from '../../domain/orders/order.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** GET /payment/status: reads an order, by key alone (contract §4). */
export function statusRoute(app: App, deps: { db: Database; keys: PlatformKeys }): void {
  app.get(
    '/payment/status',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'Ask for an order, without a signature' },
      schema: { querystring: OrderStatusQuery, response: { 200: successReply(OrderData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await findOrder(deps.db, caller, request.query)
      return signedSuccess(deps.keys, request, orderData(caller, order))
    },
  )
}
