import type { Outbound, OutboundReply } from '../../outbound/outbound.ts'
import type { Database, Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import type { Clock } from '../clock.ts'
import type { PlatformKeys } from '../signatures/platform-keys.ts'
import { signData, type SigningRules } from '../signatures/sign-data.ts'
import type { NotificationSecrets } from './notification-secrets.ts'
import { dequeue, postpone } from './outbox.ts'
import { webhookHeaders } from './webhook-signature.ts'

/** Seconds from one attempt to the next (contract §6); after the last of them the notification has failed. */
const RETRY_AFTER_S = [15, 15, 30, 180, 600, 1_800, 3_600, 10_800, 21_600, 43_200]
/** Up to a tenth more, at random, so that a receiver that comes back is not met by everything at once. */
const JITTER = 0.1

export interface DeliverDeps {
  readonly db: Database
  readonly outbound: Outbound
  readonly secrets: NotificationSecrets
  readonly keys: PlatformKeys
  readonly clock: Clock
}

interface NotificationRow extends SigningRules {
  readonly notificationId: string
  readonly notifyUrl: string
  readonly data: Readonly<Record<string, string | number>>
  readonly status: 'pending' | 'delivered' | 'failed'
  readonly attempts: number
}

/** What one attempt came to. */
interface Attempt {
  readonly delivered: boolean
  readonly outcome: string
  readonly httpStatus: number | null
  readonly durationMs: number
}

/**
 * Makes one attempt to deliver a notification, signed anew, and puts it on record. It is delivered when the answer is
 * 2xx with `{"return_code":"SUCCESS"}`; else it comes again by the contract's schedule, and fails for good after that.
 *
 * A process that dies after the receiver took it delivers it again: at least once, never lost (contract §6).
 *
 * @returns where it stands now
 */
export async function deliverNotification(
  deps: DeliverDeps,
  caller: Caller,
  notificationId: string,
): Promise<NotificationRow['status']> {
  const notification = await find(deps.db, caller, notificationId)
  if (notification?.status !== 'pending') {
    await dequeue(deps.db, caller, { job: 'deliver-notification', ref: notificationId })
    return notification?.status ?? 'failed'
  }
  const attempt = await send(deps, caller, notification)
  const after = { ...caller, now: deps.clock.now() }
  return deps.db.transaction((tx) => record(tx, after, { notification, attempt }))
}

async function find(tx: Tx, caller: Caller, notificationId: string): Promise<NotificationRow | undefined> {
  const [row] = await tx.query<NotificationRow>(
    `select n.notification_id as "notificationId", n.notify_url as "notifyUrl", n.data, n.status,
            m.signature_scheme as "signatureScheme", m.reply_signature as "replySignature",
            (select count(*)::int from delivery_attempts a
             where a.merchant_id = n.merchant_id and a.mode = n.mode and a.notification_id = n.notification_id) as attempts
     from notifications n join merchants m on m.merchant_id = n.merchant_id
     where n.merchant_id = $1 and n.mode = $2 and n.notification_id = $3`,
    [caller.merchantId, caller.mode, notificationId],
  )
  return row
}

async function send(deps: DeliverDeps, caller: Caller, notification: NotificationRow): Promise<Attempt> {
  const startedAt = deps.clock.now()
  const path = new URL(notification.notifyUrl).pathname
  const data = await signData(deps.keys, notification, { data: notification.data, path })
  const body = JSON.stringify({ code: 0, msg: 'SUCCESS', data, timestamp: startedAt.toISOString() })
  const message = { id: notification.notificationId, at: startedAt, body }
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'UCanPay-Notifications/1.0',
    ...webhookHeaders(message, await deps.secrets.sign(caller, message)),
  }
  try {
    const reply = await deps.outbound.post(notification.notifyUrl, {
      headers,
      body,
      mode: caller.mode,
      timeoutMs: 10_000,
    })
    const delivered = isAccepted(reply)
    const outcome = delivered ? 'delivered' : 'refused'
    return { delivered, outcome, httpStatus: reply.status, durationMs: Math.round(reply.durationMs) }
  } catch (error) {
    if (!(error instanceof Error && 'reason' in error && typeof error.reason === 'string')) throw error
    const durationMs = Math.max(0, deps.clock.now().getTime() - startedAt.getTime())
    return { delivered: false, outcome: error.reason, httpStatus: null, durationMs }
  }
}

function isAccepted({ status, body }: OutboundReply): boolean {
  if (status < 200 || status > 299) return false
  try {
    const answer = JSON.parse(body) as { return_code?: unknown } | null
    return answer?.return_code === 'SUCCESS'
  } catch {
    return false // An answer that is not JSON has not said that it took the notification.
  }
}

async function record(
  tx: Tx,
  caller: Caller,
  { notification, attempt }: { notification: NotificationRow; attempt: Attempt },
): Promise<NotificationRow['status']> {
  const { notificationId } = notification
  const job = { job: 'deliver-notification', ref: notificationId } as const
  await tx.query(
    `insert into delivery_attempts (merchant_id, mode, notification_id, attempt_no, at, duration_ms, http_status, outcome)
     select $1, $2, $3, coalesce(max(attempt_no), 0) + 1, $4, $5, $6, $7 from delivery_attempts
     where merchant_id = $1 and mode = $2 and notification_id = $3`,
    [
      caller.merchantId,
      caller.mode,
      notificationId,
      caller.now,
      attempt.durationMs,
      attempt.httpStatus,
      attempt.outcome,
    ],
  )
  const waitS = RETRY_AFTER_S[notification.attempts]
  if (!attempt.delivered && waitS !== undefined) {
    const waitMs = waitS * 1000 * (1 + Math.random() * JITTER)
    await postpone(tx, caller, { ...job, dueAt: new Date(caller.now.getTime() + waitMs) })
    return 'pending'
  }
  const status = attempt.delivered ? 'delivered' : 'failed'
  await tx.query(
    `update notifications set status = $4 where merchant_id = $1 and mode = $2 and notification_id = $3 and status = 'pending'`,
    [caller.merchantId, caller.mode, notificationId, status],
  )
  await dequeue(tx, caller, job)
  if (status === 'failed') await recordAudit(tx, caller, { action: 'notification.failed', target: notificationId })
  return status
}
