import { successReply } from '@ucanpay/wire/payment-replies'
import { UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import { PaymentData } from '@ucanpay/wire/rest-schemas'
import type { AddressGuard } from '../../../domain/notifications/address-guard.ts'
import type { CaptureDeps } from '../../../domain/orders/capture-order.ts'
import type { CheckoutLinks } from '../../../domain/orders/checkout-links.ts'
import { placing } from '../../../domain/orders/order-tasks.ts'
import type { PlatformKeys } from '../../../domain/signatures/platform-keys.ts'
import type { App } from '../../app.ts'
import { doOnce } from '../../idempotency-key.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import { paymentData } from './payment-data.ts'

export interface PaymentRouteDeps extends CaptureDeps {
  readonly addresses: AddressGuard
  readonly links: CheckoutLinks
  readonly keys: PlatformKeys
  readonly pepper: Buffer
}

/** POST /v1/payments: places an order, as /payment/unifiedorder does (contract §4). */
export function createPaymentRoute(app: App, deps: PaymentRouteDeps): void {
  app.post(
    '/v1/payments',
    {
      config: { access: 'api-key', scope: 'payments:write', summary: 'Place an order', idempotent: true },
      schema: { body: UnifiedOrderRequest, response: { 200: successReply(PaymentData) } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const order = await doOnce(deps, { request, reply }, placing(deps, caller, request.body))
      return signedSuccess(deps.keys, request, paymentData(deps.links, caller, order))
    },
  )
}
