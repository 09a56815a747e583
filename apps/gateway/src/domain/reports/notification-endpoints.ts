import type { EndpointList } from '@ucanpay/wire/dashboard/record-schemas'
import type { Static } from 'typebox'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { shown } from './shown.ts'

const LOOK_BACK_MS = 30 * 86_400_000
/** Counting all that a large merchant was told in 30 days would take seconds; what is wrong shows in the newest. */
const MOST_LOOKED_AT = 10_000
const MOST_ADDRESSES = 100

interface Endpoint {
  readonly notifyUrl: string
  readonly delivered: number
  readonly pending: number
  readonly failed: number
  readonly lastAt: Date
}

interface Secret {
  readonly secretId: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
}

/**
 * Where the caller's notifications go, and the secrets that sign them: the addresses of the newest 10,000 notifications of
 * the last 30 days, the one that was told something last first, 100 at most.
 */
export async function notificationEndpoints(tx: Tx, caller: Caller): Promise<Static<typeof EndpointList>> {
  const since = new Date(caller.now.getTime() - LOOK_BACK_MS)
  const endpoints = await tx.query<Endpoint>(
    `select notify_url as "notifyUrl", max(created_at) as "lastAt",
            count(*) filter (where status = 'delivered')::int as delivered,
            count(*) filter (where status = 'pending')::int as pending,
            count(*) filter (where status = 'failed')::int as failed
     from (
       select notify_url, status, created_at from notifications
       where merchant_id = $1 and mode = $2 and created_at >= $3
       order by created_at desc, notification_id desc limit $4
     ) newest group by notify_url order by max(created_at) desc, notify_url limit $5`,
    [caller.merchantId, caller.mode, since, MOST_LOOKED_AT, MOST_ADDRESSES],
  )
  const secrets = await tx.query<Secret>(
    `select secret_id as "secretId", created_at as "createdAt", expires_at as "expiresAt" from notification_secrets
     where merchant_id = $1 and mode = $2 and (expires_at is null or expires_at > $3)
     order by created_at desc, secret_id desc`,
    [caller.merchantId, caller.mode, caller.now],
  )
  return { items: endpoints.map(shown), secrets: secrets.map(shown) }
}
