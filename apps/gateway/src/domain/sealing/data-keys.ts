import { createDataKey, openDataKey, type DataKey } from '@ucanpay/vault/data-key'
import type { KeyRing } from '@ucanpay/vault/key-ring'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

export type KeyPurpose = 'cards' | 'secrets'

/** Finds and makes the data keys of merchants. */
export interface DataKeys {
  /** The key that seals for the caller's merchant now; made on first use. */
  active(caller: Caller, purpose: KeyPurpose): Promise<DataKey>
  /** A key by its id, to open what it sealed. @throws Error where it is gone */
  byId(caller: Caller, purpose: KeyPurpose, keyId: string): Promise<DataKey>
}

interface Row {
  readonly keyId: string
  readonly wrappedKey: Buffer
}

const KEPT_MS = 60_000
const KEPT_KEYS = 5_000

/**
 * Data keys in the database, each wrapped by the key ring. Unwrapped ones are kept in memory for a minute, so that
 * sealing a card costs no read.
 */
export function createDataKeys({ db, ring }: { db: Tx; ring: KeyRing }): DataKeys {
  const kept = new Map<string, { until: number; key: Promise<DataKey> }>()
  const keep = (caller: Caller, name: string, find: () => Promise<DataKey>): Promise<DataKey> => {
    const found = kept.get(name)
    const now = caller.now.getTime()
    if (found && found.until > now) return found.key
    if (kept.size >= KEPT_KEYS) kept.clear()
    const key = find()
    kept.set(name, { until: now + KEPT_MS, key })
    key.catch(() => kept.delete(name)) // A read that failed is not kept.
    return key
  }
  return {
    active: (caller, purpose) =>
      keep(caller, `${caller.merchantId} ${purpose}`, () => findOrCreate({ db, ring }, caller, purpose)),
    byId: (caller, purpose, keyId) =>
      keep(caller, `${caller.merchantId} ${purpose} ${keyId}`, async () => {
        const [row] = await db.query<Row>(
          `select key_id as "keyId", wrapped_key as "wrappedKey" from data_keys
           where merchant_id = $1 and purpose = $2 and key_id = $3`,
          [caller.merchantId, purpose, keyId],
        )
        if (!row) throw new Error('the data key is gone')
        return openDataKey(ring, row.wrappedKey, { merchantId: caller.merchantId, purpose, keyId })
      }),
  }
}

async function findOrCreate(
  { db, ring }: { db: Tx; ring: KeyRing },
  caller: Caller,
  purpose: KeyPurpose,
): Promise<DataKey> {
  const fresh = { merchantId: caller.merchantId, purpose, keyId: newId('dky', caller.now) }
  const { wrapped } = createDataKey(ring, fresh)
  // Where two make the first key at once, the index lets one in, and both go on with that one.
  await db.query(
    `insert into data_keys (merchant_id, purpose, key_id, wrapped_key, created_at)
     select $1, $2, $3, $4, $5
     where not exists (select from data_keys where merchant_id = $1 and purpose = $2 and retired_at is null)
     on conflict do nothing`,
    [caller.merchantId, purpose, fresh.keyId, wrapped, caller.now],
  )
  const [row] = await db.query<Row>(
    `select key_id as "keyId", wrapped_key as "wrappedKey" from data_keys
     where merchant_id = $1 and purpose = $2 and retired_at is null`,
    [caller.merchantId, purpose],
  )
  if (!row) throw new Error('the data key is gone')
  return openDataKey(ring, row.wrappedKey, { ...fresh, keyId: row.keyId })
}
