import Type from 'typebox'
import { CURRENCIES } from './currencies.ts'
import { oneOf } from './one-of.ts'
import { SCENE_TYPES } from './statuses.ts'

/** The largest amount of one order or refund, in minor units: the 12 digits of ISO 8583 field 4. */
export const MAX_AMOUNT = 999_999_999_999

const amount = (description: string): Type.TInteger => Type.Integer({ minimum: 1, maximum: MAX_AMOUNT, description })
/** Text that people read: no control characters, and none of the signs that the string to sign is built with. */
const label = (maxLength: number, description: string): Type.TString =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^/=&\\u0000-\\u001f\\u007f]*$', description })
const text = (maxLength: number, description: string): Type.TString =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description })
const merchantNumber = (description: string): Type.TString =>
  Type.String({ minLength: 1, maxLength: 32, pattern: '^[0-9A-Za-z]*$', description })
const gatewayNumber = (description: string): Type.TString =>
  Type.String({ minLength: 1, maxLength: 20, pattern: '^[0-9]*$', description })
const address = (description: string): Type.TString => Type.String({ minLength: 1, maxLength: 256, description })

/** Members that every body of the API may carry (contract §3). */
export const signatureMembers = {
  merchantId: Type.Optional(merchantNumber("The merchant's number; where given, it must be the API key's own.")),
  nonceStr: Type.Optional(text(32, 'A value used once, 1 to 32 characters. Required where the request is signed.')),
  signType: Type.Optional(oneOf(['RSA', 'ED25519'], 'How `sign` was made.')),
  sign: Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: 'The signature, base64.' })),
  timestamp: Type.Optional(
    Type.String({ minLength: 20, maxLength: 35, description: 'RFC 3339; within 300 s of the gateway.' }),
  ),
}

const orderNumbers = {
  ucpOrderNo: Type.Optional(
    gatewayNumber("The gateway's order number; goes before `outTradeNo` where both are given."),
  ),
  outTradeNo: Type.Optional(merchantNumber("The merchant's order number.")),
}

const closed = { additionalProperties: false } as const

/** POST /payment/unifiedorder (contract §4). */
export const UnifiedOrderRequest = Type.Object(
  {
    ...signatureMembers,
    subject: label(30, 'What is sold, in a few words.'),
    body: label(64, 'What is sold, in more words.'),
    totalAmt: amount('Minor units of the currency: 450 is CAD 4.50.'),
    currency: Type.Optional(oneOf(CURRENCIES, 'ISO 4217; CAD where absent.')),
    sceneType: oneOf(SCENE_TYPES, 'How the buyer reaches the checkout.'),
    notifyUrl: address('Where the result is sent: https, no query, no credentials.'),
    outTradeNo: Type.Optional(merchantNumber("The merchant's order number; made by the gateway where absent.")),
    deviceNo: Type.Optional(text(32, 'The till or device.')),
    returnUrl: Type.Optional(address('Where the buyer goes back to.')),
    captureMode: Type.Optional(oneOf(['automatic', 'manual'], 'manual: the money is held until /payment/capture.')),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_592_000,
        description: 'Seconds until the order closes; 7200 where absent.',
      }),
    ),
  },
  { ...closed, $id: 'UnifiedOrderRequest' },
)
export type UnifiedOrderRequest = Type.Static<typeof UnifiedOrderRequest>

/** POST /payment/orderquery, /payment/closeorder, /payment/reverse: one of the two numbers (contract §4). */
export const OrderRequest = Type.Object({ ...signatureMembers, ...orderNumbers }, { ...closed, $id: 'OrderRequest' })
export type OrderRequest = Type.Static<typeof OrderRequest>

/** POST /payment/capture (contract §4). */
export const CaptureRequest = Type.Object(
  {
    ...signatureMembers,
    ...orderNumbers,
    captureAmt: Type.Optional(amount('Minor units to take; all that is held where absent. The rest is released.')),
  },
  { ...closed, $id: 'CaptureRequest' },
)
export type CaptureRequest = Type.Static<typeof CaptureRequest>

/** POST /payment/refund (contract §4). */
export const RefundRequest = Type.Object(
  {
    ...signatureMembers,
    ...orderNumbers,
    outRefundNo: merchantNumber("The merchant's refund number, unique per merchant and mode."),
    totalAmt: amount("The order's total, repeated as a check."),
    refundAmt: amount('Minor units to give back.'),
    refundDesc: text(64, 'Why.'),
    notifyUrl: Type.Optional(address("Where the refund's result is sent; the order's address where absent.")),
  },
  { ...closed, $id: 'RefundRequest' },
)
export type RefundRequest = Type.Static<typeof RefundRequest>

/** POST /payment/refundquery: one of the two numbers (contract §4). */
export const RefundQueryRequest = Type.Object(
  {
    ...signatureMembers,
    outRefundNo: Type.Optional(merchantNumber("The merchant's refund number.")),
    ucpRefundNo: Type.Optional(gatewayNumber("The gateway's refund number; goes first where both are given.")),
  },
  { ...closed, $id: 'RefundQueryRequest' },
)
export type RefundQueryRequest = Type.Static<typeof RefundQueryRequest>

/** GET /payment/status (contract §4). */
export const OrderStatusQuery = Type.Object(orderNumbers, { ...closed, $id: 'OrderStatusQuery' })
export type OrderStatusQuery = Type.Static<typeof OrderStatusQuery>

/** GET /payment/refund/status (contract §4). */
export const RefundStatusQuery = Type.Object(
  { outRefundNo: RefundQueryRequest.properties.outRefundNo, ucpRefundNo: RefundQueryRequest.properties.ucpRefundNo },
  { ...closed, $id: 'RefundStatusQuery' },
)
export type RefundStatusQuery = Type.Static<typeof RefundStatusQuery>
