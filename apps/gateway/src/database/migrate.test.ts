import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'

import { emptyDatabase } from '../../test/support/database-server.ts'
import { migrate, migrationState } from './migrate.ts'
import { createPool } from './pool.ts'

const THREE = {
  '0001_first.sql': 'create table first (n int);',
  '0002_second.sql': 'create table second (n int);\ninsert into second values (2);',
  '0003_third.sql': 'create table third (n int);',
}

test('our own migrations apply to an empty database, and a second time there is nothing to do', async () => {
  const folder = fileURLToPath(new URL('../../migrations', import.meta.url))
  const pool = await openPool()

  const { applied } = await migrate(pool, folder)

  expect(applied[0]).toBe('0001_merchants')
  expect(await migrate(pool, folder)).toEqual({ applied: [] })
  expect(await migrationState(pool, folder)).toEqual({ applied, pending: [], problem: undefined })
})

test('they are applied in order, each on record, and later ones on top of earlier ones', async () => {
  const pool = await openPool()
  const folder = folderOf(THREE)
  expect(await migrationState(pool, folder)).toEqual({
    applied: [],
    pending: ['0001_first', '0002_second', '0003_third'],
    problem: undefined,
  })

  expect(await migrate(pool, folder)).toEqual({ applied: ['0001_first', '0002_second', '0003_third'] })
  writeFileSync(join(folder, '0004_fourth.sql'), 'create table fourth (n int);')
  expect((await migrationState(pool, folder)).pending).toEqual(['0004_fourth'])
  expect(await migrate(pool, folder)).toEqual({ applied: ['0004_fourth'] })

  const { rows } = await pool.query('select version, name, length(sha256) as digits from schema_migrations order by 1')
  expect(rows[3]).toEqual({ version: 4, name: '0004_fourth', digits: 64 })
})

test('starts at the same instant take turns: each migration is applied once', async () => {
  const pool = await openPool()
  const folder = folderOf({ ...THREE, '0004_slow.sql': 'select pg_sleep(0.2); create table slow (n int);' })

  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, folder)))

  expect(results.flatMap((result) => result.applied).sort()).toEqual([
    '0001_first',
    '0002_second',
    '0003_third',
    '0004_slow',
  ])
})

test('one that fails leaves nothing of itself behind, and those before it stay', async () => {
  const pool = await openPool()
  const folder = folderOf({
    ...THREE,
    '0002_second.sql': 'create table second (n int); insert into second values (1/0);',
  })

  await expect(migrate(pool, folder)).rejects.toThrow(
    'Migration 0002_second failed and left nothing behind: division by zero',
  )

  const { rows } = await pool.query(`select to_regclass('first')::text as first, to_regclass('second') as second`)
  expect(rows).toEqual([{ first: 'first', second: null }])
  expect((await migrationState(pool, folder)).pending).toEqual(['0002_second', '0003_third'])
})

test('a migration may take longer than the pool allows a statement', async () => {
  const pool = await openPool()
  const folder = folderOf({
    '0001_asks.sql': `create table asked as select current_setting('statement_timeout') as value;`,
  })

  await migrate(pool, folder)

  expect((await pool.query('select value from asked')).rows).toEqual([{ value: '0' }])
  expect((await pool.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '15s' }])
})

test.each([
  [
    'edited',
    (folder: string) => writeFileSync(join(folder, '0002_second.sql'), 'create table second (n bigint);'),
    'Migration 0002_second was edited after it was applied. Restore it, and add a new one.',
  ],
  [
    'renamed',
    (folder: string) => renameSync(join(folder, '0002_second.sql'), join(folder, '0002_other.sql')),
    'Migration 0002_second is applied and its file is now 0002_other. Give it its name back.',
  ],
  [
    'renumbered',
    (folder: string) => {
      renameSync(join(folder, '0002_second.sql'), join(folder, '0004_second.sql'))
      writeFileSync(join(folder, '0002_between.sql'), 'select 1;')
    },
    'Migration 0002_second is applied and its file is now 0004_second. Give it its name back.',
  ],
  [
    'replaced',
    (folder: string) => {
      rmSync(join(folder, '0002_second.sql'))
      writeFileSync(join(folder, '0002_other.sql'), 'select 1;')
    },
    'Migration 0002_second is applied and its file is missing; 0002_other has its place. Restore it.',
  ],
  [
    'unknown to this release',
    (folder: string) => rmSync(join(folder, '0003_third.sql')),
    'The database has 0003_third, which this release does not know. It is newer: run the release that made it.',
  ],
])('an applied migration that was %s is refused, and nothing more is applied', async (_name, change, problem) => {
  const pool = await openPool()
  const folder = folderOf(THREE)
  await migrate(pool, folder)
  change(folder)

  await expect(migrate(pool, folder)).rejects.toThrow(problem)

  expect((await migrationState(pool, folder)).problem).toBe(problem)
  expect((await pool.query('select count(*)::int as n from schema_migrations')).rows).toEqual([{ n: 3 }])
})

test('a record with a gap is refused', async () => {
  const pool = await openPool()
  const folder = folderOf(THREE)
  await migrate(pool, folder)
  await pool.query('delete from schema_migrations where version = 2')

  await expect(migrate(pool, folder)).rejects.toThrow('The database lacks migration 2 and has 0003_third')
})

test('line ends of another system are no edit', async () => {
  const pool = await openPool()
  const folder = folderOf(THREE)
  await migrate(pool, folder)
  writeFileSync(join(folder, '0002_second.sql'), THREE['0002_second.sql'].replaceAll('\n', '\r\n'))

  expect(await migrate(pool, folder)).toEqual({ applied: [] })
})

test.each([
  [
    'a gap',
    { '0001_first.sql': 'select 1;', '0003_third.sql': 'select 1;' },
    '0003_third.sql stands where number 2 is due',
  ],
  [
    'a number twice',
    { '0001_a.sql': 'select 1;', '0001_b.sql': 'select 1;' },
    '0001_b.sql stands where number 2 is due',
  ],
  ['a name of another form', { '1_first.sql': 'select 1;' }, '1_first.sql is not named like 0001_merchants.sql'],
  ['no migration at all', { 'readme.txt': '' }, 'There are no migrations in'],
  ['a commit of its own', { '0001_a.sql': 'select 1;\n  COMMIT ;' }, '0001_a.sql says "COMMIT ;"'],
  ['a begin of its own', { '0001_a.sql': 'begin transaction;\nselect 1;' }, '0001_a.sql says "begin transaction;"'],
])('a folder with %s is refused before anything is applied', async (_name, files, message) => {
  const pool = await openPool()

  await expect(migrate(pool, folderOf(files))).rejects.toThrow(message)

  expect((await pool.query(`select to_regclass('schema_migrations') as found`)).rows).toEqual([{ found: null }])
})

async function openPool(): Promise<pg.Pool> {
  const { databaseUrl, drop } = await emptyDatabase(inject('adminUrl'))
  const onIdleError = (error: Error): never => {
    throw error
  }
  const pool = createPool({ databaseUrl, max: 4, applicationName: 'ucanpay migrate test', onIdleError })
  onTestFinished(async () => {
    await pool.end()
    await drop()
  })
  return pool
}

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
