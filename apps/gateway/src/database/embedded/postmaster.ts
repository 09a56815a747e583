import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { brokenPackage } from './binaries.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { isRoot } from './os-account.ts'
import { dataFolder, ensureSocketFolder, giveTo, logFile, type Place } from './place.ts'

/** A server that runs on our data folder. */
export interface Postmaster {
  readonly pid: number
  readonly socketFolder: string
}

/** Server settings by name, beyond those that every embedded server has. */
export type ServerSettings = Readonly<Record<string, string>>

const POLL_MS = 10
/** Beyond this a server that will not start is given up. What a killed one leaves behind is gone long before. */
const START_LIMIT_MS = 10_000
/** Recovery after a crash reads back at most the write-ahead log of a few minutes. */
const RECOVERY_LIMIT_MS = 600_000
const FAST_STOP_LIMIT_MS = 10_000
const STOP_LIMIT_MS = 50_000
const LOG_LIMIT_BYTES = 10_000_000

/**
 * Nothing here weakens durability. The log takes neither statements nor parameters nor an error's detail, and no plain
 * errors at all: "invalid input syntax" quotes the value in its very first line.
 */
const SETTINGS: ServerSettings = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_statement: 'none',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
}

/**
 * Sees to it that a server runs on the place's data and takes connections: finds the one that does, or starts one.
 *
 * @returns `started` false where it was running already, whoever had started it
 * @throws EmbeddedDatabaseError where it does not start, with the last line of its log
 */
export async function ensureRunning(
  place: Place,
  postgres: string,
  settings: ServerSettings,
): Promise<Postmaster & { started: boolean }> {
  const begun = performance.now()
  let child: ChildProcess | undefined
  for (;;) {
    const found = readPidFile(place)
    const running = found !== undefined && isOurs(found.pid, place)
    if (running && found.status === 'ready') {
      return { pid: found.pid, socketFolder: found.socketFolder, started: found.pid === child?.pid }
    }
    const waited = performance.now() - begun
    if (waited > (running ? RECOVERY_LIMIT_MS : START_LIMIT_MS)) throw doesNotStart(place)
    if (!running && (child === undefined || hasEnded(child))) {
      // A second try is due where another start was quicker, or a killed server's last processes are still ending.
      if (child !== undefined) await pause(200)
      if (found !== undefined) removeRecycled(place, found)
      child = await launch(place, postgres, settings)
    }
    await pause(POLL_MS)
  }
}

/**
 * Ends a server the way that breaks off its sessions and loses nothing, and waits until it is gone. No server, or one
 * that is not ours, is left alone.
 *
 * @throws EmbeddedDatabaseError where it has not ended within a minute
 */
export async function stopPostmaster(place: Place, pid: number): Promise<void> {
  if (!isOurs(pid, place)) return
  process.kill(pid, 'SIGINT')
  if (await endsWithin(FAST_STOP_LIMIT_MS, pid, place)) return
  // At once, then, and without its last checkpoint. What was committed is in the log, and the next start reads it back.
  process.kill(pid, 'SIGQUIT')
  if (await endsWithin(STOP_LIMIT_MS, pid, place)) return
  throw new EmbeddedDatabaseError(`PostgreSQL (process ${pid}) was told to stop and has not ended after a minute.`)
}

async function endsWithin(limitMs: number, pid: number, place: Place): Promise<boolean> {
  const begun = performance.now()
  while (isOurs(pid, place)) {
    if (performance.now() - begun > limitMs) return false
    await pause(POLL_MS)
  }
  return true
}

interface PidFile extends Postmaster {
  readonly status: string
  readonly text: string
}

/** PostgreSQL writes it line by line while it starts, so a short one is one to look at again. */
function readPidFile(place: Place): PidFile | undefined {
  let text: string
  try {
    text = readFileSync(pidFilePath(place), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const [pid = '', , , , socketFolder = '', , , status = ''] = text.split('\n')
  if (!/^[1-9][0-9]*$/.test(pid)) return undefined
  return { pid: Number(pid), socketFolder, status: status.trim(), text }
}

function pidFilePath(place: Place): string {
  return join(dataFolder(place), 'postmaster.pid')
}

/** A process number says little, since it may have been given to another process; its command line names our data. */
export function isOurs(pid: number, place: Place): boolean {
  const [program = '', ...args] = readCommandLine(pid)
  return program.endsWith('/postgres') && args.includes(dataFolder(place))
}

/** Empty where there is no such process, or it has ended and only waits to be counted. */
function readCommandLine(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
    // Words of a path with spaces in it are joined again by nobody: there such a path is not supported.
    return execFileSync('/bin/ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).split(/\s+/)
  } catch {
    return [] // Neither way has an answer for a process that is not there.
  }
}

/**
 * Clears away a postmaster.pid whose number now belongs to another process. PostgreSQL does so itself unless that one
 * has our own account; then it takes it for a server and refuses to start.
 */
function removeRecycled(place: Place, found: PidFile): void {
  const stranger = readCommandLine(found.pid).length > 0
  if (!stranger || process.platform !== 'linux' || hasProcessIn(dataFolder(place))) return

  const aside = `${pidFilePath(place)}.stale-${process.pid}`
  renameSync(pidFilePath(place), aside)
  if (readFileSync(aside, 'utf8') === found.text) rmSync(aside)
  else renameSync(aside, pidFilePath(place)) // Another start has put its own there in the meantime.
}

/** Whether any process works in that folder, as all of PostgreSQL's do in their data: the orphans of a killed server too. */
function hasProcessIn(folder: string): boolean {
  return readdirSync('/proc').some((name) => {
    if (!/^[0-9]+$/.test(name)) return false
    try {
      return readlinkSync(`/proc/${name}/cwd`) === folder
    } catch {
      return false // It has ended, or belongs to an account that can be none of PostgreSQL's.
    }
  })
}

async function launch(place: Place, postgres: string, settings: ServerSettings): Promise<ChildProcess> {
  const socketFolder = ensureSocketFolder(place)
  const all = { ...SETTINGS, ...settings, unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"` }
  const args = ['-D', dataFolder(place), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const log = openLog(place)
  try {
    const child = spawn(postgres, args, {
      ...(isRoot() ? place.account : {}),
      cwd: '/',
      // Nothing of our environment: it may hold secrets, and PGDATA and its like would change what is started.
      env: { LC_ALL: 'C', TZ: 'UTC' },
      // A session of its own, so that Ctrl-C in our terminal leaves it to us to stop it last.
      detached: true,
      stdio: ['ignore', log, log],
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (cause) => reject(brokenPackage({ cause })))
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

function openLog(place: Place): number {
  const path = logFile(place)
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`)
  const log = openSync(path, 'a', 0o600)
  giveTo(place.account, path)
  return log
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function doesNotStart(place: Place): EmbeddedDatabaseError {
  const path = logFile(place)
  const lastLine = readFileSync(path, 'utf8').trim().split('\n').at(-1) ?? ''
  return new EmbeddedDatabaseError(`PostgreSQL does not start. The last line of ${path}: ${lastLine}`)
}
