import { CURRENCIES } from '@ucanpay/wire/currencies'
import { REFUND_STATUSES, SCENE_TYPES, TRADE_STATUSES } from '@ucanpay/wire/statuses'

/** What a member has to be: the part of JSON Schema that the wire's own schemas use. */
export interface Rule {
  readonly type: 'string' | 'integer'
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly string[]
  readonly format?: 'date-time'
}

/** The members of a body or a query; no others may be there. */
export interface Shape {
  readonly required: readonly string[]
  readonly members: Readonly<Record<string, Rule>>
}

const LABEL = '^[^/=&\\u0000-\\u001f\\u007f]*$'
const TEXT = '^[^\\u0000-\\u001f\\u007f]*$'

const amount: Rule = { type: 'integer', minimum: 1, maximum: 999_999_999_999 }
const label = (maxLength: number): Rule => ({ type: 'string', minLength: 1, maxLength, pattern: LABEL })
const text = (maxLength: number): Rule => ({ type: 'string', minLength: 1, maxLength, pattern: TEXT })
const merchantNumber: Rule = { type: 'string', minLength: 1, maxLength: 32, pattern: '^[0-9A-Za-z]*$' }
const gatewayNumber: Rule = { type: 'string', minLength: 1, maxLength: 20, pattern: '^[0-9]*$' }
const either: Rule = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[0-9A-Za-z_-]*$' }
const address: Rule = { type: 'string', minLength: 1, maxLength: 256 }
const moment: Rule = { type: 'string', format: 'date-time', maxLength: 32 }
const limit: Rule = { type: 'string', pattern: '^(?:[1-9][0-9]?|100)$' }
const oneOf = (values: readonly string[]): Rule => ({ type: 'string', enum: values })

const signatureMembers: Record<string, Rule> = {
  merchantId: merchantNumber,
  nonceStr: text(32),
  signType: oneOf(['RSA', 'ED25519']),
  sign: { type: 'string', minLength: 1, maxLength: 1024 },
  timestamp: { type: 'string', minLength: 20, maxLength: 35 },
}
const orderNumbers: Record<string, Rule> = { ucpOrderNo: gatewayNumber, outTradeNo: merchantNumber }

/**
 * The wire's schemas as plain data, by their names there: the library that those are written with stays out of what a
 * merchant installs. A test holds each of them against the wire's own.
 */
export const SHAPES = {
  UnifiedOrderRequest: {
    required: ['subject', 'body', 'totalAmt', 'sceneType', 'notifyUrl'],
    members: {
      ...signatureMembers,
      subject: label(30),
      body: label(64),
      totalAmt: amount,
      currency: oneOf(CURRENCIES),
      sceneType: oneOf(SCENE_TYPES),
      notifyUrl: address,
      outTradeNo: merchantNumber,
      deviceNo: text(32),
      returnUrl: address,
      captureMode: oneOf(['automatic', 'manual']),
      expiresIn: { type: 'integer', minimum: 1, maximum: 2_592_000 },
    },
  },
  OrderRequest: { required: [], members: { ...signatureMembers, ...orderNumbers } },
  CaptureRequest: { required: [], members: { ...signatureMembers, ...orderNumbers, captureAmt: amount } },
  RefundRequest: {
    required: ['outRefundNo', 'totalAmt', 'refundAmt', 'refundDesc'],
    members: {
      ...signatureMembers,
      ...orderNumbers,
      outRefundNo: merchantNumber,
      totalAmt: amount,
      refundAmt: amount,
      refundDesc: text(64),
      notifyUrl: address,
    },
  },
  RefundQueryRequest: {
    required: [],
    members: { ...signatureMembers, outRefundNo: merchantNumber, ucpRefundNo: gatewayNumber },
  },
  OrderStatusQuery: { required: [], members: orderNumbers },
  RefundStatusQuery: { required: [], members: { outRefundNo: merchantNumber, ucpRefundNo: gatewayNumber } },
  PaymentParams: { required: ['id'], members: { id: either } },
  RefundParams: { required: ['id'], members: { id: either } },
  CapturePaymentBody: { required: [], members: { ...signatureMembers, captureAmt: amount } },
  CancelPaymentBody: { required: [], members: signatureMembers },
  CreateRefundBody: {
    required: ['refundAmt'],
    members: {
      ...signatureMembers,
      ...orderNumbers,
      outRefundNo: merchantNumber,
      totalAmt: amount,
      refundAmt: amount,
      refundDesc: text(64),
      notifyUrl: address,
    },
  },
  PaymentsQuery: {
    required: [],
    members: {
      limit,
      startingAfter: either,
      tradeStatus: oneOf(TRADE_STATUSES),
      outTradeNo: merchantNumber,
      from: moment,
      to: moment,
    },
  },
  RefundsQuery: {
    required: [],
    members: {
      limit,
      startingAfter: either,
      refundStatus: oneOf(REFUND_STATUSES),
      ucpOrderNo: gatewayNumber,
      outRefundNo: merchantNumber,
      from: moment,
      to: moment,
    },
  },
} satisfies Record<string, Shape>
