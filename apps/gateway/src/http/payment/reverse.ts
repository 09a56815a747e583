import { OrderData, successReply } from '@ucanpay/wire/payment-replies'
import { OrderRequest } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import type { Acquirers } from '../../domain/orders/ask-acquirer.ts'
import { reverseOrder } from '../../domain/orders/reverse-order.ts'
import { orderData } from '../../domain/orders/order-data.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/reverse: undoes an order; of a paid one the money goes back (contract §4). */
export function reverseRoute(app: App, deps: { db: Database; acquirers: Acquirers } & { keys: PlatformKeys }): void {
  app.post(
    '/payment/reverse',
    {
      config: { access: 'api-key', scope: 'payments:write', summary: 'Undo an order' },
      schema: { body: OrderRequest, response: { 200: successReply(OrderData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await reverseOrder(deps, caller, request.body)
      return signedSuccess(deps.keys, request, orderData(caller, order))
    },
  )
}
