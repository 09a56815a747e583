import Type from 'typebox'
import { oneOf } from '../one-of.ts'
import { PageQuery } from '../api-key-schemas.ts'
import { objectId } from '../object-id.ts'
import { REFUND_STATUSES, TRADE_STATUSES } from '../statuses.ts'

const closed = { additionalProperties: false } as const
const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const minorUnits = (description: string): Type.TInteger => Type.Integer({ minimum: 0, description })
const tradeStatus = oneOf(TRADE_STATUSES, 'Where the order stands.')
const refundStatus = oneOf(REFUND_STATUSES, 'Where the refund stands.')
/** Whole minutes suffice, and a date alone would be read in nobody's zone. */
const moment = (description: string): Type.TOptional<Type.TString> =>
  Type.Optional(Type.String({ format: 'date-time', maxLength: 32, description }))
const currency = Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.' }))

export const PAYMENT_SORTS = ['newest', 'oldest', 'largest', 'smallest'] as const

/** GET /dashboard-api/payments. */
export const PaymentListQuery = Type.Object(
  {
    ...PageQuery.properties,
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        pattern: '^[0-9A-Za-z_-]+$',
        description: "Any number: the order's, the refund's, ours or the merchant's, an attempt's, a card's last four.",
      }),
    ),
    status: Type.Optional(tradeStatus),
    currency,
    codeId: Type.Optional(objectId('The static QR code that they came from.')),
    from: moment('Placed at or after.'),
    to: moment('Placed before.'),
    sort: Type.Optional(oneOf(PAYMENT_SORTS, 'newest where absent.')),
  },
  closed,
)
export type PaymentListQuery = Type.Static<typeof PaymentListQuery>

/** A payment in a list. */
export const PaymentRow = Type.Object(
  {
    ucpOrderNo: Type.String(),
    outTradeNo: Type.String(),
    subject: Type.String(),
    totalAmt: minorUnits('Minor units of the currency.'),
    capturedAmt: minorUnits('Taken.'),
    totalRefundAmt: minorUnits('Given back or on its way.'),
    currency: Type.String(),
    tradeStatus,
    brand: Type.Optional(Type.String()),
    last4: Type.Optional(Type.String()),
    tranTime: time('When it was placed.'),
    timeEnd: Type.Optional(time('When it was paid.')),
  },
  { $id: 'PaymentRow' },
)
export type PaymentRow = Type.Static<typeof PaymentRow>
export const PaymentList = Type.Object({ items: Type.Array(PaymentRow), hasMore: Type.Boolean() })
export const OrderParams = Type.Object({ ucpOrderNo: Type.String({ pattern: '^[0-9]{1,20}$' }) })

/** Something that happened to a payment. */
export const TimelineEntry = Type.Object(
  {
    at: time('When.'),
    kind: oneOf(
      [
        'placed',
        'attempt-started',
        'challenge',
        'attempt-succeeded',
        'attempt-refused',
        'captured',
        'voided',
        'closed',
        'refund-accepted',
        'refund-succeeded',
        'refund-failed',
        'reversed',
        'notified',
        'notification-refused',
        'other',
      ],
      'What happened.',
    ),
    actor: Type.Optional(
      Type.String({ description: "Who did it: an API key's or a member's id, buyer, worker, operator." }),
    ),
    ref: Type.Optional(Type.String({ description: 'The number of what it was about.' })),
    amount: Type.Optional(minorUnits('Minor units of the currency.')),
    reason: Type.Optional(Type.String({ description: 'A name of ours.' })),
    action: Type.Optional(Type.String({ description: "The audit log's own name for it." })),
  },
  { $id: 'TimelineEntry' },
)
export type TimelineEntry = Type.Static<typeof TimelineEntry>

export const AttemptRow = Type.Object({
  attemptId: Type.String(),
  operation: oneOf(['authorise', 'capture', 'void', 'refund'], 'What was asked of the acquirer.'),
  amount: minorUnits('Minor units of the currency.'),
  status: oneOf(['pending', 'challenge', 'succeeded', 'refused'], 'Where it stands.'),
  reason: Type.Optional(Type.String()),
  bin: Type.Optional(Type.String()),
  last4: Type.Optional(Type.String()),
  brand: Type.Optional(Type.String()),
  acquirer: Type.String(),
  startedAt: time('When.'),
  endedAt: Type.Optional(time('When the outcome came.')),
})

/** A refund, as every list of the dashboard shows it. */
export const RefundRow = Type.Object(
  {
    ucpRefundNo: Type.String(),
    outRefundNo: Type.String(),
    ucpOrderNo: Type.String(),
    outTradeNo: Type.String(),
    refundAmt: minorUnits('Minor units of the currency.'),
    currency: Type.String(),
    refundDesc: Type.String(),
    refundStatus,
    createdAt: time('When it was accepted.'),
    refundSuccessTime: Type.Optional(time('When the money went back.')),
  },
  { $id: 'RefundRow' },
)
export type RefundRow = Type.Static<typeof RefundRow>
export const RefundList = Type.Object({ items: Type.Array(RefundRow), hasMore: Type.Boolean() })
/** GET /dashboard-api/refunds. */
export const RefundListQuery = Type.Object(
  {
    ...PageQuery.properties,
    status: Type.Optional(refundStatus),
    currency,
    from: moment('Accepted at or after.'),
    to: moment('Accepted before.'),
  },
  closed,
)
export type RefundListQuery = Type.Static<typeof RefundListQuery>

export const LedgerRow = Type.Object({
  postingId: Type.String(),
  kind: Type.String(),
  account: Type.String(),
  amount: Type.Integer({ description: 'Minor units; debit positive, credit negative.' }),
  at: time('When.'),
  ref: Type.String(),
})

/** A notification, as every list of the dashboard shows it. */
export const NotificationRow = Type.Object(
  {
    notificationId: Type.String(),
    kind: oneOf(['payment', 'refund', 'security'], 'What it tells of.'),
    ucpOrderNo: Type.Optional(Type.String()),
    notifyUrl: Type.String(),
    status: oneOf(['pending', 'delivered', 'failed'], 'Where it stands.'),
    attempts: Type.Integer({ minimum: 0 }),
    createdAt: time('When it happened.'),
    nextAttemptAt: Type.Optional(time('When it is tried again.')),
  },
  { $id: 'NotificationRow' },
)
export type NotificationRow = Type.Static<typeof NotificationRow>

/** GET /dashboard-api/payments/{ucpOrderNo}: one payment, and everything that happened. */
export const PaymentDetail = Type.Object({
  payment: Type.Object({
    ...PaymentRow.properties,
    body: Type.String(),
    sceneType: Type.String(),
    captureMode: oneOf(['automatic', 'manual'], 'manual: held until it is captured.'),
    deviceNo: Type.Optional(Type.String()),
    staticCode: Type.Optional(
      Type.Object(
        { codeId: Type.String(), name: Type.String() },
        { description: 'The static QR code that it came from.' },
      ),
    ),
    notifyUrl: Type.String(),
    returnUrl: Type.Optional(Type.String()),
    expiresAt: time('When it closes if nobody pays.'),
    payUrl: Type.Optional(Type.String({ description: 'The checkout, while it can be paid.' })),
    refundableAmt: minorUnits('What can still go back.'),
    refundsLeft: Type.Integer({ minimum: 0, maximum: 10 }),
  }),
  timeline: Type.Array(TimelineEntry, { description: 'Oldest first.' }),
  attempts: Type.Array(AttemptRow),
  refunds: Type.Array(RefundRow),
  notifications: Type.Array(NotificationRow),
  entries: Type.Array(LedgerRow),
  /** The feed of the page: what the member may do with it now. */
  actions: Type.Array(oneOf(['refund', 'capture', 'close', 'reverse'], 'What is possible now.')),
})
export type PaymentDetail = Type.Static<typeof PaymentDetail>

/** POST /dashboard-api/payments/{ucpOrderNo}/refund. */
export const RefundPaymentRequest = Type.Object(
  {
    refundAmt: Type.Integer({ minimum: 1, maximum: 999_999_999_999, description: 'Minor units of the currency.' }),
    refundDesc: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
    outRefundNo: Type.String({
      pattern: '^[0-9A-Za-z]{1,32}$',
      description: 'Made by the page, so that pressing twice refunds once.',
    }),
  },
  { ...closed, $id: 'RefundPaymentRequest' },
)
/** POST /dashboard-api/payments/{ucpOrderNo}/capture. */
export const CapturePaymentRequest = Type.Object(
  { captureAmt: Type.Optional(Type.Integer({ minimum: 1, maximum: 999_999_999_999 })) },
  { ...closed, $id: 'CapturePaymentRequest' },
)
/** The answer of an action: where the order stands then. */
export const PaymentActionData = Type.Object({ tradeStatus, ucpRefundNo: Type.Optional(Type.String()) })
