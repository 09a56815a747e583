import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'

import { EmbeddedDatabaseError } from './errors.ts'

/** An account of the operating system, in the form that `spawn` takes. */
export interface OsAccount {
  readonly uid: number
  readonly gid: number
}

/** The number that `nobody` has where the list of accounts does not tell. */
const NOBODY = 65534

/** True where we may act as any account: PostgreSQL refuses to run like this. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0
}

/**
 * The account that PostgreSQL runs as.
 *
 * @param existing a folder that PostgreSQL already made; its owner goes on owning it
 * @returns ourselves unless we are root; then the owner of `existing`, or `nobody`
 * @throws EmbeddedDatabaseError where `existing` belongs to an account that we cannot become
 */
export function chooseAccount(existing: string | undefined): OsAccount {
  const uid = process.geteuid?.()
  const gid = process.getegid?.()
  if (uid === undefined || gid === undefined) {
    throw new EmbeddedDatabaseError(
      'The embedded database needs Linux or macOS. Set DATABASE_URL to a PostgreSQL server.',
    )
  }
  if (existing === undefined) return uid === 0 ? nobody() : { uid, gid }

  const owner = statSync(existing)
  if (uid === 0 && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  if (uid !== 0 && owner.uid === uid) return { uid, gid }
  throw new EmbeddedDatabaseError(
    `${existing} belongs to user number ${owner.uid}. Start as that user (not as root), or on another folder (UCANPAY_HOME).`,
  )
}

/** Whether a command ends well when `account` runs it. A real trial, because mode bits leave out ACLs and mount options. */
export function succeedsAs(account: OsAccount, command: string, args: string[]): boolean {
  const identity = isRoot() ? account : {}
  return spawnSync(command, args, { ...identity, cwd: '/', env: { LC_ALL: 'C' }, stdio: 'ignore' }).status === 0
}

/** Whether `account` can reach into the folder: every folder above it has to let it pass. */
export function canEnter(account: OsAccount, folder: string): boolean {
  return succeedsAs(account, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder])
}

function nobody(): OsAccount {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name !== 'nobody') continue
    // macOS writes the number as -2; system calls take it unsigned.
    return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
  }
  return { uid: NOBODY, gid: NOBODY }
}
