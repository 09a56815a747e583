import type { OrderData, PaymentNotificationData, UnifiedOrderData } from '@ucanpay/wire/payment-replies'
import type { Caller } from '../caller.ts'
import type { Order } from './order.ts'

/** A `data` before it is signed: the gateway adds `nonceStr`, `signType` and `sign`. */
export type Unsigned<Data> = Omit<Data, 'nonceStr' | 'signType' | 'sign'>

/** The `data` of /payment/unifiedorder. */
export function placedOrderData(caller: Caller, order: Order, payUrl: string): Unsigned<UnifiedOrderData> {
  return {
    merchantId: caller.merchantId,
    ucpOrderNo: order.ucpOrderNo,
    outTradeNo: order.outTradeNo,
    totalAmt: order.totalAmt,
    currency: order.currency,
    tradeStatus: order.tradeStatus,
    tranTime: order.tranTime.toISOString(),
    payUrl,
    qrCode: payUrl,
  }
}

/** The `data` of every other answer about an order. */
export function orderData(caller: Caller, order: Order): Unsigned<OrderData> {
  return {
    merchantId: caller.merchantId,
    ucpOrderNo: order.ucpOrderNo,
    outTradeNo: order.outTradeNo,
    tradeStatus: order.tradeStatus,
    totalAmt: order.totalAmt,
    currency: order.currency,
    totalRefundAmt: order.refundAmt,
    ...(order.captureMode === 'manual' && order.capturedAmt > 0 ? { captureAmt: order.capturedAmt } : {}),
    tranTime: order.tranTime.toISOString(),
    ...(order.timeEnd ? { timeEnd: order.timeEnd.toISOString() } : {}),
  }
}

/** The `data` of a payment's notification, and the first part of a refund's (contract §6). */
export function orderNotificationData(caller: Caller, order: Order): Unsigned<PaymentNotificationData> {
  return {
    merchantId: caller.merchantId,
    ...(order.deviceNo === null ? {} : { deviceNo: order.deviceNo }),
    currency: order.currency,
    sceneType: order.sceneType,
    totalAmt: order.totalAmt,
    ucpOrderNo: order.ucpOrderNo,
    outTradeNo: order.outTradeNo,
    tradeStatus: order.tradeStatus,
    body: order.body,
    ...(order.timeEnd ? { timeEnd: order.timeEnd.toISOString() } : {}),
  }
}
