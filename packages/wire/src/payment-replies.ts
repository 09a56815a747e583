import Type from 'typebox'
import { oneOf } from './one-of.ts'
import { REFUND_STATUSES, TRADE_STATUSES } from './statuses.ts'

const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const minorUnits = (description: string): Type.TInteger => Type.Integer({ minimum: 0, description })
const tradeStatus = oneOf(TRADE_STATUSES, 'Where the order stands.')
const refundStatus = oneOf(REFUND_STATUSES, 'Where the refund stands.')

/** Members that every `data` carries: the gateway's signature over the rest (contract §3). */
export const signature = {
  merchantId: Type.String(),
  nonceStr: Type.String(),
  signType: oneOf(['RSA', 'ED25519'], 'How `sign` was made.'),
  sign: Type.String({ description: "The gateway's signature, base64; keys at /.well-known/jwks.json." }),
}

const orderNumbers = { ucpOrderNo: Type.String(), outTradeNo: Type.String() }

/** The `data` of /payment/unifiedorder. */
export const UnifiedOrderData = Type.Object({
  ...orderNumbers,
  totalAmt: minorUnits('Minor units of the currency.'),
  currency: Type.String(),
  tradeStatus,
  tranTime: time('When the order was placed.'),
  payUrl: Type.String({ description: 'The hosted checkout.' }),
  qrCode: Type.String({ description: 'What a QR picture encodes.' }),
  ...signature,
})
export type UnifiedOrderData = Type.Static<typeof UnifiedOrderData>

/** What every answer about an order says. */
export const orderMembers = {
  ...orderNumbers,
  tradeStatus,
  totalAmt: minorUnits('Minor units of the currency.'),
  currency: Type.String(),
  totalRefundAmt: minorUnits('Given back or on its way.'),
  captureAmt: Type.Optional(minorUnits('Taken, where the capture was manual.')),
  tranTime: time('When the order was placed.'),
  timeEnd: Type.Optional(time('When it was paid.')),
}

/** The `data` of /payment/orderquery, /payment/status, /payment/closeorder, /payment/reverse and /payment/capture. */
export const OrderData = Type.Object({ ...orderMembers, ...signature })
export type OrderData = Type.Static<typeof OrderData>

/** What every answer about a refund says. */
export const refundMembers = {
  ...orderNumbers,
  ucpRefundNo: Type.String(),
  outRefundNo: Type.String(),
  refundStatus,
  refundAmt: minorUnits('Minor units of the currency.'),
  totalAmt: minorUnits("The order's total."),
  totalRefundAmt: minorUnits('Given back or on its way, over all refunds of the order.'),
  currency: Type.String(),
  refundSuccessTime: Type.Optional(time('When the money went back.')),
}

/** The `data` of /payment/refund, /payment/refundquery and /payment/refund/status. */
export const RefundData = Type.Object({ ...refundMembers, ...signature })
export type RefundData = Type.Static<typeof RefundData>

/** The `data` of a payment's notification (contract §6). */
export const PaymentNotificationData = Type.Object({
  ...orderNumbers,
  deviceNo: Type.Optional(Type.String()),
  currency: Type.String(),
  sceneType: Type.String(),
  totalAmt: minorUnits('Minor units of the currency.'),
  tradeStatus,
  body: Type.String(),
  timeEnd: Type.Optional(time('When it was paid.')),
  ...signature,
})
export type PaymentNotificationData = Type.Static<typeof PaymentNotificationData>

/** The `data` of a refund's notification (contract §6). */
export const RefundNotificationData = Type.Object({
  ...PaymentNotificationData.properties,
  outRefundNo: Type.String(),
  ucpRefundNo: Type.String(),
  refundStatus,
  refundAmt: minorUnits('Minor units of the currency.'),
  refundTime: Type.Optional(time('When the money went back.')),
})
export type RefundNotificationData = Type.Static<typeof RefundNotificationData>

/** A failure's body, for the API's description (contract §5); built by `failureBody`. */
export const FailureReply = Type.Object({
  code: Type.Integer(),
  msg: Type.String(),
  status: Type.Integer(),
  error: Type.String(),
  message: Type.String(),
  requestId: Type.String(),
  timestamp: time('When it happened.'),
  detail: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), rule: Type.String() }), {
      description: 'Test mode alone: where and which rule, never a value.',
    }),
  ),
})

/** Wraps a `data` in the success body (contract §4). */
export function successReply<Data extends Type.TSchema>(
  data: Data,
): Type.TObject<{ code: Type.TLiteral<0>; msg: Type.TLiteral<'SUCCESS'>; data: Data; timestamp: Type.TString }> {
  return Type.Object({
    code: Type.Literal(0),
    msg: Type.Literal('SUCCESS'),
    data,
    timestamp: time('When it was answered.'),
  })
}
