import type { Mode } from '@ucanpay/wire/api-key'
import type { Database } from '../../database/tx.ts'
import { raiseAlert } from '../alerts/raise-alert.ts'

/** Days before its end on which a merchant is reminded of a key (contract §2). */
const REMINDERS = [1, 7, 14] as const
const DAY_MS = 86_400_000

interface Due {
  readonly merchantId: string
  readonly mode: Mode
  readonly apiKeyId: string
  readonly days: number
}

/**
 * Raises an alert for each key that ends within 14, 7 or 1 days, once for each of them. A key that has been replaced is
 * left to end.
 */
export async function remindOfExpiry(db: Database, now: Date): Promise<void> {
  const [, , longest] = REMINDERS
  const due = await db.query<Due>(
    `select k.merchant_id as "merchantId", k.mode, k.api_key_id as "apiKeyId", stage.days
     from api_keys k
     cross join lateral (
       select min(d) as days from unnest($3::int[]) d where k.expires_at <= $1::timestamptz + make_interval(days => d)
     ) stage
     where k.revoked_at is null and k.rolled_into is null and k.expires_at > $1 and k.expires_at <= $2
       and not exists (
         select from alerts a where a.merchant_id = k.merchant_id and a.mode = k.mode and a.kind = 'key-expiring'
           and a.target = k.api_key_id and a.occasion = stage.days || ' days')
     limit 500`,
    [now, new Date(now.getTime() + longest * DAY_MS), [...REMINDERS]],
  )
  for (const { merchantId, mode, apiKeyId, days } of due) {
    const caller = { merchantId, mode, actor: 'worker', requestId: null, now }
    const occasion = `${days} days`
    await db.transaction((tx) => raiseAlert(tx, caller, { kind: 'key-expiring', target: apiKeyId, occasion }))
  }
}
