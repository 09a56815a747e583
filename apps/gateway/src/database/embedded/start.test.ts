import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { isAlive, query, start, temporaryFolder, until } from '../../../test/support/database-processes.ts'

const hasPsql = spawnSync('psql', ['--version']).status === 0

test('the gateway gets a role that owns its database and is nothing more', async () => {
  const { databaseUrl } = await start(temporaryFolder())

  const [role] = await query(
    databaseUrl,
    `select current_user as name, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
            pg_get_userbyid(datdba) as owner
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
  )

  const powers = {
    rolsuper: false,
    rolcreatedb: false,
    rolcreaterole: false,
    rolreplication: false,
    rolbypassrls: false,
  }
  expect(role).toEqual({ name: 'ucanpay', owner: 'ucanpay', ...powers })
  await expect(query(databaseUrl.replace('/ucanpay?', '/postgres?'), 'select 1')).rejects.toThrow('permission denied')
})

test.skipIf(!hasPsql)('psql takes the same URL', async () => {
  const { databaseUrl } = await start(temporaryFolder())

  const { stdout, stderr } = spawnSync('psql', [databaseUrl, '-Atc', 'select current_user'], { encoding: 'utf8' })

  expect({ stdout, stderr }).toEqual({ stdout: 'ucanpay\n', stderr: '' })
})

test('nobody gets in without the password, on the socket included', async () => {
  const { databaseUrl, adminUrl } = await start(temporaryFolder())

  for (const url of [databaseUrl, adminUrl]) {
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  }
  expect(await query(adminUrl, `select distinct auth_method from pg_hba_file_rules`)).toEqual([
    { auth_method: 'scram-sha-256' },
  ])
  expect(
    await query(adminUrl, `select count(*)::int as n from pg_authid where rolpassword like 'SCRAM-SHA-256$%'`),
  ).toEqual([{ n: 2 }])
})

test('it listens on no network, and nobody else can read its files', async () => {
  const folder = temporaryFolder()
  const { adminUrl } = await start(folder)

  const modes = [
    'server',
    'server/data',
    'server/socket',
    'server/superuser-password',
    'server/gateway-password',
    'postgresql.log',
  ]
  expect(modes.map((path) => (statSync(join(folder, path)).mode & 0o777).toString(8))).toEqual([
    ...['700', '700', '700'],
    ...['600', '600', '600'],
  ])
  expect(await query(adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
})

test('what was committed is on disk: durability is as PostgreSQL ships it', async () => {
  const { databaseUrl } = await start(temporaryFolder())

  const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']
  for (const name of settings) expect(await query(databaseUrl, `show ${name}`)).toEqual([{ [name]: 'on' }])
})

test('text is UTF-8, sorted by code point, with upper and lower case of all scripts', async () => {
  const { databaseUrl } = await start(temporaryFolder())

  const rows = await query(
    databaseUrl,
    `select pg_encoding_to_char(encoding) as encoding, lower('ÉΩ') as lower, 'B' < 'a' as by_code_point
       from pg_database where datname = current_database()`,
  )

  expect(rows).toEqual([{ encoding: 'UTF8', lower: 'éω', by_code_point: true }])
})

test('the log holds no statement, no value and no detail, whatever fails', async () => {
  const folder = temporaryFolder()
  const { databaseUrl, adminUrl } = await start(folder)
  const log = join(folder, 'postgresql.log')
  const secret = '4242424242424242'
  await query(databaseUrl, 'create table cards (number text primary key, year int check (year > 2000))')
  await query(databaseUrl, `insert into cards values ('${secret}', 2030)`)

  const failing = [
    `insert into cards values ('${secret}', 2030)`, // The detail of a broken key quotes the value.
    `insert into cards values ('${secret}1', 1)`, // The detail of a broken check quotes the row.
    `insert into cards values ('x', '${secret}x')`, // The message itself quotes the value.
    `select '${secret}' from nowhere`,
    `do $$ begin raise log 'a log line'; raise exception '%', '${secret}'; end $$`,
    `select pg_terminate_backend(pg_backend_pid()), '${secret}'`,
  ]
  for (const statement of failing) await expect(query(databaseUrl, statement)).rejects.toThrow()
  // A crash is told with the statement that ran meanwhile, as its detail.
  const sleeping = query(databaseUrl, `select pg_sleep(60), '${secret}'`).catch((error: unknown) => error)
  let backend: number | undefined
  while (backend === undefined) {
    const rows = await query(adminUrl, `select pid from pg_stat_activity where query like 'select pg_sleep(60)%'`)
    backend = (rows[0] as { pid: number } | undefined)?.pid
  }
  process.kill(backend, 'SIGKILL')
  expect(await sleeping).toBeInstanceOf(Error)
  await until(() => readFileSync(log, 'utf8').includes('terminated by signal 9'))

  const text = readFileSync(log, 'utf8')
  expect(text).toContain('a log line')
  expect(text).not.toContain(secret)
  expect(text).not.toMatch(/STATEMENT|DETAIL|CONTEXT|ERROR|insert into|pg_sleep/)
})

test('Ctrl-C in our terminal does not reach the server: it has a session of its own', async () => {
  const { pid } = await start(temporaryFolder())

  const { stdout } = spawnSync('/bin/sh', ['-c', `cut -d' ' -f6 /proc/${pid}/stat`], { encoding: 'utf8' })

  expect(Number(stdout)).toBe(pid)
})

test('stop ends the server however many sessions there are, and can be called again', async () => {
  const database = await start(temporaryFolder())
  const open = query(database.databaseUrl, 'select pg_sleep(60)').catch((error: unknown) => error)
  await until(() => isAlive(database.pid))

  await Promise.all([database.stop(), database.stop()])
  await database.stop()

  expect(isAlive(database.pid)).toBe(false)
  expect(await open).toBeInstanceOf(Error)
})

test('the next start finds the rows of the one before, in well under a second', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  await query(first.databaseUrl, 'create table kept as select 7 as n')
  await first.stop()

  const begun = performance.now()
  const second = await start(folder)
  const took = performance.now() - begun

  expect(second.adopted).toBe(false)
  expect(second.databaseUrl).toBe(first.databaseUrl)
  expect(await query(second.databaseUrl, 'select n from kept')).toEqual([{ n: 7 }])
  expect(took).toBeLessThan(1000)
})

test('data of another major version is refused and left alone', async () => {
  const folder = temporaryFolder()
  await (await start(folder)).stop()
  const versionFile = join(folder, 'server', 'data', 'PG_VERSION')
  writeFileSync(versionFile, '17\n')

  await expect(start(folder)).rejects.toThrow(/is of PostgreSQL 17, and this release runs 18\. Dump it/)

  expect(readFileSync(versionFile, 'utf8')).toBe('17\n')
})
