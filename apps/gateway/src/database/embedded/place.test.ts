import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { query, start, temporaryFolder } from '../../../test/support/database-processes.ts'
import { findPlace } from './place.ts'

const isRoot = process.geteuid?.() === 0

test('a folder with spaces, quotes and commas in its name works', async () => {
  const database = await start(join(temporaryFolder(), `it's, "here" ü %41`))

  expect(await query(database.databaseUrl, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('where the path is too long for a socket, the socket is in a private temporary folder', async () => {
  const folder = join(temporaryFolder(), 'long'.repeat(25))
  const database = await start(folder)
  const socketFolder = new URL(database.databaseUrl).searchParams.get('host') ?? ''
  onTestFinished(() => rmSync(socketFolder, { recursive: true, force: true }))

  expect(await query(database.databaseUrl, 'select 1 as n')).toEqual([{ n: 1 }])
  expect(dirname(socketFolder)).toBe(tmpdir())
  expect(statSync(socketFolder).mode & 0o777).toBe(0o700)
  expect(statSync(socketFolder).uid).toBe(statSync(join(folder, 'server')).uid)
})

test('a temporary folder that somebody else could use is refused', async () => {
  const folder = join(temporaryFolder(), 'long'.repeat(25))
  const name = createHash('sha256').update(join(folder, 'server')).digest('hex').slice(0, 16)
  const squatted = join(tmpdir(), `ucanpay-${name}`)
  mkdirSync(squatted)
  chmodSync(squatted, 0o777)
  onTestFinished(() => rmSync(squatted, { recursive: true, force: true }))

  await expect(start(folder)).rejects.toThrow(`${squatted} was made by somebody else`)

  expect(existsSync(join(folder, 'server', 'data', 'postmaster.pid'))).toBe(false)
})

test.runIf(isRoot)('root: PostgreSQL runs as an unprivileged account', async () => {
  const folder = temporaryFolder()
  const { pid } = await start(folder)

  expect(statSync(`/proc/${pid}`).uid).not.toBe(0)
  expect(statSync(join(folder, 'server', 'data')).uid).toBe(statSync(`/proc/${pid}`).uid)
})

test.runIf(isRoot)(
  'root: a folder that this account cannot enter gets its data elsewhere, and says where',
  async () => {
    const closed = temporaryFolder()
    chmodSync(closed, 0o700)
    const folder = join(closed, 'database')
    const database = await start(folder)
    const target = readlinkSync(join(folder, 'server'))
    onTestFinished(() => rmSync(dirname(target), { recursive: true, force: true }))
    const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16)

    expect(dirname(target)).toBe(`/var/lib/ucanpay/${name}`)
    expect(readFileSync(join(folder, 'WHERE-THE-DATA-IS.txt'), 'utf8')).toContain(`The data is in ${target}`)
    await query(database.databaseUrl, 'create table kept as select 7 as n')
    await database.stop()

    chmodSync(closed, 0o711) // The folder can be entered now, and the data stays where it is.
    const again = await start(folder)
    expect(await query(again.databaseUrl, 'select n from kept')).toEqual([{ n: 7 }])
    await again.stop()
  },
)

test.runIf(isRoot)('root: a folder that was deleted and made anew does not come upon its old data', () => {
  const closed = temporaryFolder()
  chmodSync(closed, 0o700)
  const folder = join(closed, 'database')
  const first = findPlace(folder).server
  onTestFinished(() => rmSync(dirname(first), { recursive: true, force: true }))
  expect(findPlace(folder).server).toBe(first)

  rmSync(folder, { recursive: true })

  expect(findPlace(folder).server).not.toBe(first)
  expect(lstatSync(join(folder, 'server')).isSymbolicLink()).toBe(true)
})
