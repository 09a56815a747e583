import type { DataKey } from '@ucanpay/vault/data-key'
import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { KeyContext } from '@ucanpay/vault/key-ring'
import type { WrappedKey } from '@ucanpay/vault/key-encryption'
import type { Mode } from '@ucanpay/wire/api-key'
import type { Database, Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { customerKeyContext } from './customer-keys.ts'
import { createDataKeys, replaceActiveKey, type DataKeyDeps, type KeyPurpose } from './data-keys.ts'
import { contextOf } from './installation-keys.ts'
import { SEALED_COLUMNS, type SealedTable } from './sealed-columns.ts'

/** What a rotation works on. */
export interface RotationDeps extends DataKeyDeps {
  /** The keys of customers. They are wrapped again; each seals a handful of values, so none wears out. */
  readonly keyStore: Database
}

/** A rotation under way. */
export interface Rotation {
  readonly rotationId: string
  readonly startedAt: Date
}

/** What a rotation still has to do. */
export interface RotationLeft {
  /** Wrapped keys that another key-encryption key than the active one has wrapped. */
  readonly wrappedKeys: number
  /** Merchants' data keys that are older than the rotation and still seal. */
  readonly dataKeys: number
  /** Rows that a retired data key has sealed. */
  readonly rows: number
}

const BATCH = 200

/** How the keys stand, by whoever wrapped them. */
export interface KeyCensus {
  readonly wrappedBy: string
  readonly installationKeys: number
  readonly dataKeys: number
  /** Of these, the ones that only open. */
  readonly retired: number
  /** The most that one of them has sealed; a key is replaced at 2^24. */
  readonly mostSeals: number
  readonly oldest: Date
}

/** Counts the keys by the key-encryption key that wrapped them. */
export function censusOf(tx: Tx): Promise<KeyCensus[]> {
  return tx.query<KeyCensus>(
    `select wrapped_by as "wrappedBy", count(*) filter (where merchant_id is null) as "installationKeys",
            count(*) filter (where merchant_id is not null) as "dataKeys", count(retired_at) as retired,
            coalesce(max(seals), 0) as "mostSeals", min(created_at) as oldest
     from (select merchant_id, wrapped_by, retired_at, seals, created_at from data_keys
           union all select null, wrapped_by, null, 0, created_at from installation_keys) k
     group by wrapped_by order by wrapped_by`,
  )
}

/** The rotation that was begun and not finished, if there is one. */
export async function openRotation(tx: Tx): Promise<Rotation | undefined> {
  const [open] = await tx.query<Rotation>(
    `select rotation_id as "rotationId", started_at as "startedAt" from key_rotations where finished_at is null`,
  )
  return open
}

/** Begins a rotation, or finds the one that was cut off. */
export async function beginRotation(tx: Tx, now: Date): Promise<Rotation> {
  await tx.query(`insert into key_rotations (rotation_id, started_at) values ($1, $2) on conflict do nothing`, [
    newId('rot', now),
    now,
  ])
  const begun = await openRotation(tx)
  if (!begun) throw new Error('the rotation was not written')
  return begun
}

/** Notes that nothing is left. */
export async function finishRotation(tx: Tx, rotation: Rotation, now: Date): Promise<void> {
  await tx.query(`update key_rotations set finished_at = $2 where rotation_id = $1`, [rotation.rotationId, now])
}

/** Counts what is left. Without a rotation under way only the wrapping and retired keys are looked at. */
export async function countLeft({ db, source, keyStore }: RotationDeps, rotation?: Rotation): Promise<RotationLeft> {
  const active = await source.activeName()
  const [keys] = await db.query<{ wrapped: number; old: number }>(
    `select (select count(*) from data_keys where wrapped_by <> $1)
          + (select count(*) from installation_keys where wrapped_by <> $1) as wrapped,
            (select count(*) from data_keys where retired_at is null and created_at < $2::timestamptz) as old`,
    [active, rotation?.startedAt ?? null],
  )
  let rows = 0
  for (const table of tables()) {
    const [found] = await db.query<{ count: number }>(`select count(*) as count ${retiredRows(table)}`)
    rows += found?.count ?? 0
  }
  const [customers] = await keyStore.query<{ count: number }>(
    `select count(*) as count from customer_keys where wrapped_by <> $1`,
    [active],
  )
  return { wrappedKeys: (keys?.wrapped ?? 0) + (customers?.count ?? 0), dataKeys: keys?.old ?? 0, rows }
}

/** Wraps up to 200 keys again, by the active key-encryption key. @returns how many it did; 0 where none is left */
export async function rewrapSome({ db, source, keyStore }: RotationDeps): Promise<number> {
  const active = await source.activeName()
  const names = await db.query<WrappedKey & { name: string }>(
    `select name, wrapped_key as wrapped, wrapped_by as "wrappedBy" from installation_keys where wrapped_by <> $1`,
    [active],
  )
  for (const row of names) {
    const fresh = await rewrap(source, row, contextOf(row.name))
    await db.query(
      `update installation_keys set wrapped_key = $2, wrapped_by = $3 where name = $1 and wrapped_key = $4`,
      [row.name, fresh.wrapped, fresh.wrappedBy, row.wrapped],
    )
  }
  const keys = await db.query<WrappedKey & KeyContext>(
    `select merchant_id as "merchantId", purpose, key_id as "keyId", wrapped_key as wrapped, wrapped_by as "wrappedBy"
     from data_keys where wrapped_by <> $1 limit $2`,
    [active, BATCH],
  )
  for (const row of keys) {
    const { merchantId, purpose, keyId } = row
    const fresh = await rewrap(source, row, { merchantId, purpose, keyId })
    await db.query(
      `update data_keys set wrapped_key = $4, wrapped_by = $5
       where merchant_id = $1 and purpose = $2 and key_id = $3 and wrapped_key = $6`,
      [merchantId, purpose, keyId, fresh.wrapped, fresh.wrappedBy, row.wrapped],
    )
  }
  return names.length + keys.length + (await rewrapCustomers({ keyStore, source }, active))
}

async function rewrapCustomers({ keyStore, source }: Omit<RotationDeps, 'db'>, active: string): Promise<number> {
  const keys = await keyStore.query<WrappedKey & Record<'merchantId' | 'mode' | 'userId' | 'keyId', string>>(
    `select merchant_id as "merchantId", mode, user_id as "userId", key_id as "keyId", wrapped_key as wrapped,
            wrapped_by as "wrappedBy"
     from customer_keys where wrapped_by <> $1 limit $2`,
    [active, BATCH],
  )
  for (const row of keys) {
    const fresh = await rewrap(source, row, customerKeyContext(row))
    await keyStore.query(
      `update customer_keys set wrapped_key = $5, wrapped_by = $6
       where merchant_id = $1 and mode = $2 and user_id = $3 and key_id = $4 and wrapped_key = $7`,
      [row.merchantId, row.mode, row.userId, row.keyId, fresh.wrapped, fresh.wrappedBy, row.wrapped],
    )
  }
  return keys.length
}

/** Replaces up to 200 data keys that are older than the rotation; from then on new ones seal. @returns how many */
export async function replaceSome(deps: DataKeyDeps, rotation: Rotation, now: Date): Promise<number> {
  const old = await deps.db.query<{ merchantId: string; purpose: KeyPurpose }>(
    `select merchant_id as "merchantId", purpose from data_keys where retired_at is null and created_at < $1 limit $2`,
    [rotation.startedAt, BATCH],
  )
  for (const { merchantId, purpose } of old) {
    await replaceActiveKey(deps, operator({ merchantId, mode: 'live' }, now), {
      purpose,
      olderThan: rotation.startedAt,
    })
  }
  return old.length
}

interface SealedRowFound {
  readonly merchantId: string
  /** Null where the row belongs to both. */
  readonly mode: Mode | null
  readonly id: string
  readonly keyId: string
  readonly sealed: Buffer
}

/**
 * Opens up to 200 rows that a retired key sealed and seals them under the active one. A row that somebody changed or
 * deleted meanwhile is left as they left it.
 *
 * @param unreadable rows that did not open, as `table id`; they are passed over, and new ones are added
 * @returns how many it did; 0 where none is left but those
 */
export async function resealSome(deps: DataKeyDeps, now: Date, unreadable: Set<string>): Promise<number> {
  const dataKeys = createDataKeys(deps)
  let done = 0
  for (const table of tables()) {
    const { column, purpose, id, modes } = SEALED_COLUMNS[table]
    const rows = await deps.db.query<SealedRowFound>(
      `select t.merchant_id as "merchantId", ${modes ? 't.mode' : 'null as mode'}, t.${id} as id, t.key_id as "keyId", t.${column} as sealed
       ${retiredRows(table)} where not ('${table} ' || t.${id} = any($2)) limit $1`,
      [BATCH, [...unreadable]],
    )
    for (const row of rows) {
      const { merchantId, mode } = row
      const caller = operator({ merchantId, mode: mode ?? 'live' }, now)
      const place = { table, column, merchantId, row: mode === null ? row.id : `${mode}/${row.id}` }
      const plaintext = await opened(() => dataKeys.byId(caller, purpose, row.keyId), row.sealed, place)
      if (plaintext === undefined) {
        unreadable.add(`${table} ${row.id}`)
        continue
      }
      const key = await dataKeys.active(caller, purpose)
      await deps.db.query(
        `update ${table} set ${column} = $4, key_id = $5
         where merchant_id = $1 and ${modes ? 'mode = $2' : '$2::text is null'} and ${id} = $3 and key_id = $6`,
        [merchantId, mode, row.id, seal(key, plaintext, place), key.keyId, row.keyId],
      )
      done += 1
    }
  }
  return done
}

/** @returns undefined for a value that does not open: somebody damaged it, and stopping here would mend nothing */
async function opened(keyOf: () => Promise<DataKey>, sealed: Buffer, place: Place): Promise<string | undefined> {
  try {
    return open(await keyOf(), sealed, place)
  } catch (error) {
    if (error instanceof Error && error.name === 'EnvelopeError') return undefined
    throw error
  }
}

/**
 * Destroys retired data keys under which nothing is sealed any more. A process may have sealed with one until it heard
 * of the change, so they are kept for ten minutes (PCI DSS 3.7.5).
 */
export async function destroyRetiredKeys(tx: Tx, now: Date): Promise<void> {
  const unused = tables().map(
    (table) => `not exists (select from ${table} t where t.merchant_id = k.merchant_id and t.key_id = k.key_id)`,
  )
  await tx.query(`delete from data_keys k where k.retired_at < $1 and ${unused.join(' and ')}`, [
    new Date(now.getTime() - 600_000),
  ])
}

function tables(): SealedTable[] {
  return Object.keys(SEALED_COLUMNS) as SealedTable[]
}

function retiredRows(table: SealedTable): string {
  return `from ${table} t join data_keys k on k.merchant_id = t.merchant_id and k.key_id = t.key_id and k.retired_at is not null`
}

async function rewrap(source: DataKeyDeps['source'], row: WrappedKey, context: KeyContext): Promise<WrappedKey> {
  const bytes = await source.unwrap(row, context)
  try {
    return await source.wrap(bytes, context)
  } finally {
    bytes.fill(0)
  }
}

function operator({ merchantId, mode }: { merchantId: string; mode: Mode }, now: Date): Caller {
  return { merchantId, mode, actor: 'operator', requestId: null, now }
}
