import { fileURLToPath } from 'node:url'
import type pg from 'pg'

import { migrateKeyStore, openKeyStorePool, type KeyStorePlace } from './key-store.ts'
import { createPool } from './pool.ts'
import { createDatabase, type Database } from './tx.ts'
import { migrate, migrationState } from './migrate.ts'

/** The database roles that the migrations make (see 0015_roles.sql). */
export const DATABASE_ROLES = ['api', 'checkout', 'dashboard', 'worker', 'vault', 'sandbox'] as const
export type DatabaseRole = (typeof DATABASE_ROLES)[number]

/** Where the database is, and how many connections each role may have. */
export interface PoolsConfig {
  readonly databaseUrl: string
  readonly databaseConnections: number
  readonly role: string
  /** A database of its own for the keys of customers; a schema of this one where undefined. */
  readonly keyStoreUrl: string | undefined
}

/** The database under each role, with the rights of that role and no others; connections are made when first used. */
export interface Pools extends Readonly<Record<DatabaseRole, Database>> {
  /** With the login's own rights: for whoever sets an installation up. */
  readonly operator: Database
  /** The keys of customers. */
  readonly keyStore: Database
  end(): Promise<void>
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** The share of the connections that the lesser roles get. */
const FEW = 4

/** Opens a pool for each role. */
export function openPools(config: PoolsConfig, onIdleError: (error: Error) => void): Pools {
  const pools: pg.Pool[] = []
  const keyStore = openKeyStorePool(config, onIdleError)
  pools.push(keyStore)
  const open = (role?: DatabaseRole): Database => {
    const pool = createPool({
      databaseUrl: config.databaseUrl,
      max: role === undefined || role === 'sandbox' || role === 'vault' ? FEW : config.databaseConnections,
      applicationName: `ucanpay-${config.role}${role === undefined || role === config.role ? '' : `-${role}`}`,
      ...(role === undefined ? {} : { role: `ucanpay_${role}` }),
      onIdleError,
    })
    pools.push(pool)
    return createDatabase(pool)
  }
  return {
    api: open('api'),
    checkout: open('checkout'),
    dashboard: open('dashboard'),
    worker: open('worker'),
    vault: open('vault'),
    sandbox: open('sandbox'),
    operator: open(),
    keyStore: createDatabase(keyStore),
    async end() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

/** Brings both schemas up to date, with the login's own rights. @throws MigrationError */
export async function migrateDatabase(place: KeyStorePlace): Promise<{ applied: readonly string[] }> {
  const applied = await migrateSchema(place.databaseUrl)
  await migrateKeyStore(place)
  return applied
}

/** Brings the gateway's own schema up to date. @throws MigrationError */
export async function migrateSchema(databaseUrl: string): Promise<{ applied: readonly string[] }> {
  const pool = createPool({ databaseUrl, max: 1, applicationName: 'ucanpay-migrate', onIdleError: () => undefined })
  try {
    // A login that serves may not make tables, and need not where there is nothing to make.
    const { pending, problem } = await migrationState(pool, MIGRATIONS)
    const done = problem === undefined && pending.length === 0
    return done ? { applied: [] } : await migrate(pool, MIGRATIONS)
  } finally {
    await pool.end()
  }
}
