import assert from 'node:assert/strict'

import pg from 'pg'

/** What `createPool` needs to know. */
export interface PoolOptions {
  /** A `postgresql://` URL; it holds the password, so it is never logged. */
  readonly databaseUrl: string
  /** The most connections at once. Whoever finds none free waits 5 s, then fails. */
  readonly max: number
  /** Shown in `pg_stat_activity`, so that an operator sees whose a connection is. */
  readonly applicationName: string
  /** The role that its connections take; the login's own where absent. */
  readonly role?: string
  /** Where its tables are; the database's own setting where absent. */
  readonly searchPath?: string
  /** Hears of idle connections that broke. The pool replaces them by itself; unheard they would end the process. */
  readonly onIdleError: (error: Error) => void
}

const STATEMENT_TIMEOUT_MS = 15_000
const CONNECT_TIMEOUT_MS = 5000

/** The numbers of PostgreSQL's types, fixed in its pg_type.dat. */
const INT8 = 20
const INT8_ARRAY = 1016
const NUMERIC = 1700
const NUMERIC_ARRAY = 1231

/**
 * Opens a pool on which `bigint` arrives as a number, and no value ever arrives rounded: a bigint beyond 2^53 and any
 * `numeric` fail the query. `sum(bigint)` is numeric, so it needs `::bigint`.
 *
 * A statement, and a transaction that stands idle, end after 15 s, so that nobody holds a lock for longer.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.max,
    application_name: options.applicationName,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...settingsOf(options),
    types: { getTypeParser },
  })
  pool.on('error', options.onIdleError)
  return pool
}

/** What the server is told of each connection as it begins. */
function settingsOf({ role, searchPath }: PoolOptions): { options?: string } {
  const settings = [role && `-c role=${role}`, searchPath && `-c search_path=${searchPath}`].filter(Boolean)
  return settings.length === 0 ? {} : { options: settings.join(' ') }
}

/** The parser of a type's text form. Given to each pool, because pg's own registry is one for the whole process. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === NUMERIC || oid === NUMERIC_ARRAY) return refuseNumeric
  if (oid === INT8) return toSafeInteger
  const parse = parserOf(oid, format)
  return oid === INT8_ARRAY ? (value) => toSafeIntegers(parse(value)) : parse
}

function toSafeInteger(value: string): number {
  const number = Number(value)
  assert(Number.isSafeInteger(number), 'a bigint came from the database that a number cannot hold')
  return number
}

/** The declarations know pg's list of types by name alone; a database's own types have numbers beyond it. */
const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown

/** @param value what pg makes of bigint[]: texts, nulls, and arrays of the same */
function toSafeIntegers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSafeIntegers)
  return typeof value === 'string' ? toSafeInteger(value) : value
}

function refuseNumeric(): never {
  throw new assert.AssertionError({ message: 'a numeric came from the database; cast it to bigint' })
}
