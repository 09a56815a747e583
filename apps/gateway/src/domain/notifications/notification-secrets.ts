import { randomBytes } from 'node:crypto'
import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { Sealed } from '@ucanpay/vault/sealed'
import type { Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import type { DataKeys } from '../sealing/data-keys.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'
import { signWebhook } from './webhook-signature.ts'

/** What is signed. */
export interface WebhookMessage {
  /** The notification's id; the same at every attempt. */
  readonly id: string
  /** The moment of this attempt; a receiver refuses one that is minutes old. */
  readonly at: Date
  readonly body: string
}

/** A new secret: what the merchant is told once, and what is stored. */
export interface MintedSecret {
  /** `whsec_…` */
  readonly secret: string
  readonly secretId: string
  readonly keyId: string
  readonly sealed: Sealed
}

/** The secrets that sign a merchant's notifications by the Standard Webhooks scheme, sealed at rest. */
export interface NotificationSecrets {
  /** Signs with each secret that is valid, newest first. @returns `v1,…` each */
  sign(caller: Caller, message: WebhookMessage): Promise<string[]>
  /** Makes a secret and seals it; nothing is stored. */
  mint(caller: Caller): Promise<MintedSecret>
}

interface Row {
  readonly secretId: string
  readonly keyId: string
  readonly sealedSecret: Buffer
}

/** Keeps notification secrets under the merchant's data key. */
export function createNotificationSecrets({ db, dataKeys }: { db: Tx; dataKeys: DataKeys }): NotificationSecrets {
  return {
    async sign(caller, message) {
      const rows = await db.query<Row>(
        `select secret_id as "secretId", key_id as "keyId", sealed_secret as "sealedSecret" from notification_secrets
         where merchant_id = $1 and mode = $2 and (expires_at is null or expires_at > $3)
         order by created_at desc, secret_id desc`,
        [caller.merchantId, caller.mode, caller.now],
      )
      return Promise.all(
        rows.map(async ({ secretId, keyId, sealedSecret }) => {
          const dataKey = await dataKeys.byId(caller, 'secrets', keyId)
          return signWebhook(open(dataKey, sealedSecret, placeOf(caller, secretId)), message)
        }),
      )
    },
    async mint(caller) {
      const secret = `whsec_${randomBytes(32).toString('base64')}`
      const secretId = newId('whs', caller.now)
      const dataKey = await dataKeys.active(caller, 'secrets')
      return { secret, secretId, keyId: dataKey.keyId, sealed: seal(dataKey, secret, placeOf(caller, secretId)) }
    },
  }
}

/**
 * Gives the caller's merchant a new secret; the earlier ones stay valid for `overlapS` seconds more.
 *
 * @returns `whsec_…`, this once
 */
export async function createNotificationSecret(
  { tx, secrets }: { tx: Tx; secrets: NotificationSecrets },
  caller: Caller,
  overlapS: number,
): Promise<string> {
  const { secret, secretId, keyId, sealed } = await secrets.mint(caller)
  await tx.query(
    `update notification_secrets set expires_at = $3 where merchant_id = $1 and mode = $2 and expires_at is null`,
    [caller.merchantId, caller.mode, new Date(caller.now.getTime() + overlapS * 1000)],
  )
  await insertSealedRow(tx, 'notification_secrets', {
    merchant_id: caller.merchantId,
    mode: caller.mode,
    secret_id: secretId,
    key_id: keyId,
    sealed_secret: sealed,
    created_at: caller.now,
  })
  await recordAudit(tx, caller, { action: 'notification-secret.created', target: secretId })
  return secret
}

function placeOf(caller: Caller, secretId: string): Place {
  return {
    table: 'notification_secrets',
    column: 'sealed_secret',
    merchantId: caller.merchantId,
    row: `${caller.mode}/${secretId}`,
  }
}
