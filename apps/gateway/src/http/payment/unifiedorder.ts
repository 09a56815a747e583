import { UnifiedOrderData, successReply } from '@ucanpay/wire/payment-replies'
import { UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import type { AddressGuard } from '../../domain/notifications/address-guard.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import { createOrder } from '../../domain/orders/create-order.ts'
import { placedOrderData } from '../../domain/orders/order-data.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/unifiedorder: places an order (contract §4). */
export function unifiedOrderRoute(
  app: App,
  deps: { db: Database; addresses: AddressGuard; links: CheckoutLinks; keys: PlatformKeys },
): void {
  app.post(
    '/payment/unifiedorder',
    {
      config: { access: 'api-key', scope: 'payments:write', summary: 'Place an order' },
      schema: { body: UnifiedOrderRequest, response: { 200: successReply(UnifiedOrderData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const order = await createOrder(deps, caller, request.body)
      const payUrl = deps.links.payUrl({ ...caller, ucpOrderNo: order.ucpOrderNo })
      return signedSuccess(deps.keys, request, placedOrderData(caller, order, payUrl))
    },
  )
}
