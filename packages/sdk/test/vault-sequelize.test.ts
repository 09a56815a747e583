import { randomBytes } from 'node:crypto'
import { DataTypes, Op, Sequelize } from 'sequelize'
import { expect, onTestFinished, test } from 'vitest'
import { createVault, generateKeyRing, sealedTable } from '../src/vault/vault.ts'
import { sealedAttributes } from '../src/vault/sequelize.ts'
import { openPoolAndUrl, requireNowhere } from './support/sealed-database.ts'

async function openShop(stored: 'bytea' | 'text') {
  const { pool, databaseUrl } = await openPoolAndUrl()
  const vault = await createVault({ keyRing: generateKeyRing() })
  const sequelize = new Sequelize(databaseUrl, { dialect: 'postgres', logging: false })
  onTestFinished(async () => {
    await sequelize.close()
    vault.close()
  })
  const fields = { email: 'text', born: 'date', more: 'json' } as const
  const customers = sealedTable(vault, { name: 'customers', stored, indexes: { email: 'text' } }, fields)
  const orders = sealedTable(vault, { name: 'orders', stored }, { note: 'text' })
  const sealed = sealedAttributes(customers)
  const Customer = sequelize.define(
    'customer',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      ...sealed,
      email: { ...sealed.email, field: 'email_address', allowNull: false },
      emailIndex: { type: DataTypes.BLOB, unique: true },
    },
    { timestamps: false },
  )
  const Order = sequelize.define(
    'order',
    { id: { type: DataTypes.INTEGER, primaryKey: true }, ...sealedAttributes(orders) },
    { timestamps: false },
  )
  Customer.hasMany(Order)
  Order.belongsTo(Customer)
  await sequelize.sync()
  return { pool, sequelize, customers, Customer, Order }
}

test.each(['bytea', 'text'] as const)('Sequelize keeps every value sealed in %s, and reads it', async (stored) => {
  const { pool, sequelize, customers, Customer, Order } = await openShop(stored)
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const email = `${canary}@example.com`
  const made = await Customer.create(
    {
      id: 1,
      email,
      emailIndex: customers.index('email', email),
      born: new Date(1e12),
      more: { canary },
      orders: [{ id: 1, note: canary }],
    },
    { include: [Order] },
  )
  expect(made.get('email')).toBe(email)
  await Customer.bulkCreate([2, 3, 4].map((id) => ({ id, email: `${id}${email}` })))
  await Customer.update({ email: `two-${email}`, more: [canary] }, { where: { id: 2 } })
  await Customer.upsert({ id: 3, email: `three-${email}` })
  await Customer.bulkCreate([{ id: 4, email: `four-${email}` }], {
    updateOnDuplicate: ['email'],
    conflictAttributes: ['id'],
  })
  const third = await Customer.findByPk(3, { rejectOnEmpty: true })
  third.set('born', new Date(2e12))
  await third.save()
  await third.update({ more: { deep: canary } })
  await expect(
    sequelize.transaction(async (transaction) => {
      await Order.create({ id: 2, note: canary }, { transaction })
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')

  await requireNowhere(pool, canary)
  const read = await Customer.findAll({ order: ['id'], include: [Order] })
  expect(read.map((each) => each.get({ plain: true }) as object)).toMatchObject([
    { email, born: new Date(1e12), more: { canary }, orders: [{ id: 1, note: canary }] },
    { email: `two-${email}`, born: null, more: [canary], orders: [] },
    { email: `three-${email}`, born: new Date(2e12), more: { deep: canary } },
    { email: `four-${email}` },
  ])
  expect(await Customer.count({ where: { emailIndex: customers.index('email', email.toUpperCase()) } })).toBe(1)
  const [raw] = (await Customer.findAll({ where: { id: 1 }, raw: true })) as unknown as { email: Buffer }[]
  expect(customers.open({ email: raw?.email })).toEqual({ email })

  await pool.query('update customers set more = email_address where id = 1')
  const moved = await Customer.findByPk(1, { rejectOnEmpty: true })
  expect(() => moved.get('more')).toThrow('customers.more cannot be opened')
})

test('Sequelize refuses a filter over a sealed field, and says what to do', async () => {
  const { Customer } = await openShop('bytea')
  await Customer.create({ id: 1, email: 'ada@example.com' })
  for (const email of [
    'ada@example.com',
    ['ada@example.com', 'eve@example.com'],
    { [Op.like]: 'ada%' },
    { [Op.ne]: 'ada@example.com' },
    { [Op.or]: ['ada@example.com', null] },
  ]) {
    await expect(Customer.findAll({ where: { email } })).rejects.toThrow('blind index')
    await expect(Customer.destroy({ where: { [Op.not]: { email } } })).rejects.toThrow('blind index')
    await expect(Customer.update({ email: 'eve@example.com' }, { where: { email } })).rejects.toThrow('blind index')
  }
  expect((await Customer.findAll()).map((each) => each.get('email'))).toEqual(['ada@example.com'])
})

test('Sequelize: no plaintext gets past the setters, and what may not be kept is refused', async () => {
  const { Customer } = await openShop('text')
  await Customer.create({ id: 1, email: 'ada@example.com' })
  for (const past of [{ validate: false }, { hooks: false }]) {
    const update = Customer.update({ email: 'plain@example.com' }, { where: { id: 1 }, ...past })
    await expect(update).rejects.toThrow('goes past its setters')
  }
  const raw = Customer.build({ id: 2, email: 'plain@example.com' }, { raw: true })
  await expect(raw.save()).rejects.toThrow('goes past its setters')
  expect(() => Customer.build({ id: 2, email: '4242424242424242' })).toThrow('card number')
  expect((await Customer.findAll()).map((each) => each.get('email'))).toEqual(['ada@example.com'])
})
