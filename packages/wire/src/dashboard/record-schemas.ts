import Type from 'typebox'
import { AUDIT_FINDINGS } from './audit-findings.ts'
import { MODES } from '../api-key.ts'
import { PageQuery } from '../api-key-schemas.ts'
import { CURRENCIES } from '../currencies.ts'
import { oneOf } from '../one-of.ts'
import { NotificationRow } from './payment-schemas.ts'

const closed = { additionalProperties: false } as const
const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const minorUnits = (description: string): Type.TInteger => Type.Integer({ minimum: 0, description })
const moment = (description: string): Type.TOptional<Type.TString> =>
  Type.Optional(Type.String({ format: 'date-time', maxLength: 32, description }))
const zone = Type.Optional(
  Type.String({
    maxLength: 64,
    pattern: '^[A-Za-z0-9_+/-]+$',
    description: "The viewer's IANA time zone; UTC where absent.",
  }),
)

/** GET /dashboard-api/home. */
export const HomeQuery = Type.Object(
  {
    zone,
    days: Type.Optional(oneOf(['1', '7', '30'], 'Days to look back, today included; 1 where absent: by hour.')),
  },
  closed,
)
export const CurrencySums = Type.Object({
  currency: Type.String(),
  placedCount: Type.Integer({ minimum: 0 }),
  paidCount: Type.Integer({ minimum: 0 }),
  failedCount: Type.Integer({ minimum: 0, description: 'Tried, and neither paid nor still open.' }),
  paidAmt: minorUnits('Minor units of the currency.'),
  refundedAmt: minorUnits('Minor units of the currency.'),
  refundCount: Type.Integer({ minimum: 0 }),
})
export const HomeData = Type.Object({
  /** The period that was asked for, and the one of the same length before it, to compare with. */
  now: Type.Array(CurrencySums),
  before: Type.Array(CurrencySums),
  series: Type.Array(
    Type.Object({
      at: time('The beginning of the hour or the day.'),
      currency: Type.String(),
      paidAmt: minorUnits('Minor units of the currency.'),
      paidCount: Type.Integer({ minimum: 0 }),
      refundedAmt: minorUnits('Minor units of the currency.'),
    }),
    { description: 'By hour for one day, else by day; every step is there, also where nothing happened.' },
  ),
  declines: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer({ minimum: 1 }) })),
  balances: Type.Array(Type.Object({ currency: Type.String(), amount: Type.Integer() })),
  practices: Type.Array(
    Type.Object({
      practice: Type.Integer({ minimum: 1, maximum: 14 }),
      state: oneOf(['held', 'attention', 'yours'], 'yours: what only the merchant can do.'),
      evidence: Type.String({ description: 'What was looked at: counts and dates.' }),
      figures: Type.Record(Type.String(), Type.Union([Type.Integer({ minimum: 0 }), Type.String()]), {
        description: 'The counts and dates of `evidence` by name, for words in other languages.',
      }),
      count: Type.Integer({ minimum: 0, description: 'How many things want attention.' }),
    }),
  ),
  alerts: Type.Array(
    Type.Object({
      alertId: Type.String(),
      kind: Type.String(),
      target: Type.String(),
      times: Type.Integer({ minimum: 1 }),
      lastAt: time('When it was last seen.'),
    }),
  ),
})
export type HomeData = Type.Static<typeof HomeData>

/** GET /dashboard-api/customers: personal data is masked until it is revealed. */
export const CustomerRow = Type.Object(
  {
    userId: Type.String(),
    emailMasked: Type.Optional(Type.String({ description: 'a•••@e•••.com' })),
    nameMasked: Type.Optional(Type.String()),
    reference: Type.Optional(Type.String()),
    language: Type.Optional(Type.String()),
    createdAt: time('When the customer was made.'),
    updatedAt: time('When the customer was last changed.'),
  },
  { $id: 'CustomerRow' },
)
export const CustomerList = Type.Object({ items: Type.Array(CustomerRow), hasMore: Type.Boolean() })
export const CustomerListQuery = Type.Object({ ...PageQuery.properties }, closed)
/** POST /dashboard-api/customers/search: an address is personal, so it does not stand in a URL. */
export const CustomerSearchRequest = Type.Object(
  { email: Type.String({ minLength: 3, maxLength: 254 }) },
  { ...closed, $id: 'CustomerSearchRequest' },
)
export const CustomerParams = Type.Object({ userId: Type.String({ minLength: 1, maxLength: 64 }) })
/** POST /dashboard-api/customers/{userId}/reveal: an audited act. */
export const RevealedCustomer = Type.Object({
  email: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
})
export const ErasedCustomer = Type.Object({ erasedAt: time('Since when nothing is left.') })

/** GET /dashboard-api/notifications. */
export const NotificationListQuery = Type.Object(
  {
    ...PageQuery.properties,
    status: Type.Optional(oneOf(['pending', 'delivered', 'failed'], 'Where it stands.')),
    notifyUrl: Type.Optional(Type.String({ maxLength: 256 })),
    from: moment('Made at or after.'),
    to: moment('Made before.'),
  },
  closed,
)
export type NotificationListQuery = Type.Static<typeof NotificationListQuery>
export const NotificationList = Type.Object({ items: Type.Array(NotificationRow), hasMore: Type.Boolean() })
export const NotificationParams = Type.Object({ notificationId: Type.String({ minLength: 1, maxLength: 64 }) })
export const NotificationDetail = Type.Object({
  notification: NotificationRow,
  data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  attempts: Type.Array(
    Type.Object({
      attemptNo: Type.Integer({ minimum: 1 }),
      at: time('When.'),
      durationMs: Type.Integer({ minimum: 0 }),
      httpStatus: Type.Optional(Type.Integer()),
      outcome: Type.String({ description: 'delivered, refused, or why no answer came.' }),
    }),
  ),
})
/** POST /dashboard-api/notifications/resend: one, or all of a range. */
export const ResendRequest = Type.Object(
  {
    notificationId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    from: moment('Made at or after.'),
    to: moment('Made before.'),
    status: Type.Optional(oneOf(['delivered', 'failed'], 'Only these; failed where absent.')),
  },
  { ...closed, $id: 'ResendRequest' },
)
export const ResendData = Type.Object({
  resent: Type.Integer({ minimum: 0 }),
  hasMore: Type.Boolean({ description: 'True where the range holds more than the 1,000 of one go.' }),
})
/** GET /dashboard-api/notification-endpoints. */
export const EndpointList = Type.Object({
  items: Type.Array(
    Type.Object({
      notifyUrl: Type.String(),
      delivered: Type.Integer({ minimum: 0 }),
      pending: Type.Integer({ minimum: 0 }),
      failed: Type.Integer({ minimum: 0 }),
      lastAt: time('When something was last sent there.'),
    }),
    { description: 'Addresses that were told something within 30 days.' },
  ),
  secrets: Type.Array(
    Type.Object({
      secretId: Type.String(),
      createdAt: time('When it was made.'),
      expiresAt: Type.Optional(time('When it ends; it is the current one where absent.')),
    }),
  ),
})
/** POST /dashboard-api/notification-secrets/rotate. */
export const RotateSecretRequest = Type.Object(
  { overlapS: Type.Integer({ minimum: 0, maximum: 604_800, description: 'Seconds that the old one lives on.' }) },
  { ...closed, $id: 'RotateSecretRequest' },
)
export const NewSecretData = Type.Object({ secret: Type.String({ description: 'whsec_…, this once.' }) })

/** A failed request, told in full, without values. */
export const LogRow = Type.Object(
  {
    requestId: Type.String(),
    at: time('When.'),
    method: Type.String(),
    route: Type.Optional(Type.String()),
    status: Type.Integer(),
    msg: Type.String(),
    actor: Type.Optional(Type.String()),
  },
  { $id: 'LogRow' },
)
export const LogList = Type.Object({ items: Type.Array(LogRow), hasMore: Type.Boolean() })
export const LogListQuery = Type.Object(
  {
    ...PageQuery.properties,
    msg: Type.Optional(Type.String({ pattern: '^[A-Z0-9_]{1,32}$' })),
    actor: Type.Optional(Type.String({ maxLength: 64, pattern: '^[0-9A-Za-z_-]+$' })),
    from: moment('At or after.'),
    to: moment('Before.'),
  },
  closed,
)
export type LogListQuery = Type.Static<typeof LogListQuery>
export const LogParams = Type.Object({ requestId: Type.String({ pattern: '^req_[0-9a-z]{26}$' }) })
export const LogDetail = Type.Object({
  record: LogRow,
  error: Type.Record(Type.String(), Type.Unknown(), { description: 'Names, codes, rules and places in our code.' }),
})

/** GET /dashboard-api/audit-log. */
export const AuditRow = Type.Object(
  {
    auditId: Type.String(),
    at: time('When.'),
    mode: oneOf(MODES, 'In which mode.'),
    actor: Type.String(),
    actorName: Type.Optional(Type.String({ description: 'Of a member or a key.' })),
    action: Type.String(),
    target: Type.String(),
    requestId: Type.Optional(Type.String()),
    ip: Type.Optional(Type.String()),
    before: Type.Optional(Type.String()),
    after: Type.Optional(Type.String()),
    seq: Type.Optional(
      Type.Integer({ description: 'Its place in the chain; absent for a moment, until it is sealed.' }),
    ),
  },
  { $id: 'AuditRow' },
)
export const AuditList = Type.Object({ items: Type.Array(AuditRow), hasMore: Type.Boolean() })
export const AuditListQuery = Type.Object(
  {
    ...PageQuery.properties,
    actor: Type.Optional(Type.String({ maxLength: 64, pattern: '^[0-9A-Za-z_-]+$' })),
    action: Type.Optional(Type.String({ maxLength: 64, pattern: '^[a-z.-]+$' })),
    target: Type.Optional(Type.String({ maxLength: 64, pattern: '^[0-9A-Za-z_-]+$' })),
    from: moment('At or after.'),
    to: moment('Before.'),
  },
  closed,
)
export type AuditListQuery = Type.Static<typeof AuditListQuery>
/** POST /dashboard-api/audit-log/verify. */
export const AuditVerdict = Type.Object({
  holds: Type.Boolean(),
  entries: Type.Integer({ minimum: 0 }),
  checkpoints: Type.Integer({ minimum: 0 }),
  finding: Type.Optional(
    Type.Object({
      seq: Type.Optional(Type.Integer()),
      code: oneOf(AUDIT_FINDINGS, 'The kind of finding.'),
      what: Type.String(),
    }),
  ),
})

/** GET /dashboard-api/reports/{kind}. */
export const REPORT_KINDS = ['payments', 'refunds', 'ledger', 'summary'] as const
export const ReportParams = Type.Object({ kind: oneOf(REPORT_KINDS, 'What is reported.') })
export const ReportQuery = Type.Object(
  {
    from: Type.String({ format: 'date-time', maxLength: 32 }),
    to: Type.String({ format: 'date-time', maxLength: 32, description: 'At most 366 days after.' }),
    zone,
  },
  closed,
)
/** GET /dashboard-api/report-summary: the printable one. */
export const SummaryReport = Type.Object({
  merchantName: Type.String(),
  rows: Type.Array(
    Type.Object({
      day: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
      currency: Type.String(),
      paidCount: Type.Integer({ minimum: 0 }),
      paidAmt: minorUnits('Minor units of the currency.'),
      refundCount: Type.Integer({ minimum: 0 }),
      refundedAmt: minorUnits('Minor units of the currency.'),
      feeAmt: minorUnits('Minor units of the currency.'),
    }),
  ),
})

/** GET, PUT /dashboard-api/settings. */
export const SettingsData = Type.Object({
  merchantId: Type.String(),
  name: Type.String(),
  securityNotifyUrl: Type.Optional(Type.String()),
  refundLimitAmt: minorUnits(
    'What a member gives back above this within 24 hours asks for the password again: hundredths of a unit of any currency (10000 is CAD 100.00 and JPY 100).',
  ),
  signatureScheme: Type.String(),
  signatures: oneOf(['required', 'optional'], 'In the mode that is looked at.'),
  replySignature: Type.String(),
  feeBasisPoints: Type.Integer(),
})
export const UpdateSettingsRequest = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })),
    securityNotifyUrl: Type.Optional(Type.String({ maxLength: 256, description: 'Empty: none.' })),
    refundLimitAmt: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999_999 })),
  },
  { ...closed, $id: 'UpdateSettingsRequest' },
)

/** POST /dashboard-api/orders: an order made at the counter, to be paid by its QR code. */
export const CounterOrderRequest = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 30, pattern: '^[^/=&\\u0000-\\u001f\\u007f]*$' }),
    totalAmt: Type.Integer({ minimum: 1, maximum: 999_999_999_999 }),
    currency: oneOf(CURRENCIES, 'ISO 4217.'),
    outTradeNo: Type.String({ pattern: '^[0-9A-Za-z]{1,32}$', description: 'Made by the page.' }),
    notifyUrl: Type.String({ maxLength: 256 }),
  },
  { ...closed, $id: 'CounterOrderRequest' },
)
export const CounterOrderData = Type.Object({
  ucpOrderNo: Type.String(),
  payUrl: Type.String(),
  qrCode: Type.String(),
  expiresAt: time('When it closes if nobody pays.'),
})
