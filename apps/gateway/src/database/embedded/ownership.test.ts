import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import {
  isAlive,
  launchOwner,
  query,
  serverPid,
  start,
  startOwner,
  temporaryFolder,
  until,
} from '../../../test/support/database-processes.ts'
import { DatabaseInUseError } from './errors.ts'

test('a second start is refused with the owner named, and the owner does not notice', async () => {
  const folder = temporaryFolder()
  const owner = await startOwner(folder)
  const pidFile = readFileSync(join(folder, 'server', 'data', 'postmaster.pid'), 'utf8')
  await query(owner.report.databaseUrl ?? '', 'create table kept as select 7 as n')

  const refusal = await start(folder).catch((error: unknown) => error)

  expect(refusal).toBeInstanceOf(DatabaseInUseError)
  expect((refusal as DatabaseInUseError).ownerPid).toBe(owner.pid)
  expect((refusal as DatabaseInUseError).message).toContain(`in use by process ${owner.pid}. Stop that one first`)
  expect(readFileSync(join(folder, 'server', 'data', 'postmaster.pid'), 'utf8')).toBe(pidFile)
  expect(await query(owner.report.databaseUrl ?? '', 'select n from kept')).toEqual([{ n: 7 }])
})

test('after a kill -9 the server runs on, and the next start adopts it with all its rows', async () => {
  const folder = temporaryFolder()
  const owner = await startOwner(folder)
  await query(owner.report.databaseUrl ?? '', 'create table kept as select 7 as n')
  await owner.kill()

  const next = await start(folder)

  expect(next.adopted).toBe(true)
  expect(next.pid).toBe(owner.report.serverPid)
  expect(next.databaseUrl).toBe(owner.report.databaseUrl)
  expect(await query(next.databaseUrl, 'select n from kept')).toEqual([{ n: 7 }])
  await next.stop()
  expect(isAlive(next.pid)).toBe(false)
})

test('after a kill -9 of the server too, the next start recovers every committed row', async () => {
  const folder = temporaryFolder()
  const owner = await startOwner(folder)
  await query(owner.report.databaseUrl ?? '', 'create table kept as select generate_series(1, 1000) as n')
  process.kill(owner.report.serverPid ?? 0, 'SIGKILL')
  await owner.kill()
  expect(existsSync(join(folder, 'server', 'data', 'postmaster.pid'))).toBe(true)

  const next = await start(folder)

  expect(next.adopted).toBe(false)
  expect(await query(next.databaseUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
})

test('a process number that has gone to a stranger is not taken for the server, and the stranger lives', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  const pidFile = join(folder, 'server', 'data', 'postmaster.pid')
  const text = readFileSync(pidFile, 'utf8')
  await first.stop()
  // The stranger has the server's own account: only then does PostgreSQL itself take it for a server.
  const { uid, gid } = statSync(join(folder, 'server'))
  const stranger = spawn('sleep', ['60'], { uid, gid, cwd: '/', stdio: 'ignore' })
  onTestFinished(() => void stranger.kill())
  await once(stranger, 'spawn')
  writeFileSync(pidFile, text.replace(/^[0-9]+/, String(stranger.pid)))

  const next = await start(folder)

  expect(next.adopted).toBe(false)
  expect(serverPid(folder)).toBe(next.pid)
  await next.stop()
  expect(isAlive(stranger.pid ?? 0)).toBe(true)
})

test('of four first starts at once exactly one becomes the owner', async () => {
  const folder = temporaryFolder()

  const owners = await Promise.all([1, 2, 3, 4].map(() => startOwner(folder)))

  const winners = owners.filter((owner) => owner.report.error === undefined)
  const losers = owners.filter((owner) => owner.report.error !== undefined)
  expect(losers.map((owner) => owner.report.error)).toEqual(Array(3).fill('DatabaseInUseError'))
  expect(winners).toHaveLength(1)
  expect(await query(winners[0]?.report.databaseUrl ?? '', 'select 1 as n')).toEqual([{ n: 1 }])
  expect(readdirSync(folder).sort()).toEqual(['postgresql.log', 'server'])
})

test('a start while the owner is stopping waits for its end and begins anew', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  const stopping = first.stop()

  const [second] = await Promise.all([start(folder), stopping])

  expect(second.pid).not.toBe(first.pid)
  expect(await query(second.databaseUrl, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('a first start that was killed half-way is redone, and leaves nothing behind', async () => {
  const folder = temporaryFolder()
  const unfinished = () => readdirSync(folder).find((name) => name.startsWith('server.new-'))
  const killed = launchOwner(folder)
  await until(() => existsSync(join(folder, unfinished() ?? 'none', 'data', 'PG_VERSION')))
  await killed.kill()
  const left = join(folder, unfinished() ?? 'none')
  expect(existsSync(left)).toBe(true)
  utimesSync(left, 0, 0) // Long ago, so that its maker's number may have gone to somebody else.

  const database = await start(folder)

  expect(await query(database.databaseUrl, 'select 1 as n')).toEqual([{ n: 1 }])
  await database.stop()
  expect(
    readdirSync(folder)
      .filter((name) => name !== unfinished())
      .sort(),
  ).toEqual(['postgresql.log', 'server'])
})

test('the unfinished folder of a start that still runs is left alone', async () => {
  const folder = temporaryFolder()
  const theirs = join(folder, `server.new-${process.pid}-00000000`)
  mkdirSync(theirs)

  await start(folder)

  expect(existsSync(theirs)).toBe(true)
})

test('a crash of the server costs its sessions, and not the ownership', async () => {
  const losses: Error[] = []
  const folder = temporaryFolder()
  const database = await start(folder, (error) => losses.push(error))
  const before = await ownerSession(database.adminUrl)

  process.kill(before, 'SIGKILL') // The server ends all others too, recovers and takes connections again.
  let after: number | undefined
  while (after === undefined || after === before) {
    after = await ownerSession(database.adminUrl).catch(() => undefined)
  }

  await expect(start(folder)).rejects.toThrow(`in use by process ${process.pid}`)
  expect(losses).toEqual([])
})

test('stop in the very moment of a crash ends the server all the same', async () => {
  const database = await start(temporaryFolder(), () => undefined)

  process.kill(await ownerSession(database.adminUrl), 'SIGKILL')
  await database.stop()

  expect(isAlive(database.pid)).toBe(false)
})

test('a server that hangs when told to stop is ended at once, and has kept what was committed', async () => {
  const folder = temporaryFolder()
  const database = await start(folder, () => undefined)
  await query(database.databaseUrl, 'create table kept as select 7 as n')
  const log = join(folder, 'postgresql.log')
  process.kill(await ownerSession(database.adminUrl), 'SIGKILL')
  await until(() => readFileSync(log, 'utf8').includes('all server processes terminated'))

  process.kill(database.pid, 'SIGINT') // PostgreSQL 18 does not survive this in its recovery: it waits for itself.
  await database.stop()
  const next = await start(folder)

  expect(isAlive(database.pid)).toBe(false)
  expect(await query(next.databaseUrl, 'select n from kept')).toEqual([{ n: 7 }])
})

test('a server that ends without us is reported once, and stop has nothing left to do', async () => {
  const folder = temporaryFolder()
  const losses: Error[] = []
  const database = await start(folder, (error) => losses.push(error))

  process.kill(database.pid, 'SIGQUIT')
  await until(() => losses.length > 0)
  await database.stop()

  expect(losses.map((error) => error.message)).toEqual([
    'The embedded PostgreSQL has ended, and it was not us who stopped it.',
  ])
})

async function ownerSession(adminUrl: string): Promise<number> {
  const ofOwner = `select pid from pg_stat_activity where application_name like 'ucanpay owner %'`
  const [row] = (await query(adminUrl, ofOwner)) as { pid: number }[]
  if (!row) throw new Error('The owner has no session just now.')
  return row.pid
}
