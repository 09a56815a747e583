import { mintDataKey, unwrapDataKey, type DataKey } from '@ucanpay/vault/data-key'
import type { KeyEncryption, WrappedKey } from '@ucanpay/vault/key-encryption'
import type { Database, Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

export type KeyPurpose = 'cards' | 'secrets'

/** Finds and makes the data keys of merchants. */
export interface DataKeys {
  /** The key that seals for the caller's merchant now; made on first use. Each call is good for one envelope. */
  active(caller: Caller, purpose: KeyPurpose): Promise<DataKey>
  /** A key by its id, to open what it sealed. @throws Error where it is gone */
  byId(caller: Caller, purpose: KeyPurpose, keyId: string): Promise<DataKey>
  /** Forgets the keys of a merchant, because one of them was replaced; everybody's where none is named. */
  forget(merchantId?: string): void
}

export interface DataKeyDeps {
  readonly db: Database
  readonly source: KeyEncryption
}

interface Row extends WrappedKey {
  readonly keyId: string
}

interface Active {
  readonly until: number
  readonly key: DataKey
  /** How many envelopes this process may still seal before it asks again. */
  left: number
}

const KEPT_MS = 60_000
const KEPT_KEYS = 5_000
/** What a process may seal before it counts again: one write for ten thousand envelopes. */
const SEALS_AT_ONCE = 10_000
/**
 * With random nonces of 96 bits NIST SP 800-38D §8.3 allows 2^32 envelopes a key; a key is replaced after 2^24, where
 * two nonces have met with a chance of one in 2^49.
 */
const MOST_SEALS = 2 ** 24

/**
 * Data keys in the database, each wrapped by the key-encryption key. Unwrapped ones are kept in memory for a minute, so
 * that sealing a card costs no read.
 */
export function createDataKeys(deps: DataKeyDeps): DataKeys {
  const active = new Map<string, Promise<Active>>()
  const opened = new Map<string, { readonly until: number; readonly key: Promise<DataKey> }>()
  return {
    async active(caller, purpose) {
      const name = `${caller.merchantId} ${purpose}`
      for (;;) {
        const lease = active.get(name) ?? keep(active, name, findOrCreate(deps, caller, purpose))
        const found = await lease
        if (found.left > 0 && found.until > caller.now.getTime()) {
          found.left -= 1
          return found.key
        }
        if (active.get(name) === lease) active.delete(name)
      }
    },
    byId(caller, purpose, keyId) {
      const name = `${caller.merchantId} ${purpose} ${keyId}`
      const now = caller.now.getTime()
      const found = opened.get(name)
      if (found && found.until > now) return found.key
      if (opened.size >= KEPT_KEYS) opened.clear()
      const key = open(deps, caller, { purpose, keyId })
      opened.set(name, { until: now + KEPT_MS, key })
      key.catch(() => opened.delete(name)) // A read that failed is not kept.
      return key
    },
    forget(merchantId) {
      for (const kept of [active, opened]) {
        for (const name of kept.keys()) if (!merchantId || name.startsWith(`${merchantId} `)) kept.delete(name)
      }
    },
  }
}

function keep(active: Map<string, Promise<Active>>, name: string, lease: Promise<Active>): Promise<Active> {
  if (active.size >= KEPT_KEYS) active.clear()
  active.set(name, lease)
  lease.catch(() => active.delete(name))
  return lease
}

async function open(
  { db, source }: DataKeyDeps,
  caller: Caller,
  { purpose, keyId }: { purpose: KeyPurpose; keyId: string },
): Promise<DataKey> {
  const [row] = await db.query<Row>(
    `select key_id as "keyId", wrapped_key as wrapped, wrapped_by as "wrappedBy" from data_keys
     where merchant_id = $1 and purpose = $2 and key_id = $3`,
    [caller.merchantId, purpose, keyId],
  )
  if (!row) throw new Error('the data key is gone')
  return unwrapDataKey(source, row, { merchantId: caller.merchantId, purpose, keyId })
}

async function findOrCreate(deps: DataKeyDeps, caller: Caller, purpose: KeyPurpose): Promise<Active> {
  const row = (await lease(deps.db, caller, purpose)) ?? (await replaceActiveKey(deps, caller, { purpose }))
  const key = await unwrapDataKey(deps.source, row, { merchantId: caller.merchantId, purpose, keyId: row.keyId })
  return { until: caller.now.getTime() + KEPT_MS, key, left: SEALS_AT_ONCE }
}

/** Counts a share of envelopes on the active key; undefined where there is none, or it has sealed enough. */
async function lease(tx: Tx, caller: Caller, purpose: KeyPurpose): Promise<Row | undefined> {
  const [row] = await tx.query<Row>(
    `update data_keys set seals = seals + $3
     where merchant_id = $1 and purpose = $2 and retired_at is null and seals + $3 <= $4
     returning key_id as "keyId", wrapped_key as wrapped, wrapped_by as "wrappedBy"`,
    [caller.merchantId, purpose, SEALS_AT_ONCE, MOST_SEALS],
  )
  return row
}

/**
 * Retires the active key, if there is one, and makes another. Where two do so at once they take turns, and both go on
 * with one key.
 *
 * @param olderThan a key that was made later than this is new enough; absent: only a worn-out one is replaced
 */
export async function replaceActiveKey(
  { db, source }: DataKeyDeps,
  caller: Caller,
  { purpose, olderThan }: { purpose: KeyPurpose; olderThan?: Date },
): Promise<Row> {
  const { merchantId, now } = caller
  const keyId = newId('dky', now)
  const { wrapped } = await mintDataKey(source, { merchantId, purpose, keyId })
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('ucanpay data key ' || $1 || ' ' || $2, 0))`, [
      merchantId,
      purpose,
    ])
    await tx.query(
      `update data_keys set retired_at = $3
       where merchant_id = $1 and purpose = $2 and retired_at is null
         and case when $4::timestamptz is null then seals + $5 > $6 else created_at < $4 end`,
      [merchantId, purpose, now, olderThan ?? null, SEALS_AT_ONCE, MOST_SEALS],
    )
    await tx.query(
      `insert into data_keys (merchant_id, purpose, key_id, wrapped_key, wrapped_by, created_at)
       select $1, $2, $3, $4, $5, $6
       where not exists (select from data_keys where merchant_id = $1 and purpose = $2 and retired_at is null)`,
      [merchantId, purpose, keyId, wrapped.wrapped, wrapped.wrappedBy, now],
    )
    const row = await lease(tx, caller, purpose)
    if (!row) throw new Error('the data key is gone')
    return row
  })
}
