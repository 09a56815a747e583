import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sealedClient } from '../src/vault/prisma.ts'
import { createVault, generateKeyRing, sealedTable } from '../src/vault/vault.ts'
import { openPool, requireNowhere } from './support/sealed-database.ts'

const APPS = fileURLToPath(new URL('../../../test/kit-apps', import.meta.url))

const SCHEMA = `
generator client {
  provider = "prisma-client"
  output   = "./client"
}
datasource db {
  provider = "postgresql"
}
model Customer {
  id         Int     @id
  email      String  @map("email_address")
  emailIndex Bytes?  @unique
  more       String?
  orders     Order[]
  @@map("customers")
}
model Order {
  id         Int       @id
  note       String?
  customer   Customer? @relation(fields: [customerId], references: [id])
  customerId Int?
  @@map("orders")
}`

/** What the test calls of the client that Prisma makes. Its own types are not checked here. */
type Call = (args?: object) => Promise<unknown> & { orders(): Promise<unknown> }
type Model = Readonly<Record<string, Call>>
interface Client {
  readonly customer: Model
  readonly order: Model
  $extends(extension: never): unknown
  $transaction<T>(run: ((tx: Client) => Promise<T>) | readonly Promise<unknown>[]): Promise<T>
  $queryRawUnsafe(statement: string): Promise<Record<string, string>[]>
  $disconnect(): Promise<void>
}

let folder = ''
let makeClient: (connectionString: string) => Client

beforeAll(async () => {
  folder = mkdtempSync(join(APPS, '.prisma-'))
  writeFileSync(join(folder, 'schema.prisma'), SCHEMA)
  // Prisma asks for an engine that it does not use here; this one does nothing.
  const engine = join(folder, 'engine')
  writeFileSync(engine, '')
  chmodSync(engine, 0o755)
  const env = { PATH: '/usr/bin:/bin', HOME: folder, CHECKPOINT_DISABLE: '1', PRISMA_SCHEMA_ENGINE_BINARY: engine }
  const cli = join(APPS, 'node_modules/prisma/build/index.js')
  execFileSync(process.execPath, [cli, 'generate', '--schema', join(folder, 'schema.prisma')], { env, cwd: folder })
  const load = async (path: string): Promise<Record<string, new (options: object) => unknown>> =>
    (await import(/* @vite-ignore */ pathToFileURL(path).href)) as never
  const { PrismaClient } = await load(join(folder, 'client/client.ts'))
  const { PrismaPg } = await load(join(APPS, 'node_modules/@prisma/adapter-pg/dist/index.mjs'))
  if (!PrismaClient || !PrismaPg) throw new Error('Prisma made no client')
  makeClient = (connectionString) => new PrismaClient({ adapter: new PrismaPg({ connectionString }) }) as Client
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function openShop() {
  const pool = await openPool()
  await pool.query(`create table customers (id int primary key, email_address text not null,
    "emailIndex" bytea unique, more text);
    create table orders (id int primary key, note text, "customerId" int references customers)`)
  const vault = await createVault({ keyRing: generateKeyRing() })
  const fields = { email: 'text', more: 'text' } as const
  const customers = sealedTable(vault, { name: 'customers', stored: 'text', indexes: { email: 'text' } }, fields)
  const orders = sealedTable(vault, { name: 'orders', stored: 'text' }, { note: 'text' })
  const { connectionString } = pool.options as pg.PoolConfig
  const plain = makeClient(connectionString ?? '')
  onTestFinished(async () => {
    await plain.$disconnect()
    vault.close()
  })
  return { pool, vault, customers, plain, db: sealedClient(plain, { Customer: customers, Order: orders }) }
}

test('Prisma keeps every value sealed, in nested writes as well, and reads it', async () => {
  const { pool, db, customers } = await openShop()
  const { customer, order } = db
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const email = `${canary}@example.com`
  const emailIndex = customers.index('email', email)
  const notes = (ids: number[]): object[] => ids.map((id) => ({ id, note: `${id}-${canary}` }))
  const made: unknown = await customer['create']?.({
    data: { id: 1, email, emailIndex, orders: { create: notes([1, 2]) } },
    include: { orders: { orderBy: { id: 'asc' } } },
  })
  expect(made).toMatchObject({ email, more: null, orders: notes([1, 2]) })
  class Made {
    id = 2
    email = `two-${email}`
  }
  expect(await customer['createMany']?.({ data: [new Made(), { id: 3, email: `three-${email}` }] })).toEqual({
    count: 2,
  })
  await customer['createManyAndReturn']?.({ data: { id: 4, email: `four-${email}` } })
  await customer['update']?.({
    where: { id: 2 },
    data: { more: { set: canary }, orders: { createMany: { data: notes([3]) } } },
  })
  await customer['update']?.({
    where: { id: 2 },
    data: {
      orders: {
        update: { where: { id: 3 }, data: { note: `new-${canary}` } },
        upsert: { where: { id: 4 }, create: { id: 4, note: canary }, update: { note: 'lost' } },
        connectOrCreate: [{ where: { id: 5 }, create: { id: 5, note: canary } }],
        updateMany: { where: { id: 5 }, data: { note: `many-${canary}` } },
      },
    },
  })
  await order['update']?.({ where: { id: 5 }, data: { customer: { update: { more: `one-${canary}` } } } })
  await order['update']?.({
    where: { id: 5 },
    data: { customer: { update: { where: { id: 2 }, data: { more: `by-${canary}` } } } },
  })
  await customer['updateMany']?.({ where: { id: { in: [3] } }, data: { more: canary } })
  await customer['updateManyAndReturn']?.({ where: { id: 3 }, data: { more: canary } })
  for (const more of [canary, `again-${canary}`]) {
    await customer['upsert']?.({ where: { id: 6 }, create: { id: 6, email, more }, update: { more } })
  }
  await db.$transaction(async (tx) => tx.order['create']?.({ data: { id: 7, note: canary } }))
  await db.$transaction([order['create']?.({ data: { id: 8, note: canary } }) as Promise<unknown>])
  await expect(
    db.$transaction(async (tx) => {
      await tx.order['create']?.({ data: { id: 9, note: canary } })
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')

  await requireNowhere(pool, canary)
  expect(await customer['findMany']?.({ orderBy: { id: 'asc' }, select: { email: true, more: true } })).toEqual([
    { email, more: null },
    { email: `two-${email}`, more: `by-${canary}` },
    { email: `three-${email}`, more: canary },
    { email: `four-${email}`, more: null },
    { email, more: `again-${canary}` },
  ])
  expect(await customer['findUnique']?.({ where: { emailIndex } })).toMatchObject({ id: 1, email })
  expect(await customer['findFirst']?.({ where: { more: null }, orderBy: { id: 'asc' } })).toMatchObject({ id: 1 })
  expect(
    await order['findMany']?.({ where: { id: 5 }, include: { customer: { include: { orders: true } } } }),
  ).toMatchObject([
    { note: `many-${canary}`, customer: { email: `two-${email}`, orders: [{ note: `new-${canary}` }, {}, {}] } },
  ])
  expect(await customer['count']?.({ where: { id: 1 } })).toBe(1)
  expect(await customer['delete']?.({ where: { id: 4 } })).toMatchObject({ email: `four-${email}` })
  const [raw] = await db.$queryRawUnsafe('select email_address from customers where id = 1')
  expect(customers.openValue('email', raw?.['email_address'])).toBe(email)
  const fluent: unknown = await customer['findUnique']?.({ where: { id: 2 } }).orders()
  expect(fluent).toMatchObject([{ note: `new-${canary}` }, {}, {}])

  await pool.query('update customers set more = email_address where id = 1')
  await expect(customer['findMany']?.()).rejects.toThrow('customers.more cannot be opened')
})

describe('Prisma refuses', () => {
  test('a filter over a sealed field, at any depth, and says what to do', async () => {
    const { db } = await openShop()
    const email = 'ada@example.com'
    await db.customer['create']?.({ data: { id: 1, email } })
    for (const [model, operation, args] of [
      ['customer', 'findMany', { where: { email } }],
      ['customer', 'findFirst', { where: { OR: [{ id: 1 }, { NOT: { email: { contains: 'ada' } } }] } }],
      ['customer', 'deleteMany', { where: { email: { not: email } } }],
      ['customer', 'updateMany', { where: { email: { in: [email] } }, data: { more: 'x' } }],
      ['customer', 'count', { where: { email } }],
      ['customer', 'findMany', { include: { orders: { where: { note: 'x' } } } }],
      ['customer', 'findMany', { where: { orders: { some: { note: 'x' } } } }],
      ['order', 'findMany', { where: { customer: { is: { email } } } }],
      ['order', 'findMany', { where: { customer: { email } } }],
      ['customer', 'update', { where: { id: 1 }, data: { orders: { deleteMany: { note: 'x' } } } }],
      [
        'customer',
        'update',
        { where: { id: 1 }, data: { orders: { updateMany: { where: { note: 'x' }, data: {} } } } },
      ],
    ] as const) {
      await expect(db[model][operation]?.(args)).rejects.toThrow('blind index')
    }
    await expect(db.customer['create']?.({ data: { id: 2, email: '4242424242424242' } })).rejects.toThrow('card number')
    expect(await db.customer['count']?.()).toBe(1)
  })

  test('a declaration that does not fit the schema', async () => {
    const { plain, vault } = await openShop()
    const of = (fields: Record<string, 'text'>, stored: 'text' | 'bytea' = 'text'): never =>
      sealedTable(vault, { name: 'customers', stored }, fields) as never
    expect(() => sealedClient(plain, { Customer: of({ mail: 'text' }) })).toThrow('Customer.mail')
    expect(() => sealedClient(plain, { Customer: of({ id: 'text' }) })).toThrow('Customer.id')
    expect(() => sealedClient(plain, { Customer: of({ orders: 'text' }) })).toThrow('Customer.orders')
    expect(() => sealedClient(plain, { Customers: of({ email: 'text' }) })).toThrow('Customers.email')
    expect(() => sealedClient(plain, { Customer: of({ email: 'text' }, 'bytea') })).toThrow("stored: 'text'")
  })
})
