import type { PaymentData } from '@ucanpay/wire/rest-schemas'
import type { Caller } from '../../../domain/caller.ts'
import type { CheckoutLinks } from '../../../domain/orders/checkout-links.ts'
import { orderData, type Unsigned } from '../../../domain/orders/order-data.ts'
import type { Order } from '../../../domain/orders/order.ts'

/** A payment as the API shows it under /v1: the same members, whichever route answers. */
export function paymentData(links: CheckoutLinks, caller: Caller, order: Order): Unsigned<PaymentData> {
  const { subject, body, sceneType, captureMode, notifyUrl, returnUrl, deviceNo, expiresAt, ucpOrderNo } = order
  const payUrl = links.payUrl({ ...caller, ucpOrderNo })
  return {
    ...orderData(caller, order),
    subject,
    body,
    sceneType,
    captureMode,
    notifyUrl,
    ...(returnUrl === null ? {} : { returnUrl }),
    ...(deviceNo === null ? {} : { deviceNo }),
    expiresAt: expiresAt.toISOString(),
    payUrl,
    qrCode: payUrl,
  }
}
