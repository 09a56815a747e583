import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { EmbeddedDatabaseError } from './errors.ts'
import { canEnter, chooseAccount, isRoot, type OsAccount } from './os-account.ts'

/** Where one embedded database has its files, and who runs it. */
export interface Place {
  /** The folder that the caller named, links followed. */
  readonly folder: string
  /** What PostgreSQL owns: `data`, `socket` and the two password files. Absent until the first start has made it. */
  readonly server: string
  readonly account: OsAccount
}

const FAR_FOLDER = '/var/lib/ucanpay'

/** `sun_path` has 104 bytes on macOS and 108 on Linux; the file that PostgreSQL makes is called `.s.PGSQL.5432`. */
const SOCKET_PATH_LIMIT = 100

/**
 * Finds out where the database of `folder` lives, or is to live: `folder/server`. Where we are root and the account that
 * runs PostgreSQL cannot enter `folder` (a clone in /root), that is a link to a folder below /var/lib, and stays one.
 *
 * @param folder is made where it is missing
 * @throws EmbeddedDatabaseError where it belongs to somebody else
 */
export function findPlace(folder: string): Place {
  mkdirSync(folder, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
  const real = realpathSync(folder)
  const near = join(real, 'server')

  if (!exists(near)) {
    const account = chooseAccount(undefined)
    if (!isRoot() || canEnter(account, real)) return { folder: real, server: near, account }
    linkFarFolder(real, near)
  }
  const server = lstatSync(near).isSymbolicLink() ? readlinkSync(near) : near
  return { folder: real, server, account: chooseAccount(exists(server) ? server : undefined) }
}

/** PostgreSQL's own data folder. */
export function dataFolder(place: Place): string {
  return join(place.server, 'data')
}

/** The server's log. It holds no statement, no value and no detail of an error. */
export function logFile(place: Place): string {
  return join(place.folder, 'postgresql.log')
}

/**
 * The folder of the Unix socket, mode 0700, made where it is missing: beside the data, or below the system's temporary
 * folder where that path would be longer than a socket's address can be.
 *
 * @throws EmbeddedDatabaseError where the one in the temporary folder is somebody else's
 */
export function ensureSocketFolder(place: Place): string {
  const near = join(place.server, 'socket')
  if (fitsSocket(near)) return near

  const name = createHash('sha256').update(place.server).digest('hex').slice(0, 16)
  const socketFolder = join(tmpdir(), `ucanpay-${name}`)
  if (!fitsSocket(socketFolder)) {
    throw new EmbeddedDatabaseError(
      `${socketFolder} is too long for a Unix socket. Set TMPDIR or UCANPAY_HOME to a shorter path.`,
    )
  }
  if (!exists(socketFolder)) mkdirSync(socketFolder, { mode: 0o700 })
  // Anybody can make folders there, so a ready-made one is used only where nobody else can have a hand in it.
  const found = lstatSync(socketFolder)
  const ours = found.uid === place.account.uid || found.uid === process.geteuid?.()
  if (!found.isDirectory() || !ours || (found.mode & 0o077) !== 0) {
    throw new EmbeddedDatabaseError(
      `${socketFolder} was made by somebody else. Remove it, or set TMPDIR to a folder of your own.`,
    )
  }
  giveTo(place.account, socketFolder)
  return socketFolder
}

/** Hands a file or folder that we made as root to the account that is to use it. Nothing to do where we are not root. */
export function giveTo(account: OsAccount, path: string): void {
  if (isRoot()) chownSync(path, account.uid, account.gid)
}

/** True for anything at that path, a link that leads nowhere included. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function fitsSocket(folder: string): boolean {
  return Buffer.byteLength(join(folder, '.s.PGSQL.5432')) <= SOCKET_PATH_LIMIT
}

/**
 * The link is made before the data, and its target has a random part: of two first starts one makes the link and both
 * follow it, and a folder that was deleted and made anew does not come upon the data of its past life.
 */
function linkFarFolder(folder: string, near: string): void {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const server = join(FAR_FOLDER, name, randomBytes(4).toString('hex'))
  mkdirSync(dirname(server), { recursive: true, mode: 0o755 })
  for (const path of [FAR_FOLDER, dirname(server)]) {
    const { uid, mode } = statSync(path)
    if (uid !== 0 || (mode & 0o022) !== 0) {
      throw new EmbeddedDatabaseError(`${path} must belong to root and be writable by root alone.`)
    }
  }
  try {
    symlinkSync(server, near)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return // Another start was quicker; its link holds.
    throw error
  }
  const reason = 'PostgreSQL refuses to run as root, and the account that it runs as cannot enter this folder.\n'
  writeFileSync(join(folder, 'WHERE-THE-DATA-IS.txt'), `${reason}The data is in ${server}\n`)
}
