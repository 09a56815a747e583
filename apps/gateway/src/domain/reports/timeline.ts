import type { TimelineEntry } from '@ucanpay/wire/dashboard/payment-schemas'
import type { RefundRow } from '@ucanpay/wire/dashboard/payment-schemas'
import type { Order } from '../orders/order.ts'

/** An attempt at the acquirer, as the time line needs it. */
export interface TimelineAttempt {
  readonly attemptId: string
  readonly operation: 'authorise' | 'capture' | 'void' | 'refund'
  readonly amount: number
  readonly status: 'pending' | 'challenge' | 'succeeded' | 'refused'
  readonly reason: string | null
  readonly challenged: boolean
  readonly startedAt: Date
  readonly endedAt: Date | null
}

/** A row of the audit log about the order, or about something of it. */
export interface TimelineAudit {
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly after: string | null
}

/** One attempt to tell the merchant. */
export interface TimelineDelivery {
  readonly notificationId: string
  readonly at: Date
  readonly outcome: string
}

/** Everything that is on record about one payment. */
export interface PaymentRecords {
  readonly order: Order
  readonly attempts: readonly TimelineAttempt[]
  readonly refunds: readonly RefundRow[]
  readonly deliveries: readonly TimelineDelivery[]
  readonly audit: readonly TimelineAudit[]
}

type Kind = TimelineEntry['kind']

/** Audit rows that say again what an attempt or another entry says with more detail. */
const TOLD_ELSEWHERE = new Set([
  'order.created',
  'order.userpaying',
  'order.success',
  'order.authorized',
  'order.payerror',
  'order.refund',
  'refund.accepted',
  'refund.settled',
])
const TOLD_BY_AUDIT: Readonly<Record<string, Kind>> = { 'order.closed': 'closed', 'order.revoked': 'reversed' }

/** What happened to a payment, oldest first; of one moment, causes before what they cause. */
export function timelineOf(records: PaymentRecords): TimelineEntry[] {
  const entries = [
    placed(records),
    ...records.attempts.flatMap(attemptEntries),
    ...records.refunds.flatMap((refund) => refundEntries(refund, records.audit)),
    ...records.audit.filter(({ action }) => !TOLD_ELSEWHERE.has(action)).map(auditEntry),
    ...records.deliveries.map(deliveryEntry),
  ]
  return entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) // Stable: what stands first above stays first.
}

function placed({ order, audit }: PaymentRecords): TimelineEntry {
  const actor = audit.find(({ action }) => action === 'order.created')?.actor
  const { ucpOrderNo: ref, totalAmt: amount } = order
  return { at: order.tranTime.toISOString(), kind: 'placed', ref, amount, ...(actor === undefined ? {} : { actor }) }
}

const SUCCEEDED: Readonly<Record<TimelineAttempt['operation'], Kind>> = {
  authorise: 'attempt-succeeded',
  capture: 'captured',
  void: 'voided',
  refund: 'refund-succeeded',
}

function attemptEntries(attempt: TimelineAttempt): TimelineEntry[] {
  const { attemptId: ref, operation, amount, status, reason } = attempt
  if (operation === 'refund' && ref.startsWith('rfd_')) return [] // The refund itself tells of it.
  const at = attempt.startedAt.toISOString()
  const entries: TimelineEntry[] = []
  if (operation === 'authorise') entries.push({ at, kind: 'attempt-started', ref, amount, actor: 'buyer' })
  if (attempt.challenged) entries.push({ at, kind: 'challenge', ref })
  if (attempt.endedAt) {
    const ended = { at: attempt.endedAt.toISOString(), ref, amount }
    if (status === 'succeeded') entries.push({ ...ended, kind: SUCCEEDED[operation] })
    else entries.push({ ...ended, kind: 'attempt-refused', ...(reason === null ? {} : { reason }) })
  }
  return entries
}

function refundEntries(refund: RefundRow, audit: readonly TimelineAudit[]): TimelineEntry[] {
  const { ucpRefundNo: ref, refundAmt: amount, refundStatus } = refund
  const about = (action: string): TimelineAudit | undefined =>
    audit.find((row) => row.action === action && row.target === ref)
  const actor = about('refund.accepted')?.actor
  const accepted: TimelineEntry = {
    at: refund.createdAt,
    kind: 'refund-accepted',
    ref,
    amount,
    ...(actor === undefined ? {} : { actor }),
  }
  if (refundStatus === 'PROCESSING') return [accepted]
  const settledAt = about('refund.settled')?.at.toISOString() ?? refund.refundSuccessTime ?? refund.createdAt
  const kind = refundStatus === 'SUCCESS' ? 'refund-succeeded' : 'refund-failed'
  return [accepted, { at: settledAt, kind, ref, amount }]
}

function auditEntry({ at, actor, action, target }: TimelineAudit): TimelineEntry {
  const kind = TOLD_BY_AUDIT[action]
  const entry = { at: at.toISOString(), actor, ref: target }
  return kind ? { ...entry, kind } : { ...entry, kind: 'other', action }
}

function deliveryEntry({ notificationId: ref, at, outcome }: TimelineDelivery): TimelineEntry {
  const entry = { at: at.toISOString(), ref, actor: 'worker' }
  if (outcome === 'delivered') return { ...entry, kind: 'notified' }
  return { ...entry, kind: 'notification-refused', reason: outcome }
}
