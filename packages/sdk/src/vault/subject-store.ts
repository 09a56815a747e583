import { UCanPayConfigError } from '../errors.ts'

/** What is kept of a subject: the sealed key; or null once it is destroyed, so that nobody makes another. */
export interface StoredSubjectKey {
  readonly sealed: Uint8Array | null
}

/** Where subjects' keys are kept, sealed. One store for all processes. */
export interface SubjectKeyStore {
  /** undefined where the subject was never seen. */
  find(subject: string): Promise<StoredSubjectKey | undefined>
  /** Keeps a new key where there is none, and gives what is kept then: of two at once, one is kept. */
  keepFirst(subject: string, sealed: Uint8Array): Promise<StoredSubjectKey>
  /** Puts the same key, sealed anew, where it still is what it was. */
  replace(subject: string, from: Uint8Array, to: Uint8Array): Promise<void>
  /** Destroys the key, also of a subject that never had one. @returns true where there was one */
  destroy(subject: string): Promise<boolean>
  /** Subjects that have a key, in order, from the one after `after` on. */
  page(after: string, size: number): Promise<readonly { readonly subject: string; readonly sealed: Uint8Array }[]>
}

/** What `pg`'s pool and client have; any driver's function of this shape will do. */
export interface PostgresQueries {
  query(text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

const NAME = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?$/
const DEFAULT_TABLE = 'ucanpay_subject_keys'

/**
 * Keeps subjects' keys in a table of yours, which `subjectKeysTableSql` makes. A backup of it brings keys back that were
 * destroyed: have it in a database of its own whose backups are kept for days.
 *
 * @throws UCanPayConfigError where the table's name is none
 */
export function subjectKeysInPostgres(database: PostgresQueries, table = DEFAULT_TABLE): SubjectKeyStore {
  const name = checkedName(table)
  const find = async (subject: string): Promise<StoredSubjectKey | undefined> => {
    const { rows } = await database.query(`select sealed from ${name} where subject = $1`, [subject])
    return rows[0] as StoredSubjectKey | undefined
  }
  return {
    find,
    async keepFirst(subject, sealed) {
      const insert = `insert into ${name} (subject, sealed) values ($1, $2) on conflict (subject) do nothing`
      await database.query(insert, [subject, sealed])
      return (await find(subject)) ?? { sealed: null }
    },
    async replace(subject, from, to) {
      await database.query(`update ${name} set sealed = $3 where subject = $1 and sealed = $2`, [subject, from, to])
    },
    async destroy(subject) {
      const end = `update ${name} set sealed = null, erased_at = now()
        where subject = $1 and sealed is not null returning subject`
      if ((await database.query(end, [subject])).rows.length > 0) return true
      // Whoever makes a key at this moment finds that there is to be none, or has made it and it is destroyed here.
      const bar = `insert into ${name} (subject, sealed, erased_at) values ($1, null, now())
        on conflict (subject) do update set sealed = null, erased_at = coalesce(${unqualified(name)}.erased_at, now())`
      await database.query(bar, [subject])
      return false
    },
    async page(after, size) {
      const select = `select subject, sealed from ${name}
        where subject > $1 collate "C" and sealed is not null order by subject collate "C" limit $2`
      const { rows } = await database.query(select, [after, size])
      return rows as { subject: string; sealed: Uint8Array }[]
    },
  }
}

/**
 * The statement that makes the table of `subjectKeysInPostgres`, for your migrations.
 *
 * @throws UCanPayConfigError where the table's name is none
 */
export function subjectKeysTableSql(table = DEFAULT_TABLE): string {
  return `create table if not exists ${checkedName(table)} (
  subject text collate "C" primary key,
  sealed bytea,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  check ((sealed is null) = (erased_at is not null))
)`
}

function unqualified(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function checkedName(table: string): string {
  if (!NAME.test(table)) throw new UCanPayConfigError('The name of a table is of small letters, digits and _.')
  return table
}
