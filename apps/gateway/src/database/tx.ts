import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'

/** Runs SQL. Statements are constant texts with `$n` values, so each is prepared once a connection. */
export interface Tx {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** The database: a `Tx` whose every statement commits by itself, and whole transactions. */
export interface Database extends Tx {
  /**
   * Runs `work` in one transaction at READ COMMITTED: it commits when `work` returns and leaves nothing when it
   * throws. Where PostgreSQL ends it for a deadlock or a serialisation failure, `work` runs again, three times in
   * all, so `work` must do nothing outside the database.
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
}

/** SQLSTATEs after which the same transaction may well succeed: serialization_failure, deadlock_detected. */
const RETRYABLE = new Set(['40001', '40P01'])
const TRIES = 3

/** Makes a database of a pool. */
export function createDatabase(pool: Pool): Database {
  return {
    query: (text, values) => run(pool, text, values),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(pool, work)
        } catch (error) {
          if (attempt === TRIES || !RETRYABLE.has(sqlState(error) ?? '')) throw error
        }
      }
    },
  }
}

/** The SQLSTATE of an error that PostgreSQL gave, where it is one. */
function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

async function once<Result>(pool: Pool, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const result = await work({ query: (text, values) => run(client, text, values) })
    await client.query('commit')
    return result
  } catch (error) {
    // A connection that cannot even roll back is thrown away instead of going back into the pool.
    await client.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    client.release(broken)
  }
}

const names = new Map<string, string>()

async function run<Row>(on: Pool | PoolClient, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  let name = names.get(text)
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 24)
    names.set(text, name)
  }
  const result = await on.query({ name, text, values: [...values] })
  return result.rows as Row[]
}
