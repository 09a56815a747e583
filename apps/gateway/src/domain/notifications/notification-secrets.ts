import { randomBytes } from 'node:crypto'
import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import type { DataKeys } from '../sealing/data-keys.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'

/** The secrets that sign a merchant's notifications by the Standard Webhooks scheme, sealed at rest. */
export interface NotificationSecrets {
  /** Those that are valid now, newest first. */
  list(caller: Caller): Promise<string[]>
  /**
   * Makes a new one; the earlier ones stay valid for `overlapS` seconds more.
   *
   * @returns `whsec_…`, this once
   */
  create(tx: Tx, caller: Caller, overlapS: number): Promise<string>
}

interface Row {
  readonly secretId: string
  readonly keyId: string
  readonly sealedSecret: Buffer
}

/** Keeps notification secrets under the merchant's data key. */
export function createNotificationSecrets({ db, dataKeys }: { db: Tx; dataKeys: DataKeys }): NotificationSecrets {
  return {
    async list(caller) {
      const rows = await db.query<Row>(
        `select secret_id as "secretId", key_id as "keyId", sealed_secret as "sealedSecret" from notification_secrets
         where merchant_id = $1 and mode = $2 and (expires_at is null or expires_at > $3)
         order by created_at desc, secret_id desc`,
        [caller.merchantId, caller.mode, caller.now],
      )
      return Promise.all(
        rows.map(async ({ secretId, keyId, sealedSecret }) =>
          open(await dataKeys.byId(caller, 'secrets', keyId), sealedSecret, placeOf(caller, secretId)),
        ),
      )
    },
    async create(tx, caller, overlapS) {
      const secret = `whsec_${randomBytes(32).toString('base64')}`
      const secretId = newId('whs', caller.now)
      const dataKey = await dataKeys.active(caller, 'secrets')
      await tx.query(
        `update notification_secrets set expires_at = $3 where merchant_id = $1 and mode = $2 and expires_at is null`,
        [caller.merchantId, caller.mode, new Date(caller.now.getTime() + overlapS * 1000)],
      )
      await insertSealedRow(tx, 'notification_secrets', {
        merchant_id: caller.merchantId,
        mode: caller.mode,
        secret_id: secretId,
        key_id: dataKey.keyId,
        sealed_secret: seal(dataKey, secret, placeOf(caller, secretId)),
        created_at: caller.now,
      })
      await recordAudit(tx, caller, { action: 'notification-secret.created', target: secretId })
      return secret
    },
  }
}

function placeOf(caller: Caller, secretId: string): Place {
  return {
    table: 'notification_secrets',
    column: 'sealed_secret',
    merchantId: caller.merchantId,
    row: `${caller.mode}/${secretId}`,
  }
}
