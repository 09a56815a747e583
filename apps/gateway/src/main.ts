import { KeySourceError } from '@ucanpay/vault/key-encryption'
import { compose } from './compose.ts'
import { MigrationError } from './database/migrate.ts'
import { databaseProblems, inspectDatabase } from './database/inspect-database.ts'
import { createPool } from './database/pool.ts'
import { migrateKeyStore } from './database/key-store.ts'
import { DATABASE_ROLES, migrateSchema } from './database/pools.ts'
import { InstallationKeyError } from './domain/sealing/installation-keys.ts'
import { ConfigError, HELP, readConfig, type Config, type Folders } from './config.ts'
import { VaultAwayError, VaultRefusedError } from './outbound/vault-connection.ts'
import { createLog, openLogFile } from './observability/log.ts'

/**
 * `ucanpay serve`: reads the configuration, brings the schema up to date, serves until SIGTERM or SIGINT.
 *
 * @returns the exit code
 */
export async function serve(args: readonly string[], folders: Folders): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  let config
  try {
    config = readConfig(args, folders)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return refuse(error.problems)
  }
  const log = createLog(config.logFile === undefined ? undefined : openLogFile(config.logFile))
  let gateway
  try {
    const problems = await prepareDatabase(config)
    if (problems.length > 0) return refuse(problems)
    gateway = await compose(config, log)
  } catch (error) {
    return refuse([advice(error)])
  }
  const urls = await gateway.start()
  log.info(
    { role: config.role, url: urls.apiUrl ?? urls.checkoutUrl ?? urls.dashboardUrl ?? urls.vaultUrl ?? null },
    'serving',
  )
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  await gateway.stop()
  return 0
}

/** Looks at the database and brings its schema up to date. @returns why it cannot be served, a line each */
async function prepareDatabase({ databaseUrl, keyStoreUrl, keySources, role }: Config): Promise<string[]> {
  const pool = createPool({ databaseUrl, max: 1, applicationName: 'ucanpay-start', onIdleError: () => undefined })
  try {
    const look = () => inspectDatabase(pool, { roles: rolesOf(role), now: () => new Date() })
    const first = databaseProblems({ ...(await look()), missingRoles: [] })
    if (first.length > 0) return first
    await migrateSchema(databaseUrl) // It makes the roles, so they are looked for after it.
    if (keySources !== undefined) await migrateKeyStore({ databaseUrl, keyStoreUrl })
    return databaseProblems(await look())
  } finally {
    await pool.end()
  }
}

/** The database roles that a process works under. */
function rolesOf(role: Config['role']): readonly string[] {
  return role === 'all' ? DATABASE_ROLES : [role, 'sandbox']
}

function refuse(problems: readonly string[]): number {
  process.stderr.write(`ucanpay serve cannot start:\n${problems.map((line) => `  - ${line}`).join('\n')}\n`)
  return 1
}

/** PostgreSQL's own words can quote the address with its password in it; its code tells enough. */
function advice(error: unknown): string {
  if (error instanceof MigrationError) return error.message
  if (error instanceof KeySourceError || error instanceof InstallationKeyError)
    return `UCANPAY_KEY_RING: ${error.message}`
  if (error instanceof VaultAwayError)
    return `UCANPAY_VAULT_URL: the vault does not answer (${causeOf(error)}); start it, and check UCANPAY_VAULT_CA and UCANPAY_VAULT_CERT`
  if (error instanceof VaultRefusedError)
    return 'UCANPAY_VAULT_CERT: the vault does not take this certificate for this role; make one with ucanpay vault certificates'
  const { code } = error as { code?: unknown }
  if (code === '42501')
    return 'the schema is not up to date, and this login may not change it; run ucanpay migrate as the owner of the database'
  return `DATABASE_URL: the database cannot be used (${typeof code === 'string' ? code : 'unknown'}); check the address, the role and its rights`
}

function causeOf({ cause }: Error): string {
  const { code, name } = (cause ?? {}) as { code?: string; name?: string }
  return code ?? name ?? 'unknown'
}
