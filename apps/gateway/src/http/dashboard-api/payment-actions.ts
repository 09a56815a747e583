import {
  CapturePaymentRequest,
  OrderParams,
  PaymentActionData,
  RefundPaymentRequest,
} from '@ucanpay/wire/dashboard/payment-schemas'
import { Nothing } from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { AddressGuard } from '../../domain/notifications/address-guard.ts'
import { captureOrder, type CaptureDeps } from '../../domain/orders/capture-order.ts'
import { closeOrder } from '../../domain/orders/close-order.ts'
import { reverseOrder } from '../../domain/orders/reverse-order.ts'
import { refundPayment } from '../../domain/refunds/refund-payment.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

export interface PaymentActionDeps extends CaptureDeps {
  readonly addresses: AddressGuard
}

const response = { 200: successReply(PaymentActionData) }

/** POST /dashboard-api/payments/{ucpOrderNo}/refund, …/capture, …/close, …/reverse: what the API does, by a member. */
export function paymentActionRoutes(app: App, deps: PaymentActionDeps): void {
  refundPaymentRoute(app, deps)

  app.post(
    '/dashboard-api/payments/:ucpOrderNo/capture',
    {
      config: { access: 'session', right: 'payments:write', summary: 'Take held money' },
      schema: { params: OrderParams, body: CapturePaymentRequest, response },
    },
    async (request) => {
      const asked = { ...request.params, ...request.body }
      const { tradeStatus } = await captureOrder(deps, staffOf(request).caller, asked)
      return dashboardSuccess(request, { tradeStatus })
    },
  )

  app.post(
    '/dashboard-api/payments/:ucpOrderNo/close',
    {
      config: { access: 'session', right: 'payments:write', summary: 'Close an unpaid order' },
      schema: { params: OrderParams, body: Nothing, response },
    },
    async (request) => {
      const { tradeStatus } = await closeOrder(deps.db, staffOf(request).caller, request.params)
      return dashboardSuccess(request, { tradeStatus })
    },
  )

  app.post(
    '/dashboard-api/payments/:ucpOrderNo/reverse',
    {
      config: { access: 'session', right: 'payments:write', fresh: true, summary: 'Undo a payment' },
      schema: { params: OrderParams, body: Nothing, response },
    },
    async (request) => {
      const { tradeStatus } = await reverseOrder(deps, staffOf(request).caller, request.params)
      return dashboardSuccess(request, { tradeStatus })
    },
  )
}

/** Above the merchant's limit it needs a member who has just shown that it is still them. */
function refundPaymentRoute(app: App, deps: PaymentActionDeps): void {
  app.post(
    '/dashboard-api/payments/:ucpOrderNo/refund',
    {
      config: { access: 'session', right: 'refunds:write', summary: 'Give money back' },
      schema: { params: OrderParams, body: RefundPaymentRequest, response },
    },
    async (request) => {
      const { caller, fresh } = staffOf(request)
      const { ucpOrderNo } = request.params
      const { refund, order } = await refundPayment(deps, caller, { ucpOrderNo, request: request.body, fresh })
      return dashboardSuccess(request, { tradeStatus: order.tradeStatus, ucpRefundNo: refund.ucpRefundNo })
    },
  )
}
