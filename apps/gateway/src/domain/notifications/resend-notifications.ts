import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { enqueueAll } from './outbox.ts'

/** One go sends no more than this again; the rest comes with the next. */
const MOST_AT_ONCE = 1_000

/** Which: one, or those of a range. */
export interface Resending {
  readonly notificationId?: string | undefined
  /** RFC 3339; made at or after. */
  readonly from?: string | undefined
  /** RFC 3339; made before. */
  readonly to?: string | undefined
  /** Of a range, those that stand so; failed where absent. */
  readonly status?: 'delivered' | 'failed' | undefined
}

/**
 * Sends notifications again, one or the oldest 1,000 of a range. Each is pending again and queued in one transaction, so
 * none is lost between; its id stays, so that a receiver can tell that it has it already (contract §6).
 *
 * @returns how many, and whether the range holds more
 * @throws ApiError NOT_FOUND; LACK_PARAMS where neither one nor a range is named; PARAM_ERROR for both at once
 */
export async function resendNotifications(
  db: Database,
  caller: Caller,
  resending: Resending,
): Promise<{ resent: number; hasMore: boolean }> {
  const { notificationId, from, to } = resending
  const range = from !== undefined && to !== undefined
  if (notificationId === undefined && !range) {
    throw new ApiError('LACK_PARAMS', 'neither a notification nor a range', {
      failures: [{ pointer: '/notificationId', rule: 'required' }],
    })
  }
  if (notificationId !== undefined && (from ?? to ?? resending.status) !== undefined) {
    throw new ApiError('PARAM_ERROR', 'one notification, or a range', {
      failures: [{ pointer: '/notificationId', rule: 'oneOf' }],
    })
  }
  return db.transaction(async (tx) => {
    const ids = notificationId === undefined ? await lockRange(tx, caller, resending) : [notificationId]
    const sent = await tx.query<{ id: string }>(
      `update notifications set status = 'pending'
       where merchant_id = $1 and mode = $2 and notification_id = any($3) returning notification_id as id`,
      [caller.merchantId, caller.mode, ids],
    )
    if (notificationId !== undefined && sent.length === 0) {
      throw new ApiError('NOT_FOUND', 'no such notification of this merchant in this mode')
    }
    await enqueueAll(tx, caller, { job: 'deliver-notification', refs: sent.map(({ id }) => id) })
    if (notificationId !== undefined) {
      await recordAudit(tx, caller, { action: 'notification.resent', target: notificationId })
    } else if (sent.length > 0) {
      const after = `${sent.length} from ${String(from)} until ${String(to)}`
      await recordAudit(tx, caller, { action: 'notifications.resent', target: caller.merchantId, after })
    }
    return { resent: sent.length, hasMore: range && (await holdsMore(tx, caller, resending)) }
  })
}

/**
 * Held until they are queued: of two ranges at once that overlap, each sends what the other does not. Waiting instead would
 * find the other's rows sent, and leave those after them.
 */
async function lockRange(tx: Tx, caller: Caller, { from, to, status = 'failed' }: Resending): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select notification_id as id from notifications
     where merchant_id = $1 and mode = $2 and status = $3 and created_at >= $4 and created_at < $5
     order by created_at, notification_id limit $6 for update skip locked`,
    [caller.merchantId, caller.mode, status, from, to, MOST_AT_ONCE],
  )
  return rows.map(({ id }) => id)
}

/** What has just been chosen is pending by now. */
async function holdsMore(tx: Tx, caller: Caller, { from, to, status = 'failed' }: Resending): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from notifications
     where merchant_id = $1 and mode = $2 and status = $3 and created_at >= $4 and created_at < $5 limit 1`,
    [caller.merchantId, caller.mode, status, from, to],
  )
  return rows.length > 0
}
