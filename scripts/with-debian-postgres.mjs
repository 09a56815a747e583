/**
 * `node scripts/with-debian-postgres.mjs COMMAND…`: runs a command with UCANPAY_TEST_DATABASE_URL set to a server of
 * Debian's PostgreSQL, which is started for it and stopped after it. Durability is as Debian ships it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

import { ensurePostgres } from './debian-packages.mjs'

const START_LIMIT_MS = 30_000

const { binDir, libraryPath } = ensurePostgres()
const folder = mkdtempSync(join(tmpdir(), 'ucanpay-debian-'))
const data = join(folder, 'data')
const account = chooseAccount()
/** Of the server's programs: nothing of ours but the libraries. */
const options = {
  ...account,
  cwd: '/',
  env: { LC_ALL: 'C.UTF-8', ...(libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}) },
}

let exitCode
try {
  const password = initialise()
  const server = spawn(join(binDir, 'postgres'), serverArguments(), {
    ...options,
    detached: true,
    stdio: ['ignore', 2, 2],
  })
  const ended = once(server, 'exit')
  try {
    await untilReady(server)
    exitCode = await runWith(
      `postgresql://postgres:${password}@localhost:5432/postgres?host=${encodeURIComponent(folder)}`,
    )
  } finally {
    server.kill('SIGINT')
    await ended
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(exitCode)

/** Where we are root, the account that Debian's package made: PostgreSQL refuses to run as root. */
function chooseAccount() {
  if (process.geteuid() !== 0) return {}
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  if (!line) throw new Error('There is no account called postgres, which the package postgresql makes.')
  const [, , uid, gid] = line.split(':').map(Number)
  return { uid, gid }
}

function initialise() {
  const password = randomBytes(24).toString('base64url')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  chmodSync(folder, 0o700)
  if (account.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid)

  const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8']
  const { status } = spawnSync(join(binDir, 'initdb'), args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('initdb failed.')
  return password
}

function serverArguments() {
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=200']
  // Tests provoke errors by the hundred; what a server has to say beyond them is worth seeing.
  return ['-D', data, ...[...settings, 'log_min_messages=fatal'].flatMap((setting) => ['-c', setting])]
}

async function untilReady(server) {
  const begun = performance.now()
  const pidFile = join(data, 'postmaster.pid')
  while (!existsSync(pidFile) || !/^ready/m.test(readFileSync(pidFile, 'utf8'))) {
    if (server.exitCode !== null || performance.now() - begun > START_LIMIT_MS)
      throw new Error('PostgreSQL does not start.')
    await pause(20)
  }
}

async function runWith(databaseUrl) {
  const [command, ...args] = process.argv.slice(2)
  const child = spawn(command, args, {
    env: { ...process.env, UCANPAY_TEST_DATABASE_URL: databaseUrl },
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  return code ?? 1
}
