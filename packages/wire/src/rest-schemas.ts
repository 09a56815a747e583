import Type from 'typebox'
import { PageQuery } from './api-key-schemas.ts'
import { oneOf } from './one-of.ts'
import { orderMembers, refundMembers, signature } from './payment-replies.ts'
import { CaptureRequest, OrderRequest, RefundRequest, signatureMembers } from './payment-requests.ts'
import { REFUND_STATUSES, SCENE_TYPES, TRADE_STATUSES } from './statuses.ts'

const closed = { additionalProperties: false } as const
const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const moment = (description: string): Type.TOptional<Type.TString> =>
  Type.Optional(Type.String({ format: 'date-time', maxLength: 32, description }))

/** Either number of an order or a refund. What neither can be is none of the caller's, and answered like that. */
const either = (description: string): Type.TString =>
  Type.String({ minLength: 1, maxLength: 64, pattern: '^[0-9A-Za-z_-]*$', description })

export const PaymentParams = Type.Object({ id: either('The `ucpOrderNo` of an order, or its `outTradeNo`.') })
export const RefundParams = Type.Object({ id: either('The `ucpRefundNo` of a refund, or its `outRefundNo`.') })

/** POST /v1/payments/{id}/capture. */
export const CapturePaymentBody = Type.Object(
  { ...signatureMembers, captureAmt: CaptureRequest.properties.captureAmt },
  { ...closed, $id: 'CapturePaymentBody' },
)

/** POST /v1/payments/{id}/cancel. */
export const CancelPaymentBody = Type.Object({ ...signatureMembers }, { ...closed, $id: 'CancelPaymentBody' })

/** POST /v1/refunds: /payment/refund, of which the check and the reason may be left out. */
export const CreateRefundBody = Type.Object(
  {
    ...signatureMembers,
    ucpOrderNo: OrderRequest.properties.ucpOrderNo,
    outTradeNo: OrderRequest.properties.outTradeNo,
    outRefundNo: Type.Optional({
      ...RefundRequest.properties.outRefundNo,
      description: "The merchant's refund number; made by the gateway where an Idempotency-Key is given instead.",
    }),
    totalAmt: Type.Optional(RefundRequest.properties.totalAmt),
    refundAmt: RefundRequest.properties.refundAmt,
    refundDesc: Type.Optional({ ...RefundRequest.properties.refundDesc, description: 'Why; `Refund` where absent.' }),
    notifyUrl: RefundRequest.properties.notifyUrl,
  },
  { ...closed, $id: 'CreateRefundBody' },
)
export type CreateRefundBody = Type.Static<typeof CreateRefundBody>

/** GET /v1/payments. */
export const PaymentsQuery = Type.Object(
  {
    limit: PageQuery.properties.limit,
    startingAfter: Type.Optional(either('The number of the order that the page before ended with.')),
    tradeStatus: Type.Optional(oneOf(TRADE_STATUSES, 'Those that stand so now.')),
    outTradeNo: OrderRequest.properties.outTradeNo,
    from: moment('Placed at or after.'),
    to: moment('Placed before.'),
  },
  { ...closed, $id: 'PaymentsQuery' },
)
export type PaymentsQuery = Type.Static<typeof PaymentsQuery>

/** GET /v1/refunds. */
export const RefundsQuery = Type.Object(
  {
    limit: PageQuery.properties.limit,
    startingAfter: Type.Optional(either('The number of the refund that the page before ended with.')),
    refundStatus: Type.Optional(oneOf(REFUND_STATUSES, 'Those that stand so now.')),
    ucpOrderNo: Type.Optional(
      Type.String({ minLength: 1, maxLength: 20, pattern: '^[0-9]*$', description: 'Those of one order.' }),
    ),
    outRefundNo: Type.Optional(RefundRequest.properties.outRefundNo),
    from: moment('Accepted at or after.'),
    to: moment('Accepted before.'),
  },
  { ...closed, $id: 'RefundsQuery' },
)
export type RefundsQuery = Type.Static<typeof RefundsQuery>

const payment = {
  ...orderMembers,
  subject: Type.String(),
  body: Type.String(),
  sceneType: oneOf(SCENE_TYPES, 'How the buyer reaches the checkout.'),
  captureMode: oneOf(['automatic', 'manual'], 'manual: the money is held until it is captured.'),
  notifyUrl: Type.String({ description: 'Where the result is sent.' }),
  returnUrl: Type.Optional(Type.String({ description: 'Where the buyer goes back to.' })),
  deviceNo: Type.Optional(Type.String({ description: 'The till or device.' })),
  expiresAt: time('When it closes if nobody has paid it.'),
  payUrl: Type.String({ description: 'The hosted checkout.' }),
  qrCode: Type.String({ description: 'What a QR picture encodes.' }),
}

/** The `data` of every answer about one payment. */
export const PaymentData = Type.Object({ ...payment, ...signature })
export type PaymentData = Type.Static<typeof PaymentData>

const refund = {
  ...refundMembers,
  refundDesc: Type.String({ description: 'Why.' }),
  createdAt: time('When it was accepted.'),
}

/** The `data` of every answer about one refund under /v1. */
export const RestRefundData = Type.Object({ ...refund, ...signature })
export type RestRefundData = Type.Static<typeof RestRefundData>

/** The `data` of a list of payments, newest first. The signature covers the members that are not lists. */
export const PaymentListData = Type.Object({
  items: Type.Array(Type.Object(payment)),
  hasMore: Type.Boolean(),
  ...signature,
})

export type PaymentListData = Type.Static<typeof PaymentListData>

/** The `data` of a list of refunds, newest first. */
export const RefundListData = Type.Object({
  items: Type.Array(Type.Object(refund)),
  hasMore: Type.Boolean(),
  ...signature,
})
export type RefundListData = Type.Static<typeof RefundListData>
