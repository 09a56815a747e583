import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import pg from 'pg'
import { onTestFinished } from 'vitest'

import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/database/embedded/start.ts'

/** What a process in `database-owner.ts` said. */
export interface OwnerReport {
  readonly databaseUrl?: string
  readonly adopted?: boolean
  readonly serverPid?: number
  readonly error?: string
  readonly message?: string
}

/** Another process that owns, or tried to own, an embedded database. */
export interface OwnerProcess {
  readonly pid: number
  readonly report: OwnerReport
  /** SIGKILL, and wait for its end. The server that it started runs on. */
  kill(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('./database-owner.ts', import.meta.url))

/** A folder for an embedded database; its server is stopped and it is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-embedded-'))
  chmodSync(folder, 0o711) // Where we are root, PostgreSQL's own account has to get in.
  onTestFinished(async () => {
    const pid = serverPid(folder)
    if (pid !== undefined && isAlive(pid)) {
      process.kill(pid, 'SIGQUIT')
      await until(() => !isAlive(pid))
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return folder
}

/** The process number in the server's own file, which a killed server leaves behind. */
export function serverPid(folder: string): number | undefined {
  const path = join(folder, 'server', 'data', 'postmaster.pid')
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : undefined
}

/** Starts the folder's database in this process; it is stopped when the test ends. */
export async function start(folder: string, onLost?: (error: Error) => void): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase(onLost ? { folder, onLost } : { folder })
  onTestFinished(() => database.stop())
  return database
}

/** Starts it in another process, which is killed when the test ends at the latest. */
export async function startOwner(folder: string): Promise<OwnerProcess> {
  const { child, pid, kill } = launchOwner(folder)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { pid, report: JSON.parse(line) as OwnerReport, kill }
}

/** The same, without waiting for what it has to say. */
export function launchOwner(folder: string): ReturnType<typeof spawnOwner> {
  const owner = spawnOwner(folder)
  onTestFinished(owner.kill)
  return owner
}

function spawnOwner(folder: string) {
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return { child, pid: child.pid ?? 0, kill }
}

/** Runs statements one after the other on a connection of their own; gives the last one's rows. */
export async function query(databaseUrl: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => undefined) // The server is about to be killed in some tests; the query's own error is enough.
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

/** Waits until something holds, up to 10 s. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries === 1000) throw new Error('It has not come about within 10 s.')
    await pause(10)
  }
}

/** Whether a process is there and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended and that nobody has waited for keeps its number, and has no command line any more.
    return process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`).length > 0
  } catch {
    return false // There is none of that number.
  }
}
