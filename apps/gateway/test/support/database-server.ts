import { createHmac, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'

import { startEmbeddedDatabase } from '../../src/database/embedded/start.ts'
import { ensureRoles } from '../../src/database/ensure-roles.ts'
import { migrate } from '../../src/database/migrate.ts'
import { migrateKeyStore } from '../../src/database/key-store.ts'
import { createPool } from '../../src/database/pool.ts'

/** A PostgreSQL server that tests make their databases on. */
export interface TestServer {
  /** The URL of a role that may create databases and roles. */
  readonly adminUrl: string
  stop(): Promise<void>
}

/** One test's own database. */
export interface TestDatabase {
  /** For a role that owns this database and is no superuser, like the gateway's in production. */
  readonly databaseUrl: string
  /** Removes the database, whoever is still connected. */
  readonly drop: () => Promise<void>
}

/** 'ucan' and 'test' in ASCII: clones of a template take turns. */
const LOCK = [0x7563616e, 0x74657374] as const

const PREFIX = 'ucanpay-test-'
/** No run takes this long; a folder this old was left by one that was killed, and its server runs on in it. */
const LEFT_AFTER_MS = 3_600_000

const OBJECT_IN_USE = '55006'
const CLONE_TRIES = 20

/**
 * The server of UCANPAY_TEST_DATABASE_URL where that is set, which is left running; else an embedded one in a temporary
 * folder, with durability as it is in production: a test that passes without it would prove less.
 */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env['UCANPAY_TEST_DATABASE_URL']
  if (given) return { adminUrl: given, stop: () => Promise.resolve() }

  await removeLeftovers()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await chmod(folder, 0o711) // Where we are root, PostgreSQL's own account has to get in.
  const database = await startEmbeddedDatabase({ folder, settings: { max_connections: '200' } })
  return {
    adminUrl: database.adminUrl,
    stop: async () => {
      await database.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/**
 * Makes a migrated database for `cloneDatabase` to copy, with a role of the same name as its owner.
 *
 * @returns the template's name
 */
export async function createTemplate(adminUrl: string, migrationsFolder: string): Promise<string> {
  const name = await createOwned(adminUrl)
  const pool = createPool({
    databaseUrl: urlOf(adminUrl, name, name),
    max: 1,
    applicationName: 'ucanpay test template',
    onIdleError: (error) => {
      throw error
    },
  })
  try {
    await migrate(pool, migrationsFolder)
    await migrateKeyStore({ databaseUrl: urlOf(adminUrl, name, name), keyStoreUrl: undefined })
  } finally {
    await pool.end()
  }
  await asAdmin(adminUrl, (admin) =>
    admin.query(`alter database ${name} with is_template true allow_connections false`),
  )
  return name
}

/** Removes a template and its role. Its clones have to be dropped before. */
export async function dropTemplate(adminUrl: string, template: string): Promise<void> {
  await asAdmin(adminUrl, (admin) => admin.query(`alter database ${template} with is_template false`))
  await dropOwned(adminUrl, template)
}

/** A database with nothing in it, for tests of the migrations themselves. */
export async function emptyDatabase(adminUrl: string): Promise<TestDatabase> {
  const name = await createOwned(adminUrl)
  return { databaseUrl: urlOf(adminUrl, name, name), drop: () => dropOwned(adminUrl, name) }
}

/** Copies the template into a database of its own. Any number at once: they take turns. */
export async function cloneDatabase(adminUrl: string, template: string): Promise<TestDatabase> {
  const name = `${template}_${randomBytes(6).toString('hex')}`
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock($1, $2)', [...LOCK])
    for (let tries = 1; ; tries += 1) {
      try {
        await admin.query(`create database ${name} template ${template} owner ${template}`)
        return
      } catch (error) {
        // Nobody may connect to a template, but autovacuum does so all the same, and moves on soon.
        if (!(error instanceof pg.DatabaseError) || error.code !== OBJECT_IN_USE || tries === CLONE_TRIES) throw error
        await pause(100)
      }
    }
  })
  return {
    databaseUrl: urlOf(adminUrl, name, template),
    drop: () => asAdmin(adminUrl, (admin) => admin.query(`drop database ${name} with (force)`)).then(() => undefined),
  }
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(tmpdir(), name)
    const { uid, mtimeMs } = await stat(folder)
    if (uid !== process.geteuid?.() || Date.now() - mtimeMs < LEFT_AFTER_MS) continue
    if (existsSync(join(folder, 'server'))) await (await startEmbeddedDatabase({ folder })).stop()
    await rm(folder, { recursive: true })
  }
}

/** A database and a role of the same name that owns it. */
async function createOwned(adminUrl: string): Promise<string> {
  const name = `ucanpay_test_${randomBytes(6).toString('hex')}`
  const password = rolePassword(adminUrl, name)
  await asAdmin(adminUrl, async (admin) => {
    await admin.query(`create role ${name} login nosuperuser nocreatedb nocreaterole password '${password}'`)
    await ensureRoles(admin, name)
    await admin.query(`grant ${name} to current_user`) // A superuser has no need of it; a mere creator of roles has.
    await admin.query(`create database ${name} owner ${name} template template0 encoding 'UTF8'`)
  })
  return name
}

async function dropOwned(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.query(`drop database ${name} with (force)`)
    await admin.query(`drop role ${name}`)
  })
}

async function asAdmin<Result>(adminUrl: string, act: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client({ connectionString: adminUrl, application_name: 'ucanpay test admin' })
  await admin.connect()
  try {
    return await act(admin)
  } finally {
    await admin.end()
  }
}

function urlOf(adminUrl: string, database: string, role: string): string {
  const url = new URL(adminUrl)
  url.username = role
  url.password = rolePassword(adminUrl, role)
  url.pathname = `/${database}`
  return url.href
}

/** Worked out anew by each test process, so that only the template's name has to be handed around. */
function rolePassword(adminUrl: string, role: string): string {
  return createHmac('sha256', adminUrl).update(role).digest('hex')
}
