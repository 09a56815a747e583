import assert from 'node:assert/strict'

import type pg from 'pg'

import { readMigrations, type Migration } from './migration-files.ts'

/** The database and the migrations do not belong together, or a migration failed; the message says which and why. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** How far a database is. */
export interface MigrationState {
  /** Names of the applied ones, in order. */
  readonly applied: string[]
  /** Names of those still to come, in order; empty is what a gateway needs to serve. */
  readonly pending: string[]
  /** Why the database cannot be served or migrated by this release, where that is so. */
  readonly problem: string | undefined
}

interface AppliedRow {
  version: number
  name: string
  sha256: string
}

/** 'ucan' and 'migr' in ASCII: the lock by which concurrent starts take turns. */
const LOCK = [0x7563616e, 0x6d696772] as const

/** How long a migration waits for a table. While it waits, everybody behind it waits too. */
const LOCK_TIMEOUT = '10s'

/**
 * Applies what is still to be applied, each migration in a transaction of its own together with its row in
 * `schema_migrations`. One that fails leaves nothing behind, and those before it stay. Repeats do nothing.
 *
 * The turn is taken by a lock of the transaction, not of the session, so that it also works through a pooler.
 *
 * @returns the names of those that this call applied
 * @throws MigrationError where an applied migration was edited, renamed, renumbered or removed, or the database is newer
 */
export async function migrate(pool: pg.Pool, folder: string): Promise<{ applied: string[] }> {
  const migrations = readMigrations(folder)
  const applied: string[] = []
  const client = await pool.connect()
  try {
    for (;;) {
      const name = await applyNext(client, migrations)
      if (name === undefined) break
      applied.push(name)
    }
  } catch (error) {
    client.release(true) // It may be in the middle of a failed transaction.
    throw error
  }
  client.release()
  return { applied }
}

/**
 * Compares a database with the migrations of this release. Changes nothing and takes no lock.
 *
 * @throws Error where the database cannot be asked, or the folder's own names are in disorder
 */
export async function migrationState(pool: pg.Pool, folder: string): Promise<MigrationState> {
  const migrations = readMigrations(folder)
  const { rows } = await pool.query<{ found: boolean }>(`select to_regclass('schema_migrations') is not null as found`)
  const done = rows[0]?.found === true ? await readApplied(pool) : []
  return {
    applied: done.map((row) => row.name),
    pending: migrations.slice(done.length).map((migration) => migration.name),
    problem: findProblem(done, migrations),
  }
}

/** @returns undefined where none is left */
async function applyNext(client: pg.PoolClient, migrations: Migration[]): Promise<string | undefined> {
  await client.query('begin')
  // Building an index on a large table takes longer than the pool allows a statement.
  await client.query(`set local statement_timeout = 0; set local lock_timeout = 0`)
  await client.query('select pg_advisory_xact_lock($1, $2)', [...LOCK])
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
  await client.query(`
    create table if not exists schema_migrations (
      version    integer     not null primary key check (version > 0),
      name       text        not null,
      sha256     text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
      applied_at timestamptz not null default now()
    )`)
  const done = await readApplied(client)
  const problem = findProblem(done, migrations)
  if (problem !== undefined) throw new MigrationError(problem)

  const next = migrations[done.length]
  if (next === undefined) {
    await client.query('commit')
    return undefined
  }
  await apply(client, next)
  return next.name
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql)
    await client.query('insert into schema_migrations (version, name, sha256) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.sha256,
    ])
    await client.query('commit')
  } catch (cause) {
    assert(cause instanceof Error)
    throw new MigrationError(`Migration ${migration.name} failed and left nothing behind: ${cause.message}`, { cause })
  }
}

async function readApplied(client: pg.Pool | pg.PoolClient): Promise<AppliedRow[]> {
  const { rows } = await client.query<AppliedRow>(
    'select version, name, sha256 from schema_migrations order by version',
  )
  return rows
}

function findProblem(done: AppliedRow[], migrations: Migration[]): string | undefined {
  for (const [index, row] of done.entries()) {
    if (row.version !== index + 1)
      return `The database lacks migration ${index + 1} and has ${row.name}: its record is damaged.`
    const migration = migrations[index]
    const elsewhere = migrations.find((other) => other.sha256 === row.sha256)
    if (migration?.sha256 === row.sha256 && migration.name === row.name) continue
    if (elsewhere)
      return `Migration ${row.name} is applied and its file is now ${elsewhere.name}. Give it its name back.`
    if (migration === undefined) {
      return `The database has ${row.name}, which this release does not know. It is newer: run the release that made it.`
    }
    if (migration.name === row.name)
      return `Migration ${row.name} was edited after it was applied. Restore it, and add a new one.`
    return `Migration ${row.name} is applied and its file is missing; ${migration.name} has its place. Restore it.`
  }
  return undefined
}
