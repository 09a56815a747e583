import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { enqueue } from './outbox.ts'
import { filterOutgoing } from './outgoing-filter.ts'

/** What a merchant is to be told. `data` goes out as it stands now, signed at each attempt (contract §6). */
export interface NewNotification {
  readonly kind: 'payment' | 'refund' | 'security'
  /** Null for an alert, which is about no order. */
  readonly ucpOrderNo: string | null
  readonly notifyUrl: string
  readonly data: Readonly<Record<string, string | number>>
}

/** Writes a notification and its sending, in the transaction of the state that it tells of. */
export async function enqueueNotification(tx: Tx, caller: Caller, notification: NewNotification): Promise<void> {
  const notificationId = newId('msg', caller.now)
  await tx.query(
    `insert into notifications (merchant_id, mode, notification_id, ucp_order_no, kind, notify_url, data, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      caller.merchantId,
      caller.mode,
      notificationId,
      notification.ucpOrderNo,
      notification.kind,
      notification.notifyUrl,
      JSON.stringify(filterOutgoing(notification.data)),
      caller.now,
    ],
  )
  await enqueue(tx, caller, { job: 'deliver-notification', ref: notificationId })
}
