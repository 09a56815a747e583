import { fileURLToPath } from 'node:url'
import type pg from 'pg'

import { migrate, migrationState } from './migrate.ts'
import { createPool } from './pool.ts'

const SCHEMA = 'key_store'
const MIGRATIONS = fileURLToPath(new URL('../../key-store-migrations/', import.meta.url))

/** Where the key store is. */
export interface KeyStorePlace {
  /** The gateway's own database. */
  readonly databaseUrl: string
  /** A database of its own; the gateway's, in a schema of its own, where undefined. */
  readonly keyStoreUrl: string | undefined
}

/** Opens the key store. In the gateway's own database it is used under the vault's role. */
export function openKeyStorePool(
  { databaseUrl, keyStoreUrl }: KeyStorePlace,
  onIdleError: (error: Error) => void,
): pg.Pool {
  return createPool({
    databaseUrl: keyStoreUrl ?? databaseUrl,
    max: 4,
    applicationName: 'ucanpay-key-store',
    searchPath: SCHEMA,
    ...(keyStoreUrl === undefined ? { role: 'ucanpay_vault' } : {}),
    onIdleError,
  })
}

/** Brings the key store's schema up to date. @throws MigrationError */
export async function migrateKeyStore({ databaseUrl, keyStoreUrl }: KeyStorePlace): Promise<void> {
  const pool = createPool({
    databaseUrl: keyStoreUrl ?? databaseUrl,
    max: 1,
    applicationName: 'ucanpay-migrate',
    searchPath: SCHEMA,
    onIdleError: () => undefined,
  })
  try {
    const { rows } = await pool.query(`select 1 from pg_namespace where nspname = $1`, [SCHEMA])
    if (rows.length === 0) await pool.query(`create schema ${SCHEMA}`)
    else {
      const { pending, problem } = await migrationState(pool, MIGRATIONS)
      if (problem === undefined && pending.length === 0) return
    }
    await migrate(pool, MIGRATIONS)
  } finally {
    await pool.end()
  }
}
