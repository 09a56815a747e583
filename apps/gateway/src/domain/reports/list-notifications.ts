import type { NotificationRow } from '@ucanpay/wire/dashboard/payment-schemas'
import type { NotificationListQuery } from '@ucanpay/wire/dashboard/record-schemas'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { Conditions, limitOf, pageOf, queryPlanned, type Page } from './page.ts'
import { shown } from './shown.ts'

const SELECT = `select n.notification_id as "notificationId", n.kind, n.ucp_order_no as "ucpOrderNo",
  n.notify_url as "notifyUrl", n.status, n.created_at as "createdAt",
  (select count(*)::int from delivery_attempts a
   where a.merchant_id = n.merchant_id and a.mode = n.mode and a.notification_id = n.notification_id) as attempts,
  (select x.due_at from outbox x where x.merchant_id = n.merchant_id and x.mode = n.mode
   and x.job = 'deliver-notification' and x.ref = n.notification_id) as "nextAttemptAt"
  from notifications n`

interface Row {
  readonly notificationId: string
  readonly kind: 'payment' | 'refund' | 'security'
  readonly ucpOrderNo: string | null
  readonly notifyUrl: string
  readonly status: 'pending' | 'delivered' | 'failed'
  readonly createdAt: Date
  readonly attempts: number
  readonly nextAttemptAt: Date | null
}

/**
 * Lists the caller's notifications, newest first.
 *
 * @throws ApiError NOT_FOUND where `startingAfter` is no notification of the caller's
 */
export async function listNotifications(
  db: Database,
  caller: Caller,
  query: NotificationListQuery,
): Promise<Page<NotificationRow>> {
  const limit = limitOf(query)
  const after = query.startingAfter === undefined ? undefined : await findRow(db, caller, query.startingAfter)
  const where = new Conditions(caller, 'n')
    .add('n.status = ?', query.status)
    .add('n.notify_url = ?', query.notifyUrl)
    .add('n.created_at >= ?', query.from)
    .add('n.created_at < ?', query.to)
  if (after) where.add('(n.created_at, n.notification_id) < (?, ?)', after.createdAt, after.notificationId)
  const text = `${SELECT} where ${where.sql} order by n.created_at desc, n.notification_id desc limit ${where.place(limit + 1)}`
  return pageOf(await queryPlanned<Row>(db, text, where.values), limit, shown)
}

/** What the merchant was told of an order, oldest first. */
export async function notificationsOfOrder(tx: Tx, caller: Caller, ucpOrderNo: string): Promise<NotificationRow[]> {
  const where = new Conditions(caller, 'n').add('n.ucp_order_no = ?', ucpOrderNo)
  const text = `${SELECT} where ${where.sql} order by n.created_at, n.notification_id`
  return (await tx.query<Row>(text, where.values)).map(shown)
}

async function findRow(tx: Tx, caller: Caller, notificationId: string): Promise<Row> {
  const where = new Conditions(caller, 'n').add('n.notification_id = ?', notificationId)
  const [row] = await tx.query<Row>(`${SELECT} where ${where.sql}`, where.values)
  if (!row) throw new ApiError('NOT_FOUND', 'no such notification of this merchant in this mode')
  return row
}

/** @throws ApiError NOT_FOUND, for a stranger's as for none */
export async function findNotification(tx: Tx, caller: Caller, notificationId: string): Promise<NotificationRow> {
  return shown(await findRow(tx, caller, notificationId))
}
