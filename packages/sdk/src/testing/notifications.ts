import { newId, type Order, type Refund, type State, type TestNotification } from './state.ts'

/** Queues the notification of an order that is paid or held. */
export function notifyOfPayment(state: State, order: Order): void {
  queue(state, { kind: 'payment', order, notifyUrl: order.notifyUrl, data: orderPart(state, order) })
}

/** Queues the notification of a refund that is settled. */
export function notifyOfRefund(state: State, order: Order, refund: Refund): void {
  const data = {
    ...orderPart(state, order),
    outRefundNo: refund.outRefundNo,
    ucpRefundNo: refund.ucpRefundNo,
    refundStatus: refund.refundStatus,
    refundAmt: refund.refundAmt,
    ...(refund.refundSuccessTime ? { refundTime: refund.refundSuccessTime.toISOString() } : {}),
  }
  queue(state, { kind: 'refund', order, notifyUrl: refund.notifyUrl ?? order.notifyUrl, data })
}

function orderPart({ merchantId }: State, order: Order): Record<string, string | number> {
  return {
    merchantId,
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

function queue(
  state: State,
  told: Pick<TestNotification, 'kind' | 'notifyUrl' | 'data'> & { readonly order: Order },
): void {
  const { kind, notifyUrl, data, order } = told
  const notificationId = newId(state, 'msg', state.clock.now())
  const { outTradeNo } = order
  state.notifications.push({ notificationId, kind, outTradeNo, notifyUrl, data, attempts: 0, status: 'pending' })
}
