import { OrderParams, PaymentDetail, PaymentList, PaymentListQuery } from '@ucanpay/wire/dashboard/payment-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { listPayments } from '../../domain/reports/list-payments.ts'
import { paymentDetail, type PaymentDetailDeps } from '../../domain/reports/payment-detail.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

export type PaymentDeps = PaymentDetailDeps

/** GET /dashboard-api/payments: a page of them. GET /dashboard-api/payments/{ucpOrderNo}: one, and all that happened. */
export function paymentRoutes(app: App, deps: PaymentDeps): void {
  app.get(
    '/dashboard-api/payments',
    {
      config: { access: 'session', right: 'payments:read', summary: 'List payments' },
      schema: { querystring: PaymentListQuery, response: { 200: successReply(PaymentList) } },
    },
    async (request) => dashboardSuccess(request, await listPayments(deps.db, staffOf(request).caller, request.query)),
  )

  app.get(
    '/dashboard-api/payments/:ucpOrderNo',
    {
      config: { access: 'session', right: 'payments:read', summary: 'Everything about a payment' },
      schema: { params: OrderParams, response: { 200: successReply(PaymentDetail) } },
    },
    async (request) => {
      const { caller, rights } = staffOf(request)
      const { ucpOrderNo } = request.params
      return dashboardSuccess(request, await paymentDetail(deps, caller, { ucpOrderNo, rights }))
    },
  )
}
