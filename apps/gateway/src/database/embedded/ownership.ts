import { setTimeout as pause } from 'node:timers/promises'

import pg from 'pg'

import { DatabaseInUseError, EmbeddedDatabaseError } from './errors.ts'

/** Where to connect to take ownership, and whom to tell when it is lost. */
export interface OwnershipTarget {
  /** The superuser's URL of the database `postgres`: its reserved connections are there when the pool has taken the rest. */
  readonly adminUrl: string
  readonly folder: string
  /** Whether the server is there at all; where it is not, there is no use in trying again. */
  readonly serverRuns: () => boolean
  /** Called once, where the server has gone or another process has become the owner. */
  readonly onLost: (error: EmbeddedDatabaseError) => void
}

/** Held from `takeOwnership` until released, lost, or the process's death. */
export interface Ownership {
  /** Lets go of it. `last` runs before that, and only where it is still ours: another process's server is not ours to stop. */
  release(last: () => Promise<void>): Promise<void>
}

/** 'ucan' and 'payd' in ASCII. The pair names the lock within the database `postgres`, which nothing else uses. */
const LOCK = [0x7563616e, 0x70617964] as const

/** The server takes note of an owner's death within milliseconds; this leaves it half a second. */
const TRIES = 5
const TRY_EVERY_MS = 100
/** A crash's recovery reads back at most the write-ahead log of a few minutes. */
const REGAIN_LIMIT_MS = 300_000
const SETTLE_LIMIT_MS = 3000

/** "starting up" and "shutting down" (57P03), ended while we asked (57P01, 57P02), and the socket's own words for them. */
const PASSING = new Set(['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])

/** Whether a connection failed only because the server was on its way up or down. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // pg has no code for a connection that the server closed while it was being made.
  return 'code' in error ? PASSING.has(String(error.code)) : error.message.startsWith('Connection terminated')
}

/**
 * Becomes the one owner of the server, by an advisory lock on a connection of its own. It is the server that lets go of
 * it when we die, however we die. After a crash of the server, which it recovers from alone, the lock is taken again.
 *
 * @throws DatabaseInUseError where another process holds it
 */
export async function takeOwnership(target: OwnershipTarget): Promise<Ownership> {
  let released = false
  let takenOver = false
  let session = await lock(target)
  let regaining = Promise.resolve()

  const watch = (): void => {
    void session.ended.then(() => {
      if (!released) regaining = regain()
    })
  }
  const regain = async (): Promise<void> => {
    try {
      session = await lockAgain(target)
      if (released) await session.client.end()
      else watch()
    } catch (error) {
      takenOver = error instanceof DatabaseInUseError
      if (!released) target.onLost(asLoss(error))
    }
  }
  // A session that broke without our having noticed is noticed by asking.
  const settle = async (): Promise<void> => {
    await session.client.query('select 1').catch(() => session.ended)
    await regaining
  }
  watch()
  return {
    release: async (last) => {
      // PostgreSQL 18 told to stop in the middle of a crash's recovery never ends, so its recovery is waited for.
      await Promise.race([settle(), pause(SETTLE_LIMIT_MS, undefined, { ref: false })])
      released = true // From here on the session may break: `last` is about to end the server.
      try {
        if (!takenOver) await last()
      } finally {
        await session.client.end()
      }
    },
  }
}

interface Session {
  readonly client: pg.Client
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>
}

/** Connects and locks, or fails with nothing left open. */
async function lock(target: OwnershipTarget): Promise<Session> {
  const client = new pg.Client({
    connectionString: target.adminUrl,
    application_name: `ucanpay owner ${process.pid}`,
    connectionTimeoutMillis: 5000,
    statement_timeout: 5000,
  })
  // Without a listener a broken connection would end the process; 'end' follows, and that is what is acted on.
  client.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  try {
    await client.connect()
    for (let tries = 1; ; tries += 1) {
      const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
        ...LOCK,
      ])
      if (rows[0]?.locked === true) return { client, ended }
      if (tries === TRIES) throw new DatabaseInUseError(target.folder, await findOwner(client))
      await pause(TRY_EVERY_MS)
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

async function lockAgain(target: OwnershipTarget): Promise<Session> {
  const begun = performance.now()
  for (;;) {
    try {
      return await lock(target)
    } catch (error) {
      const givenUp = !target.serverRuns() || performance.now() - begun > REGAIN_LIMIT_MS
      if (givenUp || !isPassing(error)) throw error
      await pause(TRY_EVERY_MS)
    }
  }
}

async function findOwner(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select activity.application_name as name
       from pg_locks lock join pg_stat_activity activity using (pid)
      where lock.locktype = 'advisory' and lock.granted and lock.classid = $1 and lock.objid = $2`,
    [...LOCK],
  )
  const pid = Number(rows[0]?.name.split(' ').at(-1))
  return Number.isSafeInteger(pid) ? pid : undefined
}

function asLoss(error: unknown): EmbeddedDatabaseError {
  if (error instanceof EmbeddedDatabaseError) return error
  return new EmbeddedDatabaseError('The embedded PostgreSQL has ended, and it was not us who stopped it.', {
    cause: error,
  })
}
