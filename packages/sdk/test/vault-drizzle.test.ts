import { randomBytes } from 'node:crypto'
import { eq, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { customType, integer, pgTable } from 'drizzle-orm/pg-core'
import { expect, onTestFinished, test } from 'vitest'
import { createVault, generateKeyRing, sealedTable } from '../src/vault/vault.ts'
import { sealedColumns, sealedFilterGuard } from '../src/vault/drizzle.ts'
import { openPool, requireNowhere } from './support/sealed-database.ts'

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

async function openShop(stored: 'bytea' | 'text') {
  const pool = await openPool()
  const vault = await createVault({ keyRing: generateKeyRing() })
  onTestFinished(() => {
    vault.close()
  })
  const fields = { email: 'text', born: 'date', more: 'json' } as const
  const sealedCustomers = sealedTable(vault, { name: 'customers', stored, indexes: { email: 'text' } }, fields)
  const sealed = sealedColumns(sealedCustomers)
  const customers = pgTable('customers', {
    id: integer().primaryKey(),
    email: sealed.email('email_address').notNull(),
    emailIndex: bytes('email_index').unique(),
    born: sealed.born(),
    more: sealed.more(),
  })
  const sealedOrders = sealedColumns(sealedTable(vault, { name: 'orders', stored }, { note: 'text' }))
  const orders = pgTable('orders', { id: integer().primaryKey(), customer: integer(), note: sealedOrders.note() })
  const schema = {
    customers,
    orders,
    ofCustomers: relations(customers, ({ many }) => ({ orders: many(orders) })),
    ofOrders: relations(orders, ({ one }) => ({
      buyer: one(customers, { fields: [orders.customer], references: [customers.id] }),
    })),
  }
  await pool.query(`create table customers (id int primary key, email_address ${stored} not null,
    email_index bytea unique, born ${stored}, more ${stored});
    create table orders (id int primary key, customer int, note ${stored})`)
  return { pool, customers, orders, sealedCustomers, db: drizzle(pool, { schema, logger: sealedFilterGuard() }) }
}

test.each(['bytea', 'text'] as const)('drizzle keeps every value sealed in %s, and reads it', async (stored) => {
  const { pool, customers, orders, sealedCustomers, db } = await openShop(stored)
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const email = `${canary}@example.com`
  const emailIndex = sealedCustomers.index('email', email)
  const [made] = await db
    .insert(customers)
    .values({ id: 1, email, emailIndex, born: new Date(1e12), more: { canary } })
    .returning()
  const typed: { email: string; born: Date | null } | undefined = made
  expect(typed).toMatchObject({ email, born: new Date(1e12), more: { canary } })
  await db.insert(customers).values([2, 3].map((id) => ({ id, email: `${id}${email}` })))
  await db
    .update(customers)
    .set({ email: `two-${email}` })
    .where(eq(customers.id, 2))
  await db
    .insert(customers)
    .values({ id: 3, email: 'lost' })
    .onConflictDoUpdate({ target: customers.id, set: { email: `three-${email}`, more: [canary] } })
  await db.transaction((tx) => tx.insert(orders).values({ id: 1, customer: 1, note: canary }))
  await expect(
    db.transaction(async (tx) => {
      await tx.insert(orders).values({ id: 2, customer: 1, note: canary })
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')

  await requireNowhere(pool, canary)
  const read = await db.select({ mail: customers.email, more: customers.more }).from(customers).orderBy(customers.id)
  expect(read).toEqual([
    { mail: email, more: { canary } },
    { mail: `two-${email}`, more: null },
    { mail: `three-${email}`, more: [canary] },
  ])
  expect(await db.select().from(customers).where(eq(customers.emailIndex, emailIndex))).toHaveLength(1)
  // Relations come as JSON, in which PostgreSQL writes bytes as hex.
  const nested = await db.query.customers.findMany({ with: { orders: true }, where: eq(customers.id, 1) })
  expect(nested).toMatchObject([{ email, orders: [{ note: canary }] }])
  const joined = await db.select().from(orders).leftJoin(customers, eq(customers.id, orders.customer))
  expect(joined).toMatchObject([{ customers: { email }, orders: { note: canary } }])
  const raw = await db.execute<{ email_address: Buffer | string }>(
    sql`select email_address from customers where id = 1`,
  )
  expect(sealedCustomers.openValue('email', raw.rows[0]?.email_address)).toBe(email)

  await pool.query('update customers set more = email_address where id = 1')
  await expect(db.select().from(customers)).rejects.toThrow('customers.more cannot be opened')
})

test('drizzle refuses a filter over a sealed column, and says what to do', async () => {
  const { customers, db } = await openShop('bytea')
  await db.insert(customers).values({ id: 1, email: 'ada@example.com' })
  for (const query of [
    db.select().from(customers).where(eq(customers.email, 'ada@example.com')),
    db.delete(customers).where(eq(customers.email, 'ada@example.com')),
    db.update(customers).set({ email: 'eve@example.com' }).where(eq(customers.email, 'ada@example.com')),
  ]) {
    const error = await query.then(
      () => undefined,
      (caught: unknown) => caught as Error,
    )
    expect(`${error?.message} ${String(error?.cause)}`).toContain('blind index')
  }
  expect(await db.select().from(customers)).toMatchObject([{ email: 'ada@example.com' }])
})

test('drizzle takes no value of another type', async () => {
  const { customers, db } = await openShop('bytea')
  // @ts-expect-error a number is no text
  expect(() => db.insert(customers).values({ id: 1, email: 7 }).toSQL()).toThrow('takes a text')
  expect(() => db.insert(customers).values({ id: 1, email: '4242424242424242' }).toSQL()).toThrow('card number')
})
