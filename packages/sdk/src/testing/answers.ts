import type { OrderData, RefundData, UnifiedOrderData } from '@ucanpay/wire/payment-replies'
import type { PaymentData, RestRefundData } from '@ucanpay/wire/rest-schemas'
import type { Order, Refund } from './state.ts'

/** A `data` before it is signed. */
type Unsigned<Data> = Omit<Data, 'nonceStr' | 'signType' | 'sign'>

/** Who answers, and where its checkout is. */
export interface Answering {
  readonly merchantId: string
  readonly payUrl: (order: Order) => string
}

/** The `data` of /payment/unifiedorder. */
export function placedOrderData({ merchantId, payUrl }: Answering, order: Order): Unsigned<UnifiedOrderData> {
  const { ucpOrderNo, outTradeNo, totalAmt, currency, tradeStatus, tranTime } = order
  const url = payUrl(order)
  return {
    merchantId,
    ucpOrderNo,
    outTradeNo,
    totalAmt,
    currency,
    tradeStatus,
    tranTime: tranTime.toISOString(),
    payUrl: url,
    qrCode: url,
  }
}

/** The `data` of every other answer about an order. */
export function orderData({ merchantId }: Answering, order: Order): Unsigned<OrderData> {
  const { ucpOrderNo, outTradeNo, tradeStatus, totalAmt, currency, refundAmt, tranTime, timeEnd } = order
  return {
    merchantId,
    ucpOrderNo,
    outTradeNo,
    tradeStatus,
    totalAmt,
    currency,
    totalRefundAmt: refundAmt,
    ...(order.captureMode === 'manual' && order.capturedAmt > 0 ? { captureAmt: order.capturedAmt } : {}),
    tranTime: tranTime.toISOString(),
    ...(timeEnd ? { timeEnd: timeEnd.toISOString() } : {}),
  }
}

/** The `data` of answers about an order under /v1. */
export function paymentData(answering: Answering, order: Order): Unsigned<PaymentData> {
  const { subject, body, sceneType, captureMode, notifyUrl, returnUrl, deviceNo, expiresAt } = order
  const payUrl = answering.payUrl(order)
  return {
    ...orderData(answering, order),
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

/** The `data` of every answer about a refund. */
export function refundData({ merchantId }: Answering, refund: Refund, order: Order): Unsigned<RefundData> {
  const { ucpRefundNo, outRefundNo, refundStatus, refundAmt, refundSuccessTime } = refund
  return {
    merchantId,
    ucpOrderNo: order.ucpOrderNo,
    outTradeNo: order.outTradeNo,
    ucpRefundNo,
    outRefundNo,
    refundStatus,
    refundAmt,
    totalAmt: order.totalAmt,
    totalRefundAmt: order.refundAmt,
    currency: order.currency,
    ...(refundSuccessTime ? { refundSuccessTime: refundSuccessTime.toISOString() } : {}),
  }
}

/** The same under /v1. */
export function restRefundData(answering: Answering, refund: Refund, order: Order): Unsigned<RestRefundData> {
  const { refundDesc, createdAt } = refund
  return { ...refundData(answering, refund, order), refundDesc, createdAt: createdAt.toISOString() }
}
