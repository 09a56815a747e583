import type { NotificationDetail } from '@ucanpay/wire/dashboard/record-schemas'
import type { Static } from 'typebox'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { findNotification } from './list-notifications.ts'
import { shown } from './shown.ts'

interface Delivery {
  readonly attemptNo: number
  readonly at: Date
  readonly durationMs: number
  readonly httpStatus: number | null
  readonly outcome: string
}

/**
 * A notification: what it says, without the signature that each attempt gets anew, and every attempt.
 *
 * @throws ApiError NOT_FOUND, for a stranger's as for none
 */
export async function notificationDetail(
  tx: Tx,
  caller: Caller,
  notificationId: string,
): Promise<Static<typeof NotificationDetail>> {
  const notification = await findNotification(tx, caller, notificationId)
  const of = [caller.merchantId, caller.mode, notificationId]
  const [stored] = await tx.query<{ data: Record<string, string | number> }>(
    `select data from notifications where merchant_id = $1 and mode = $2 and notification_id = $3`,
    of,
  )
  const attempts = await tx.query<Delivery>(
    `select attempt_no as "attemptNo", at, duration_ms as "durationMs", http_status as "httpStatus", outcome
     from delivery_attempts where merchant_id = $1 and mode = $2 and notification_id = $3 order by attempt_no`,
    of,
  )
  return { notification, data: stored?.data ?? {}, attempts: attempts.map(shown) }
}
