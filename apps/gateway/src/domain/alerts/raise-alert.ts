import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { enqueueNotification } from '../notifications/enqueue-notification.ts'

/** What a merchant is alerted of. */
export type AlertKind =
  | 'key-in-browser'
  | 'key-in-url'
  | 'key-in-body'
  | 'key-over-http'
  | 'key-reported'
  | 'key-expiring'
  | 'notification-failed'

/** Something that a merchant should know of at once. */
export interface Alert {
  readonly kind: AlertKind
  /** The id of the key or the notification. */
  readonly target: string
  /** What makes two alerts the same one; the day where absent. */
  readonly occasion?: string
}

/**
 * Puts an alert where the merchant finds it, and sends it to the merchant's security address where there is one. The
 * same alert on the same occasion is counted and not sent again.
 */
export async function raiseAlert(tx: Tx, caller: Caller, alert: Alert): Promise<void> {
  const occasion = alert.occasion ?? caller.now.toISOString().slice(0, 10)
  const alertId = newId('alr', caller.now)
  const [raised] = await tx.query<{ times: number; notifyUrl: string | null }>(
    `insert into alerts as a (merchant_id, mode, alert_id, kind, target, occasion, created_at, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)
     on conflict (merchant_id, mode, kind, target, occasion) do update set times = a.times + 1, last_at = excluded.last_at
     returning times, (select security_notify_url from merchants m where m.merchant_id = a.merchant_id) as "notifyUrl"`,
    [caller.merchantId, caller.mode, alertId, alert.kind, alert.target, occasion, caller.now],
  )
  if (!raised?.notifyUrl || raised.times > 1) return
  await enqueueNotification(tx, caller, {
    kind: 'security',
    ucpOrderNo: null,
    notifyUrl: raised.notifyUrl,
    data: {
      merchantId: caller.merchantId,
      mode: caller.mode,
      alertId,
      alert: alert.kind,
      target: alert.target,
      occasion,
      at: caller.now.toISOString(),
    },
  })
}
