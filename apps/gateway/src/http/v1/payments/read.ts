import { successReply } from '@ucanpay/wire/payment-replies'
import { PaymentData, PaymentListData, PaymentParams, PaymentsQuery } from '@ucanpay/wire/rest-schemas'
import { findOrderByEither } from '../../../domain/orders/order.ts'
import { listOrders } from '../../../domain/reports/list-orders.ts'
import type { App } from '../../app.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import type { PaymentRouteDeps } from './create.ts'
import { paymentData } from './payment-data.ts'

/** GET /v1/payments: the orders, newest first. GET /v1/payments/{id}: one (contract §4). */
export function readPaymentRoutes(app: App, deps: PaymentRouteDeps): void {
  app.get(
    '/v1/payments',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'List orders' },
      schema: { querystring: PaymentsQuery, response: { 200: successReply(PaymentListData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { items, hasMore } = await listOrders(deps.db, caller, request.query)
      const shown = items.map((order) => paymentData(deps.links, caller, order))
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, items: shown, hasMore })
    },
  )

  app.get(
    '/v1/payments/:id',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'Read an order' },
      schema: { params: PaymentParams, response: { 200: successReply(PaymentData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await findOrderByEither(deps.db, caller, request.params.id)
      return signedSuccess(deps.keys, request, paymentData(deps.links, caller, order))
    },
  )
}
