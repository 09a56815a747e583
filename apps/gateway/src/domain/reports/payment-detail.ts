import type { PaymentDetail } from '@ucanpay/wire/dashboard/payment-schemas'
import type { Right } from '@ucanpay/wire/dashboard/roles'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { CheckoutLinks } from '../orders/checkout-links.ts'
import { findOrder, type Order } from '../orders/order.ts'
import { REVERSIBLE_FOR_MS } from '../orders/reverse-order.ts'
import { MAX_REFUNDS, REFUNDABLE_FOR_MS } from '../refunds/create-refund.ts'
import { notificationsOfOrder } from './list-notifications.ts'
import { findPaymentRow } from './list-payments.ts'
import { refundsOfOrder } from './list-refunds.ts'
import { shown } from './shown.ts'
import { timelineOf, type TimelineAttempt, type TimelineAudit, type TimelineDelivery } from './timeline.ts'

interface Attempt extends TimelineAttempt {
  readonly bin: string | null
  readonly last4: string | null
  readonly brand: string | null
  readonly acquirer: string
}

interface Entry {
  readonly postingId: string
  readonly kind: string
  readonly account: string
  readonly amount: number
  readonly at: Date
  readonly ref: string
}

export interface PaymentDetailDeps {
  readonly db: Database
  readonly links: CheckoutLinks
}

/**
 * A payment and everything that happened to it.
 *
 * @param asked.rights of the member: what it may not do is not offered
 * @throws ApiError ORDERNOTEXIST, for a stranger's as for none
 */
export async function paymentDetail(
  { db, links }: PaymentDetailDeps,
  caller: Caller,
  asked: { ucpOrderNo: string; rights: ReadonlySet<Right> },
): Promise<PaymentDetail> {
  const { ucpOrderNo } = asked
  const order = await findOrder(db, caller, { ucpOrderNo })
  const [row, attempts, refunds, notifications, entries, deliveries, staticCode] = await Promise.all([
    findPaymentRow(db, caller, ucpOrderNo),
    attemptsOf(db, caller, ucpOrderNo),
    refundsOfOrder(db, caller, ucpOrderNo),
    notificationsOfOrder(db, caller, ucpOrderNo),
    entriesOf(db, caller, ucpOrderNo),
    deliveriesOf(db, caller, ucpOrderNo),
    staticCodeOfOrder(db, caller, ucpOrderNo),
  ])
  if (!row) throw new ApiError('ORDERNOTEXIST', 'no such order of this merchant in this mode')
  const targets = [
    ucpOrderNo,
    ...refunds.map(({ ucpRefundNo }) => ucpRefundNo),
    ...notifications.map(({ notificationId }) => notificationId),
  ]
  const audit = await auditOf(db, caller, targets)
  return {
    payment: { ...row, ...termsOf(order), ...payUrlOf(order, caller, links), ...staticCode },
    timeline: timelineOf({ order, attempts, refunds, deliveries, audit }),
    attempts: attempts.map(attemptRow),
    refunds,
    notifications,
    entries: entries.map(shown),
    actions: actionsOn(order, caller.now).filter((action) => asked.rights.has(RIGHT_FOR[action])),
  }
}

function attemptRow(attempt: Attempt): PaymentDetail['attempts'][number] {
  const { attemptId, operation, amount, status, reason, bin, last4, brand, acquirer, startedAt, endedAt } = attempt
  return shown({ attemptId, operation, amount, status, reason, bin, last4, brand, acquirer, startedAt, endedAt })
}

function termsOf(order: Order) {
  const { body, sceneType, captureMode, notifyUrl, deviceNo, returnUrl, expiresAt } = order
  const { refundableAmt, refundsLeft } = refundableOf(order)
  return {
    ...shown({ body, sceneType, captureMode, notifyUrl, deviceNo, returnUrl, expiresAt }),
    refundableAmt,
    refundsLeft,
  }
}

function refundableOf({ tradeStatus, capturedAmt, refundAmt, refundCount }: Order) {
  const paid = tradeStatus === 'SUCCESS' || tradeStatus === 'REFUND'
  return { refundableAmt: paid ? capturedAmt - refundAmt : 0, refundsLeft: MAX_REFUNDS - refundCount }
}

function payUrlOf(order: Order, caller: Caller, links: CheckoutLinks): { payUrl?: string } {
  const payable = order.tradeStatus === 'NOTPAY' || order.tradeStatus === 'PAYERROR'
  if (!payable || order.expiresAt <= caller.now) return {}
  return { payUrl: links.payUrl({ merchantId: caller.merchantId, mode: caller.mode, ucpOrderNo: order.ucpOrderNo }) }
}

type Action = PaymentDetail['actions'][number]

const RIGHT_FOR: Readonly<Record<Action, Right>> = {
  refund: 'refunds:write',
  capture: 'payments:write',
  close: 'payments:write',
  reverse: 'payments:write',
}

/** What the domain would accept now; the balance alone can still refuse it. */
function actionsOn(order: Order, now: Date): Action[] {
  const { tradeStatus } = order
  const paidForMs = now.getTime() - (order.timeEnd?.getTime() ?? 0)
  const { refundableAmt, refundsLeft } = refundableOf(order)
  const actions: Action[] = []
  if (refundableAmt > 0 && refundsLeft > 0 && paidForMs <= REFUNDABLE_FOR_MS) actions.push('refund')
  if (tradeStatus === 'AUTHORIZED') actions.push('capture', 'reverse')
  if (tradeStatus === 'NOTPAY' || tradeStatus === 'PAYERROR') actions.push('close')
  if (tradeStatus === 'SUCCESS' && order.refundAmt === 0 && paidForMs <= REVERSIBLE_FOR_MS) actions.push('reverse')
  return actions
}

function attemptsOf(tx: Tx, caller: Caller, ucpOrderNo: string): Promise<Attempt[]> {
  return tx.query<Attempt>(
    `select attempt_id as "attemptId", operation, amount, status, reason, bin, last4, brand, acquirer,
            challenge_url is not null as challenged, started_at as "startedAt", ended_at as "endedAt"
     from payment_attempts where merchant_id = $1 and mode = $2 and ucp_order_no = $3 order by started_at, attempt_id`,
    [caller.merchantId, caller.mode, ucpOrderNo],
  )
}

function entriesOf(tx: Tx, caller: Caller, ucpOrderNo: string): Promise<Entry[]> {
  return tx.query<Entry>(
    `select posting_id as "postingId", kind, account, amount, at, ref from ledger_entries
     where merchant_id = $1 and mode = $2 and ucp_order_no = $3 order by at, posting_id, line`,
    [caller.merchantId, caller.mode, ucpOrderNo],
  )
}

function deliveriesOf(tx: Tx, caller: Caller, ucpOrderNo: string): Promise<TimelineDelivery[]> {
  return tx.query<TimelineDelivery>(
    `select a.notification_id as "notificationId", a.at, a.outcome from notifications n
     join delivery_attempts a on a.merchant_id = n.merchant_id and a.mode = n.mode and a.notification_id = n.notification_id
     where n.merchant_id = $1 and n.mode = $2 and n.ucp_order_no = $3 order by a.at, a.attempt_no`,
    [caller.merchantId, caller.mode, ucpOrderNo],
  )
}

async function staticCodeOfOrder(
  tx: Tx,
  caller: Caller,
  ucpOrderNo: string,
): Promise<Pick<PaymentDetail['payment'], 'staticCode'>> {
  const [staticCode] = await tx.query<{ codeId: string; name: string }>(
    `select c.code_id as "codeId", c.name from static_code_orders s
     join static_codes c on c.merchant_id = s.merchant_id and c.mode = s.mode and c.code_id = s.code_id
     where s.merchant_id = $1 and s.mode = $2 and s.ucp_order_no = $3`,
    [caller.merchantId, caller.mode, ucpOrderNo],
  )
  return staticCode ? { staticCode } : {}
}

function auditOf(tx: Tx, caller: Caller, targets: readonly string[]): Promise<TimelineAudit[]> {
  return tx.query<TimelineAudit>(
    `select at, actor, action, target, after from audit_log
     where merchant_id = $1 and mode = $2 and target = any($3) order by at, audit_id`,
    [caller.merchantId, caller.mode, targets],
  )
}
