import { successReply } from '@ucanpay/wire/payment-replies'
import { RefundListData, RefundParams, RefundsQuery, RestRefundData } from '@ucanpay/wire/rest-schemas'
import { findOrder } from '../../../domain/orders/order.ts'
import { findRefundByEither } from '../../../domain/refunds/refund.ts'
import { listOrderRefunds } from '../../../domain/reports/list-order-refunds.ts'
import type { App } from '../../app.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import { restRefundData, type RefundRouteDeps } from './create.ts'

/** GET /v1/refunds: the refunds, newest first. GET /v1/refunds/{id}: one (contract §4). */
export function readRefundRoutes(app: App, deps: RefundRouteDeps): void {
  app.get(
    '/v1/refunds',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'List refunds' },
      schema: { querystring: RefundsQuery, response: { 200: successReply(RefundListData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { items, hasMore } = await listOrderRefunds(deps.db, caller, request.query)
      const shown = items.map((item) => restRefundData(caller, item))
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, items: shown, hasMore })
    },
  )

  app.get(
    '/v1/refunds/:id',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'Read a refund' },
      schema: { params: RefundParams, response: { 200: successReply(RestRefundData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const refund = await findRefundByEither(deps.db, caller, request.params.id)
      const order = await findOrder(deps.db, caller, { ucpOrderNo: refund.ucpOrderNo })
      return signedSuccess(deps.keys, request, restRefundData(caller, { refund, order }))
    },
  )
}
