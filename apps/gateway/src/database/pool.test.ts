import { setTimeout as pause } from 'node:timers/promises'

import type pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'

import { emptyDatabase } from '../../test/support/database-server.ts'
import { createPool } from './pool.ts'

test('a bigint arrives as a number, alone and in an array', async () => {
  const { pool } = await openPool()

  const { rows } = await pool.query<Record<string, unknown>>(
    `select 9007199254740991::bigint as most, (-9007199254740991)::bigint as least, 7::int as int, null::bigint as none,
            '{{1,null},{3,4}}'::bigint[] as list`,
  )

  expect(rows).toEqual([
    {
      most: Number.MAX_SAFE_INTEGER,
      least: Number.MIN_SAFE_INTEGER,
      int: 7,
      none: null,
      list: [
        [1, null],
        [3, 4],
      ],
    },
  ])
})

test.each([
  ['a bigint beyond 2^53', '9007199254740992::bigint'],
  ['the same below zero', '(-9007199254740992)::bigint'],
  ['the same in an array', `'{9007199254740992}'::bigint[]`],
  ['a numeric', '1.5::numeric'],
  ['a sum of bigints, which is numeric', '(select sum(n) from (values (1::bigint)) as t(n))'],
  ['an array of numerics', `'{1.5}'::numeric[]`],
])('%s fails the query rather than arrive rounded, and the connection lives', async (_name, expression) => {
  const { pool } = await openPool()

  await expect(pool.query(`select ${expression} as value`)).rejects.toThrow(/came from the database/)

  expect((await pool.query<{ n: number }>('select 1 as n')).rows).toEqual([{ n: 1 }])
})

test('other pools of the process keep their own parsers', async () => {
  const { databaseUrl } = await openPool()
  const { default: plain } = await import('pg')
  const client = new plain.Client({ connectionString: databaseUrl })
  await client.connect()
  onTestFinished(() => client.end())

  expect((await client.query<{ n: string }>('select 1::bigint as n')).rows).toEqual([{ n: '1' }])
})

test('no statement, and no transaction that stands idle, lasts longer than 15 s', async () => {
  const { pool } = await openPool()

  const { rows } = await pool.query<Record<string, unknown>>(
    `select current_setting('statement_timeout') as statement, current_setting('application_name') as name,
            current_setting('idle_in_transaction_session_timeout') as idle`,
  )

  expect(rows).toEqual([{ statement: '15s', idle: '15s', name: 'ucanpay pool test' }])
})

test('whoever finds no connection free is told so after 5 s', async () => {
  const { pool } = await openPool()
  const taken = [await pool.connect(), await pool.connect()]
  onTestFinished(() => taken.forEach((client) => client.release()))

  const begun = performance.now()
  await expect(pool.connect()).rejects.toThrow('timeout exceeded when trying to connect')

  expect(performance.now() - begun).toBeGreaterThan(4900)
})

test('an idle connection that breaks is told to the caller, and the next query gets a new one', async () => {
  const { pool, idleErrors } = await openPool()
  const [first, second] = [await pool.connect(), await pool.connect()]
  const { rows } = await first.query<{ pid: number }>('select pg_backend_pid() as pid')
  first.release()

  await second.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  while (idleErrors.length === 0) await pause(5)
  second.release()

  expect(idleErrors[0]?.message).toContain('terminating connection due to administrator command')
  expect((await pool.query<{ n: number }>('select 1 as n')).rows).toEqual([{ n: 1 }])
})

async function openPool(): Promise<{ pool: pg.Pool; databaseUrl: string; idleErrors: Error[] }> {
  const { databaseUrl, drop } = await emptyDatabase(inject('adminUrl'))
  const idleErrors: Error[] = []
  const pool = createPool({
    databaseUrl,
    max: 2,
    applicationName: 'ucanpay pool test',
    onIdleError: (error) => idleErrors.push(error),
  })
  onTestFinished(async () => {
    await pool.end()
    await drop()
  })
  return { pool, databaseUrl, idleErrors }
}
