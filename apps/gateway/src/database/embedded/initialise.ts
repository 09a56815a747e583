import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { brokenPackage, type Binaries } from './binaries.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { isRoot, type OsAccount } from './os-account.ts'
import { dataFolder, exists, giveTo, type Place } from './place.ts'

/** The role and the database that the gateway uses: no superuser, and owner of nothing but its own database. */
export const GATEWAY_ROLE = 'ucanpay'

/** After this long an unfinished folder is given up, whoever has its maker's process number by now. */
const UNFINISHED_FOR_MS = 600_000

/** The two random passwords of one embedded server. */
export interface Passwords {
  readonly superuser: string
  readonly gateway: string
}

/**
 * Makes the data folder where there is none: roles, passwords and database included. Everything is made in a folder
 * beside it and renamed when whole, so one that was cut short is redone, and of two at once the quicker one holds.
 *
 * @throws EmbeddedDatabaseError where the data is of another major version, or not whole, or cannot be made
 */
export async function ensureInitialised(place: Place, binaries: Binaries): Promise<void> {
  if (!exists(place.server)) {
    mkdirSync(dirname(place.server), { recursive: true, mode: 0o755 })
    removeUnfinished(place)
    await initialise(place, binaries)
  }
  checkVersion(place, binaries)
}

/** Reads the passwords of an initialised server. */
export function readPasswords(place: Place): Passwords {
  const read = (name: string): string => readFileSync(join(place.server, name), 'utf8').trim()
  return { superuser: read('superuser-password'), gateway: read('gateway-password') }
}

async function initialise(place: Place, binaries: Binaries): Promise<void> {
  const unfinished = `${place.server}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  const data = join(unfinished, 'data')
  const socket = join(unfinished, 'socket')
  const passwords = { superuser: randomPassword(), gateway: randomPassword() }
  const passwordFile = join(unfinished, 'superuser-password')
  try {
    for (const folder of [unfinished, data, socket]) {
      mkdirSync(folder, { mode: 0o700 })
      giveTo(place.account, folder)
    }
    writeSecret(passwordFile, passwords.superuser, place.account)
    writeSecret(join(unfinished, 'gateway-password'), passwords.gateway, place.account)

    await run(place.account, [binaries.initdb, ...initdbArguments(data, passwordFile)])
    const singleUser = ['--single', '-D', data, '-c', 'exit_on_error=on', '-c', 'log_error_verbosity=terse', 'postgres']
    await run(place.account, [binaries.postgres, ...singleUser], firstStatements(passwords.gateway))

    syncFolder(unfinished)
    renameSync(unfinished, place.server)
    syncFolder(dirname(place.server))
  } catch (error) {
    // Where another start was quicker, its folder is as good as ours; nobody has used ours yet.
    if (!exists(place.server)) throw error
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function initdbArguments(data: string, passwordFile: string): string[] {
  return [
    ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile],
    ...['--auth-local', 'scram-sha-256', '--auth-host', 'scram-sha-256'],
    // Sorted by code point on every machine alike, with upper and lower case that know all of Unicode.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    '--data-checksums',
  ]
}

/** One statement a line, which is how PostgreSQL's single-user mode reads them. The password is base64url: no quotes in it. */
function firstStatements(gatewayPassword: string): string {
  return [
    `create role ${GATEWAY_ROLE} login nosuperuser nocreatedb nocreaterole password '${gatewayPassword}';`,
    `create database ${GATEWAY_ROLE} owner ${GATEWAY_ROLE};`,
    `revoke all on database ${GATEWAY_ROLE}, postgres, template1 from public;`,
    '',
  ].join('\n')
}

/** Runs a program to its end as the account, with no environment of ours. Its words become the cause where it fails. */
function run(account: OsAccount, [program = '', ...args]: string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const identity = isRoot() ? account : {}
    const child = spawn(program, args, { ...identity, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: 'pipe' })
    let words = ''
    child.stdout.resume()
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
    child.stdin.on('error', () => (words += 'It did not read its input.')) // A closed pipe; the exit code tells the rest.
    child.stdin.end(input)
    child.once('error', (cause) => reject(brokenPackage({ cause })))
    child.once('close', (code) => {
      const cause = new Error(`${basename(program)} ended with ${code ?? 'a signal'}: ${words.trim()}`)
      if (code === 0) resolve()
      else if (code === 127)
        reject(brokenPackage({ cause })) // The loader's number: a library is missing.
      else reject(new EmbeddedDatabaseError(`The database could not be set up. ${cause.message}`, { cause }))
    })
  })
}

function checkVersion(place: Place, binaries: Binaries): void {
  const versionFile = join(dataFolder(place), 'PG_VERSION')
  if (!exists(versionFile)) {
    throw new EmbeddedDatabaseError(
      `${place.server} holds no PostgreSQL data. Move it away, and a new database is made.`,
    )
  }
  const found = readFileSync(versionFile, 'utf8').trim()
  if (found === String(binaries.majorVersion)) return
  throw new EmbeddedDatabaseError(
    `The data in ${place.server} is of PostgreSQL ${found}, and this release runs ${binaries.majorVersion}. ` +
      `Dump it with the release that made it (pg_dump) and restore it into a new folder, or move it away to begin anew.`,
  )
}

/** Removes what first starts have left that were killed half-way. One that still runs is left alone. */
function removeUnfinished(place: Place): void {
  const parent = dirname(place.server)
  const prefix = `${basename(place.server)}.new-`
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue
    const path = join(parent, name)
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    const maker = Number(name.slice(prefix.length).split('-')[0])
    if (age > UNFINISHED_FOR_MS || !isAlive(maker)) removeIfQuiet(path)
  }
}

/** An initdb that lost its starter may still be writing there; the next first start clears what this one cannot. */
function removeIfQuiet(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url')
}

function writeSecret(path: string, secret: string, account: OsAccount): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${secret}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  giveTo(account, path)
}

/** A rename outlives a power cut only once its folder is on disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
