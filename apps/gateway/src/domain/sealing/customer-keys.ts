import { mintDataKey, unwrapDataKey, type DataKey } from '@ucanpay/vault/data-key'
import type { KeyEncryption, WrappedKey } from '@ucanpay/vault/key-encryption'
import type { KeyContext } from '@ucanpay/vault/key-ring'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

/** The keys of customers, one each, in a store apart from what they seal. None is kept in memory past its use. */
export interface CustomerKeys {
  /** Makes a customer's key. */
  create(caller: Caller, userId: string): Promise<DataKey>
  /** Opens the keys of many, in their order; undefined where one was destroyed. */
  open(caller: Caller, of: readonly { userId: string; keyId: string }[]): Promise<(DataKey | undefined)[]>
  /** Destroys a customer's keys: what they sealed cannot be read any more, here or in any backup. Again does nothing. */
  destroy(caller: Caller, userId: string): Promise<void>
}

/** @param deps.db the key store's own database */
export function createCustomerKeys({ db, source }: { db: Database; source: KeyEncryption }): CustomerKeys {
  return {
    async create(caller, userId) {
      const { merchantId, mode, now } = caller
      const keyId = newId('cky', now)
      const { dataKey, wrapped } = await mintDataKey(source, customerKeyContext({ merchantId, mode, userId, keyId }))
      await db.query(
        `insert into customer_keys (merchant_id, mode, user_id, key_id, wrapped_key, wrapped_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [merchantId, mode, userId, keyId, wrapped.wrapped, wrapped.wrappedBy, now],
      )
      return dataKey
    },
    async open({ merchantId, mode }, of) {
      if (of.length === 0) return []
      const rows = await db.query<WrappedKey & { userId: string; keyId: string }>(
        `select user_id as "userId", key_id as "keyId", wrapped_key as wrapped, wrapped_by as "wrappedBy"
         from customer_keys where merchant_id = $1 and mode = $2 and user_id = any($3)`,
        [merchantId, mode, of.map(({ userId }) => userId)],
      )
      return Promise.all(
        of.map(async ({ userId, keyId }) => {
          const row = rows.find((found) => found.userId === userId && found.keyId === keyId)
          return row && unwrapDataKey(source, row, customerKeyContext({ merchantId, mode, userId, keyId }))
        }),
      )
    },
    async destroy({ merchantId, mode }, userId) {
      await db.query(`delete from customer_keys where merchant_id = $1 and mode = $2 and user_id = $3`, [
        merchantId,
        mode,
        userId,
      ])
    },
  }
}

/** What a customer's key is wrapped for; it opens for nobody else. */
export function customerKeyContext(of: {
  merchantId: string
  mode: string
  userId: string
  keyId: string
}): KeyContext {
  return { merchantId: of.merchantId, purpose: `customer ${of.mode} ${of.userId}`, keyId: of.keyId }
}
