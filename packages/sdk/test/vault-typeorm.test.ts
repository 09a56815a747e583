/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- TypeORM itself asks for object literals of a class. */
import { randomBytes } from 'node:crypto'
import { DataSource, EntitySchema, In, Like } from 'typeorm'
import { expect, onTestFinished, test } from 'vitest'
import { createVault, generateKeyRing, sealedTable } from '../src/vault/vault.ts'
import { sealedColumn, sealedFilterGuard } from '../src/vault/typeorm.ts'
import { openPoolAndUrl, requireNowhere } from './support/sealed-database.ts'

interface Customer {
  id: number
  email: string
  emailIndex: Buffer | null
  born: Date | null
  more: unknown
  orders?: Order[]
}
interface Order {
  id: number
  note: string | null
  customer?: Customer
}

async function openShop(stored: 'bytea' | 'text') {
  const { pool, databaseUrl } = await openPoolAndUrl()
  const vault = await createVault({ keyRing: generateKeyRing() })
  onTestFinished(() => {
    vault.close()
  })
  const fields = { email: 'text', born: 'date', more: 'json' } as const
  const customers = sealedTable(vault, { name: 'customers', stored, indexes: { email: 'text' } }, fields)
  const orders = sealedTable(vault, { name: 'orders', stored }, { note: 'text' })
  const CustomerEntity = new EntitySchema<Customer>({
    name: 'customer',
    columns: {
      id: { type: 'int', primary: true },
      email: { ...sealedColumn(customers, 'email'), name: 'email_address' },
      emailIndex: { type: 'bytea', name: 'email_index', nullable: true, unique: true },
      born: { ...sealedColumn(customers, 'born'), nullable: true },
      more: { ...sealedColumn(customers, 'more'), nullable: true },
    },
    relations: { orders: { type: 'one-to-many', target: 'order', inverseSide: 'customer', cascade: true } },
  })
  const OrderEntity = new EntitySchema<Order>({
    name: 'order',
    columns: { id: { type: 'int', primary: true }, note: { ...sealedColumn(orders, 'note'), nullable: true } },
    relations: { customer: { type: 'many-to-one', target: 'customer', inverseSide: 'orders', joinColumn: true } },
  })
  const source = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    entities: [CustomerEntity, OrderEntity],
    synchronize: true,
    logger: sealedFilterGuard(),
  })
  await source.initialize()
  onTestFinished(() => source.destroy())
  return { pool, source, customers, repository: source.getRepository(CustomerEntity), OrderEntity, CustomerEntity }
}

test.each(['bytea', 'text'] as const)('TypeORM keeps every value sealed in %s, and reads it', async (stored) => {
  const { pool, source, customers, repository, OrderEntity, CustomerEntity } = await openShop(stored)
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const email = `${canary}@example.com`
  await repository.save({
    id: 1,
    email,
    emailIndex: customers.index('email', email),
    born: new Date(1e12),
    more: { canary },
    orders: [{ id: 1, note: canary }],
  })
  await repository.insert([2, 3].map((id) => ({ id, email: `${id}${email}` })))
  await repository.update({ id: 2 }, { email: `two-${email}` })
  await repository.upsert({ id: 3, email: `three-${email}`, more: [canary] }, ['id'])
  await source
    .createQueryBuilder()
    .update(CustomerEntity)
    .set({ more: { deep: canary } })
    .where('id = 2')
    .execute()
  const kept = await repository.findOneByOrFail({ id: 3 })
  await repository.save({ ...kept, born: new Date(2e12) })
  await expect(
    source.transaction(async (tx) => {
      await tx.insert(OrderEntity, { id: 2, note: canary })
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')

  await requireNowhere(pool, canary)
  const read = await repository.find({ order: { id: 'asc' }, relations: { orders: true } })
  expect(read).toMatchObject([
    { email, born: new Date(1e12), more: { canary }, orders: [{ id: 1, note: canary }] },
    { email: `two-${email}`, born: null, more: { deep: canary }, orders: [] },
    { email: `three-${email}`, born: new Date(2e12), more: [canary] },
  ])
  expect(await repository.findBy({ emailIndex: customers.index('email', email.toUpperCase()) })).toHaveLength(1)
  const joined = await source
    .createQueryBuilder(OrderEntity, 'o')
    .leftJoinAndSelect('o.customer', 'c')
    .where('c.id = :id', { id: 1 })
    .getOne()
  expect(joined).toMatchObject({ note: canary, customer: { email } })
  const raw = await source.query<{ email_address: Buffer }[]>('select email_address from customer where id = 1')
  expect(customers.openValue('email', raw[0]?.email_address)).toBe(email)

  await pool.query('update customer set more = email_address where id = 1')
  await expect(repository.find()).rejects.toThrow('customers.more cannot be opened')
})

test('TypeORM refuses a filter over a sealed column, and says what to do', async () => {
  const { repository } = await openShop('bytea')
  await repository.insert({ id: 1, email: 'ada@example.com' })
  for (const attempt of [
    () => repository.findBy({ email: 'ada@example.com' }),
    () => repository.findBy({ email: In(['ada@example.com']) }),
    () => repository.findBy({ email: Like('ada%') }),
    () => repository.delete({ email: 'ada@example.com' }),
    () => repository.update({ email: 'ada@example.com' }, { email: 'eve@example.com' }),
  ]) {
    await expect(attempt()).rejects.toThrow('blind index')
  }
  expect(await repository.find()).toMatchObject([{ email: 'ada@example.com' }])
})

test('TypeORM: what may not be kept is refused, and a field that is not declared', async () => {
  const { repository, customers } = await openShop('text')
  await expect(repository.insert({ id: 1, email: '4242424242424242' })).rejects.toThrow('card number')
  expect(() => sealedColumn(customers, 'emial' as 'email')).toThrow('is not declared as sealed')
  expect(await repository.count()).toBe(0)
})
