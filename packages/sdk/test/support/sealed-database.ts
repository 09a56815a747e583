import pg from 'pg'
import { expect, inject, onTestFinished } from 'vitest'
import { emptyDatabase } from '../../../../apps/gateway/test/support/database-server.ts'

/** A database of the test's own. */
async function openDatabase(): Promise<string> {
  const { databaseUrl, drop } = await emptyDatabase(inject('adminUrl'))
  onTestFinished(drop)
  return databaseUrl
}

/** The same, with a pool over it. */
export async function openPool(): Promise<pg.Pool> {
  return (await openPoolAndUrl()).pool
}

/** The same, with its address. */
export async function openPoolAndUrl(): Promise<{ pool: pg.Pool; databaseUrl: string }> {
  const databaseUrl = await openDatabase()
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  onTestFinished(() => pool.end())
  return { pool, databaseUrl }
}

/** Searches every row of every table, and the statistics, for a text: plain, in base64 at any place, and in hex. */
export async function requireNowhere(database: pg.Pool | pg.Client, canary: string): Promise<void> {
  const all = await everything(database)
  expect(all.length).toBeGreaterThan(100)
  for (const needle of forms(canary)) expect(all).not.toContain(needle)
  // The search finds what is there: the same text, written in the clear for a moment.
  await database.query('create table found (plain text, bytes bytea)')
  await database.query('insert into found values ($1, $2)', [`-${canary}-`, Buffer.from(`-${canary}-`)])
  const found = await everything(database)
  await database.query('drop table found')
  expect(found.split(canary).length).toBeGreaterThan(2)
}

async function everything(database: pg.Pool | pg.Client): Promise<string> {
  await database.query('analyze')
  const tables = await database.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  )
  const parts: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await database.query<{ line: string }>(`select t::text as line from ${name} t`)
    parts.push(...rows.map(({ line }) => line))
  }
  const statistics = await database.query<{ line: string }>(
    `select s::text as line from pg_stats s where schemaname = 'public'`,
  )
  parts.push(...statistics.rows.map(({ line }) => line))
  const dump = parts.join('\n')
  const bytes = [...dump.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]) => Buffer.from(hex ?? '', 'hex').toString('latin1'))
  const encoded = [...dump.matchAll(/ucs1:([\w-]+)/g)].map(([, text]) =>
    Buffer.from(text ?? '', 'base64url').toString('latin1'),
  )
  return [dump, ...bytes, ...encoded].join('\n')
}

function forms(text: string): string[] {
  const shifted = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    // The first and the last characters also hold bits of what stands beside.
    return [bytes.toString('base64').slice(4, -4), bytes.toString('base64url').slice(4, -4)]
  })
  return [text, Buffer.from(text).toString('hex'), ...shifted]
}
