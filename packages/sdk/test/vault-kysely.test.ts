import { randomBytes } from 'node:crypto'
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Generated } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sealedPlugin } from '../src/vault/kysely.ts'
import { createVault, generateKeyRing, sealedTable } from '../src/vault/vault.ts'
import { openPool, requireNowhere } from './support/sealed-database.ts'

interface Tables {
  customers: {
    id: number
    email: string
    email_index: Buffer | null
    born: Generated<Date | null>
    more: Generated<unknown>
  }
  orders: { id: number; customer: number | null; note: string | null }
  plain: { id: number; email: string | null }
}

async function openShop(stored: 'bytea' | 'text' = 'bytea') {
  const pool = await openPool()
  const vault = await createVault({ keyRing: generateKeyRing() })
  onTestFinished(() => {
    vault.close()
  })
  const fields = { email: 'text', born: 'date', more: 'json' } as const
  const customers = sealedTable(vault, { name: 'customers', stored, indexes: { email: 'text' } }, fields)
  const orders = sealedTable(vault, { name: 'orders', stored }, { note: 'text' })
  await pool.query(`create table customers (id int primary key, email ${stored} not null,
    email_index bytea unique, born ${stored}, more ${stored});
    create table orders (id int primary key, customer int, note ${stored});
    create table plain (id int primary key, email text)`)
  const dialect = new PostgresDialect({ pool })
  const db = new Kysely<Tables>({ dialect, plugins: [sealedPlugin(customers, orders)] })
  return { pool, db, customers, orders, dialect }
}

test.each(['bytea', 'text'] as const)('Kysely keeps every value sealed in %s, and reads it', async (stored) => {
  const { pool, db, customers } = await openShop(stored)
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const email = `${canary}@example.com`
  const email_index = customers.index('email', email)
  const made = await db
    .insertInto('customers')
    .values({ id: 1, email, email_index, born: new Date(1e12), more: { canary } })
    .returningAll()
    .executeTakeFirstOrThrow()
  expect(made).toMatchObject({ id: 1, email, born: new Date(1e12), more: { canary } })
  await db
    .insertInto('customers')
    .values([2, 3].map((id) => ({ id, email: `${id}-${email}` })))
    .execute()
  await db
    .updateTable('customers')
    .set({ email: `two-${email}` })
    .where('id', '=', 2)
    .execute()
  await db.updateTable('customers').set('more', [canary]).where('id', '=', 2).execute()
  for (const values of [{ id: 3, email: `3b-${email}` }]) {
    await db
      .insertInto('customers')
      .values(values)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ email: `three-${email}`, born: new Date(0) }))
      .execute()
    await db
      .insertInto('customers')
      .values({ ...values, email: `three-${email}` })
      .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ email: eb.ref('excluded.email') })))
      .execute()
  }
  await db.transaction().execute((tx) => tx.insertInto('orders').values({ id: 1, customer: 1, note: canary }).execute())
  await db
    .mergeInto('customers as c')
    .using('orders as o', 'o.customer', 'c.id')
    .whenMatched()
    .thenUpdateSet({ more: { merged: canary } })
    .whenNotMatched()
    .thenInsertValues({ id: 99, email: canary })
    .execute()

  await requireNowhere(pool, canary)
  const read = await db.selectFrom('customers').select(['id', 'email as mail', 'more']).orderBy('id').execute()
  expect(read).toEqual([
    { id: 1, mail: email, more: { merged: canary } },
    { id: 2, mail: `two-${email}`, more: [canary] },
    { id: 3, mail: `three-${email}`, more: null },
  ])
  expect(await db.selectFrom('customers').selectAll().where('email_index', '=', email_index).execute()).toHaveLength(1)
  const joined = await db
    .selectFrom('orders as o')
    .innerJoin('customers as c', 'c.id', 'o.customer')
    .selectAll('c')
    .select(['o.note as text', 'born'])
    .execute()
  expect(joined).toMatchObject([{ email, text: canary, born: new Date(1e12) }])
  const nested = await db
    .with('some', (cte) => cte.selectFrom('customers').select(['id', 'email as address']))
    .selectFrom('some')
    .select((eb) => [
      'address as a',
      eb.selectFrom('orders').select('note').whereRef('orders.customer', '=', 'some.id').as('first'),
    ])
    .where('id', '=', 1)
    .execute()
  expect(nested).toEqual([{ a: email, first: canary }])
  const derived = await db
    .selectFrom((eb) => eb.selectFrom('customers').selectAll().as('d'))
    .select('d.email')
    .where('d.id', '=', 1)
    .execute()
  expect(derived).toEqual([{ email }])
  const deleted = await db.deleteFrom('customers').where('id', '=', 2).returning('email').execute()
  expect(deleted).toEqual([{ email: `two-${email}` }])
  const raw = await sql<{ email: Buffer }>`select email from customers where id = 1`.execute(db)
  expect(customers.open(raw.rows[0] ?? {})).toEqual({ email })

  await pool.query('update customers set more = email where id = 1')
  await expect(db.selectFrom('customers').selectAll().execute()).rejects.toThrow('customers.more cannot be opened')
})

describe('Kysely refuses', () => {
  test('a filter over a sealed column, and says what to do', async () => {
    const { db } = await openShop()
    const email = 'ada@example.com'
    await db.insertInto('customers').values({ id: 1, email }).execute()
    const queries = [
      () => db.selectFrom('customers').selectAll().where('email', '=', email).execute(),
      () => db.selectFrom('customers as c').selectAll().where('c.email', 'in', [email]).execute(),
      () => db.deleteFrom('customers').where('email', 'like', email).execute(),
      () => db.updateTable('customers').set({ email: 'eve' }).where('email', '=', email).execute(),
      () =>
        db
          .selectFrom('customers')
          .select('id')
          .where((eb) => eb.or([eb('id', '=', 1), eb(eb.fn<string>('md5', ['email']), '=', email)]))
          .execute(),
      () =>
        db.selectFrom('plain').innerJoin('customers', 'customers.email', 'plain.email').select('plain.id').execute(),
      () =>
        db
          .selectFrom('plain')
          .select('id')
          .where('id', 'in', (eb) => eb.selectFrom('customers').select('id').where('email', '=', email))
          .execute(),
    ]
    for (const query of queries) await expect(async () => query()).rejects.toThrow('blind index')
    expect(await db.selectFrom('customers').select('email').where('email', 'is not', null).execute()).toEqual([
      { email },
    ])
  })

  test('SQL where a value belongs, from which a plaintext could come', async () => {
    const { db } = await openShop()
    for (const query of [
      () =>
        db
          .insertInto('customers')
          .values({ id: 1, email: sql<string>`${'ada@example.com'}` })
          .execute(),
      () =>
        db
          .updateTable('customers')
          .set({ email: sql<string>`'ada@example.com'` })
          .execute(),
      () =>
        db
          .updateTable('customers')
          .set((eb) => ({ email: eb.ref('more') as never }))
          .execute(),
      () =>
        db
          .insertInto('customers')
          .columns(['id', 'email'])
          .expression((eb) => eb.selectFrom('plain').select(['id', 'email']) as never)
          .execute(),
    ]) {
      await expect(async () => query()).rejects.toThrow('give its value, and no SQL')
    }
    expect(await db.selectFrom('customers').selectAll().execute()).toEqual([])
  })

  test('a plaintext that was stored before', async () => {
    const { db, pool } = await openShop('text')
    await pool.query(`insert into customers (id, email) values (1, 'ada@example.com')`)
    await expect(db.selectFrom('customers').selectAll().execute()).rejects.toThrow('customers.email does not hold')
  })
})

test('columns of other tables with the same name are left alone', async () => {
  const { db, pool } = await openShop()
  await db.insertInto('plain').values({ id: 1, email: 'plain@example.com' }).execute()
  await db.insertInto('customers').values({ id: 1, email: 'ada@example.com' }).execute()
  await db
    .updateTable('plain')
    .from('customers')
    .set({ email: 'other@example.com' })
    .whereRef('customers.id', '=', 'plain.id')
    .execute()
  expect((await pool.query<{ email: string }>('select email from plain')).rows).toEqual([
    { email: 'other@example.com' },
  ])
  const both = await db
    .selectFrom('plain')
    .innerJoin('customers', 'customers.id', 'plain.id')
    .select(['plain.email as one', 'customers.email as two'])
    .where('plain.email', '=', 'other@example.com')
    .execute()
  expect(both).toEqual([{ one: 'other@example.com', two: 'ada@example.com' }])
})

test('it stands behind CamelCasePlugin', async () => {
  const { dialect, pool } = await openShop()
  await pool.query('create table staff (id int, home_address bytea)')
  const vault = await createVault({ keyRing: generateKeyRing() })
  onTestFinished(() => {
    vault.close()
  })
  const staff = sealedTable(vault, 'staff', { home_address: 'text' })
  const plugins = [new CamelCasePlugin(), sealedPlugin(staff)]
  const db = new Kysely<{ staff: { id: number; homeAddress: string } }>({ dialect, plugins })
  await db.insertInto('staff').values({ id: 1, homeAddress: 'Elm Street 1' }).execute()
  expect((await pool.query<{ home_address: Buffer }>('select * from staff')).rows[0]?.home_address).toHaveLength(141)
  expect(await db.selectFrom('staff').selectAll().execute()).toEqual([{ id: 1, homeAddress: 'Elm Street 1' }])
})
