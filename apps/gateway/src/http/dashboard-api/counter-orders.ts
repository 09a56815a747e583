import { CounterOrderData, CounterOrderRequest } from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import type { AddressGuard } from '../../domain/notifications/address-guard.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import { createOrder } from '../../domain/orders/create-order.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** POST /dashboard-api/orders: an order at the counter, which the buyer pays by its QR code. */
export function counterOrderRoute(
  app: App,
  deps: { db: Database; addresses: AddressGuard; links: CheckoutLinks },
): void {
  app.post(
    '/dashboard-api/orders',
    {
      config: { access: 'session', right: 'payments:write', summary: 'Make an order at the counter' },
      schema: { body: CounterOrderRequest, response: { 200: successReply(CounterOrderData) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      const asked = { ...request.body, body: request.body.subject, sceneType: 'NATIVE' as const }
      const { ucpOrderNo, expiresAt } = await createOrder(deps, caller, asked)
      const payUrl = deps.links.payUrl({ ...caller, ucpOrderNo })
      return dashboardSuccess(request, { ucpOrderNo, payUrl, qrCode: payUrl, expiresAt: expiresAt.toISOString() })
    },
  )
}
