import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'

import { ensureRoles } from '../ensure-roles.ts'
import { findBinaries } from './binaries.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { ensureInitialised, GATEWAY_ROLE, readPasswords } from './initialise.ts'
import { isPassing, takeOwnership, type Ownership } from './ownership.ts'
import { findPlace, type Place } from './place.ts'
import { ensureRunning, isOurs, stopPostmaster, type Postmaster, type ServerSettings } from './postmaster.ts'

/** A PostgreSQL server that this process owns. */
export interface EmbeddedDatabase {
  /** For the role `ucanpay`, no superuser; understood by `pg` and by psql alike. Holds the role's password. */
  readonly databaseUrl: string
  /** The superuser's URL, for tools and tests. The gateway itself has no use for it. */
  readonly adminUrl: string
  /** True where the server was running already: a process of ours was killed and left it. */
  readonly adopted: boolean
  /** The server's process number. */
  readonly pid: number
  /** Breaks off all sessions, writes everything to disk, and waits for the server's end. May be called again. */
  stop(): Promise<void>
}

/** What `startEmbeddedDatabase` needs to know. */
export interface EmbeddedDatabaseOptions {
  /** Made where it is missing. The data goes into `server` in it, the server's log into `postgresql.log`. */
  readonly folder: string
  /** Further server settings, such as `max_connections`. They hold for a server that this call starts, not for an adopted one. */
  readonly settings?: ServerSettings
  /** Called once where the server ends or is taken over without our doing. The default ends the process by throwing. */
  readonly onLost?: (error: EmbeddedDatabaseError) => void
}

const PATIENCE_MS = 60_000

/**
 * Starts the PostgreSQL server of a folder, or finds it running, and becomes its owner. Durability is at PostgreSQL's
 * defaults; it listens on a Unix socket alone. Without `stop` it outlives us, to be adopted by the next start.
 *
 * @throws DatabaseInUseError where another process of ours owns the folder; nothing is touched then
 * @throws EmbeddedDatabaseError where it cannot run, or the data is of another major version; the message says what to do
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const place = findPlace(options.folder)
  const binaries = findBinaries(place.account)
  await ensureInitialised(place, binaries)
  const passwords = readPasswords(place)
  const onLost = options.onLost ?? throwIt

  const begun = performance.now()
  for (;;) {
    const running = await ensureRunning(place, binaries.postgres, options.settings ?? {})
    const adminUrl = urlFor(running, { user: 'postgres', password: passwords.superuser, database: 'postgres' })
    const gateway = { user: GATEWAY_ROLE, password: passwords.gateway, database: GATEWAY_ROLE }
    try {
      const ownership = await takeOwnership({
        adminUrl,
        folder: place.folder,
        serverRuns: () => isOurs(running.pid, place),
        onLost,
      })
      await makeRoles(adminUrl)
      return {
        databaseUrl: urlFor(running, gateway),
        adminUrl,
        adopted: !running.started,
        pid: running.pid,
        stop: stopOnce(place, running, ownership),
      }
    } catch (error) {
      // The server found may be just the one that its owner is stopping: then it is waited for, and another one started.
      if (!isPassing(error)) throw error
      if (performance.now() - begun > PATIENCE_MS) throw stuck(running.pid, error)
      await pause(50)
    }
  }
}

/** The gateway's role may not create roles, so the ones that its migrations want are made here. */
async function makeRoles(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await ensureRoles(admin, GATEWAY_ROLE)
  } finally {
    await admin.end()
  }
}

function stopOnce(place: Place, running: Postmaster, ownership: Ownership): () => Promise<void> {
  let stopping: Promise<void> | undefined
  // The lock goes with the server. Let go of before, another start could adopt what is about to end.
  return () => (stopping ??= ownership.release(() => stopPostmaster(place, running.pid)))
}

function stuck(pid: number, cause: unknown): EmbeddedDatabaseError {
  const remedy = `If it is stuck, kill -QUIT ${pid} ends it without loss.`
  return new EmbeddedDatabaseError(
    `PostgreSQL (process ${pid}) has been starting or stopping for a minute. ${remedy}`,
    {
      cause,
    },
  )
}

function urlFor(running: Postmaster, login: { user: string; password: string; database: string }): string {
  // The port is the socket's name, and is given so that PGPORT in somebody's environment does not change it.
  const where = new URLSearchParams({ host: running.socketFolder }).toString().replaceAll('+', '%20')
  return `postgresql://${login.user}:${login.password}@localhost:5432/${login.database}?${where}`
}

/** Outside of any promise, so that nothing of ours can catch it by chance. */
function throwIt(error: EmbeddedDatabaseError): void {
  setImmediate(() => {
    throw error
  })
}
