import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  addRingVersion,
  createVault,
  generateKeyRing,
  removeRingVersion,
  resealAll,
  sealedTable,
  SubjectErasedError,
  subjectKeys,
  subjectKeysInPostgres,
  subjectKeysTableSql,
  VaultError,
  type SubjectKeys,
  type Vault,
} from '../src/vault/vault.ts'
import { openPool, requireNowhere } from './support/sealed-database.ts'

const NOTE = { table: 'customers', column: 'email' }

async function openVault(keyRing = generateKeyRing()): Promise<Vault> {
  const vault = await createVault({ keyRing })
  onTestFinished(() => {
    vault.close()
  })
  return vault
}

async function openSubjects({ table = 'ucanpay_subject_keys' } = {}): Promise<{
  pool: pg.Pool
  vault: Vault
  process: (keyRing?: Vault) => SubjectKeys
}> {
  const pool = await openPool()
  await pool.query('create schema shop')
  await pool.query(subjectKeysTableSql(table))
  await pool.query(subjectKeysTableSql(table))
  const vault = await openVault()
  const store = subjectKeysInPostgres(pool, table)
  return { pool, vault, process: (of = vault) => subjectKeys({ vault: of, store }) }
}

test.each(['ucanpay_subject_keys', 'shop.person_keys'])(
  'a subject has one key in all processes; erased, nothing of it opens anywhere (%s)',
  async (table) => {
    const { pool, process } = await openSubjects({ table })
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const [one, two] = [process(), process()]
    const both = await Promise.all(Array.from({ length: 10 }, (_each, at) => (at % 2 ? one : two).of('c_1')))
    const [first, second] = both
    const sealed = first?.seal(NOTE, 'ada@example.com') ?? Buffer.of()
    for (const sealing of both) expect(sealing.open(NOTE, sealed)).toBe('ada@example.com')

    expect(await one.eraseSubject('c_1')).toBe(true)
    expect(await one.eraseSubject('c_1')).toBe(false)
    // Here at once, also by who holds the key still; elsewhere within a minute.
    await expect(one.of('c_1')).rejects.toThrow(SubjectErasedError)
    expect(() => both[1]?.open(NOTE, sealed)).toThrow(VaultError)
    vi.advanceTimersByTime(30_001)
    await expect(two.of('c_1')).rejects.toThrow(SubjectErasedError)
    vi.advanceTimersByTime(30_000)
    for (const sealing of both) expect(() => sealing.open(NOTE, sealed)).toThrow(VaultError)
    expect(() => second?.seal(NOTE, 'more')).toThrow('at each request')
    // Nobody makes another key for somebody who was erased.
    await expect(process().of('c_1')).rejects.toThrow(SubjectErasedError)
    expect((await pool.query(`select from ${table} where sealed is not null`)).rowCount).toBe(0)
  },
)

test('who was erased before they were seen never gets a key', async () => {
  const { process } = await openSubjects()
  expect(await process().eraseSubject('c_9')).toBe(false)
  await expect(process().of('c_9')).rejects.toThrow(SubjectErasedError)
})

test('an erasure at the same time as the first sealing leaves no key', async () => {
  const { pool, process } = await openSubjects()
  for (let round = 0; round < 20; round++) {
    const subject = `c_${round}`
    await Promise.allSettled([process().of(subject), process().eraseSubject(subject), process().of(subject)])
    await expect(process().of(subject)).rejects.toThrow(SubjectErasedError)
  }
  expect((await pool.query('select from ucanpay_subject_keys where sealed is not null')).rowCount).toBe(0)
})

test('a value of one subject opens under no other key, and a key that is moved to another subject does not either', async () => {
  const { pool, vault, process } = await openSubjects()
  const subjects = process()
  const [ada, eve] = [await subjects.of('c_1'), await subjects.of('c_2')]
  const sealed = ada.seal(NOTE, 'ada@example.com')
  expect(() => eve.open(NOTE, sealed)).toThrow(VaultError)
  expect(() => vault.open(NOTE, sealed)).toThrow("data subject's key")
  expect(() => ada.open(NOTE, vault.seal(NOTE, 'x'))).toThrow("vault's key")
  expect(() => ada.seal({ ...NOTE, owner: 'c_2' }, 'x')).toThrow('another owner')
  expect(() => ada.seal(NOTE, '4242424242424242')).toThrow('card number')
  await pool.query(`update ucanpay_subject_keys a set sealed = b.sealed from ucanpay_subject_keys b
    where a.subject = 'c_2' and b.subject = 'c_1'`)
  await expect(process().of('c_2')).rejects.toThrow('cannot be opened')
})

test('an export holds what was sealed, and the database does not', async () => {
  const { pool, vault, process } = await openSubjects()
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const customers = sealedTable(vault, 'customers', { email: 'text', address: 'json' })
  await pool.query('create table customers (id text primary key, plan text, email bytea, address bytea)')
  const subjects = process()
  const { email, address } = customers
    .under(await subjects.of('c_1'))
    .seal({ email: canary, address: { city: canary } })
  await pool.query('insert into customers values ($1, $2, $3, $4)', ['c_1', 'gold', email, address])
  await requireNowhere(pool, canary)
  const rows = pool
    .query<object>('select plan, email, address from customers where id = $1', ['c_1'])
    .then((r) => r.rows)
  const all = await subjects.exportSubject('c_1', [{ table: customers, rows }])
  expect(all).toMatchObject({
    subject: 'c_1',
    tables: { customers: [{ plan: 'gold', email: canary, address: { city: canary } }] },
  })
  await subjects.eraseSubject('c_1')
  await expect(subjects.exportSubject('c_1', [])).rejects.toThrow(SubjectErasedError)
})

test('rows and keys are sealed anew in pages, go on where they stopped, and leave what changes meanwhile', async () => {
  const { pool, process } = await openSubjects()
  const one = generateKeyRing()
  const two = addRingVersion(one).text
  const alone = removeRingVersion(two, 1)
  const [old, both] = [
    await openVault(one),
    await openVault(JSON.stringify({ ...JSON.parse(two), addedAt: '2020-01-01' })),
  ]
  const fields = { email: 'text', more: 'json' } as const
  const customers = sealedTable(old, 'customers', fields)
  await pool.query('create table customers (id int primary key, email bytea, more bytea)')
  for (let id = 1; id <= 25; id++) {
    const { email, more } = customers.seal({ email: `${id}@example.com`, more: id % 2 ? null : { id } })
    await pool.query('insert into customers values ($1, $2, $3)', [id, email, more])
  }
  const subject = await process(old).of('c_1')
  const ofSubject = subject.seal(NOTE, 'ada@example.com')

  const table = sealedTable(both, 'customers', fields)
  const pages: unknown[] = []
  const cut = resealAll({
    vault: both,
    database: {
      async query(text, values) {
        const result = await pool.query(text, [...values])
        // Somebody writes between the reading of a row and its sealing.
        if (text.startsWith('select'))
          await pool.query('update customers set email = $1 where id = 3', [table.sealValue('email', 'new')])
        return result
      },
    },
    table,
    pageSize: 10,
    onProgress(progress) {
      pages.push(progress.after)
      if (pages.length === 2) throw new Error('cut off')
    },
  })
  await expect(cut).rejects.toThrow('cut off')
  const rest = await resealAll({ vault: both, database: pool, table, pageSize: 10, after: pages[0] })
  expect(rest).toMatchObject({ rows: 15, after: 25 })
  expect(await resealAll({ vault: both, database: pool, table })).toEqual({ rows: 25, resealed: 0, after: 25 })
  expect(await process(both).resealKeys()).toBe(1)
  expect(await process(both).resealKeys()).toBe(0)

  const after = await openVault(alone)
  const { rows } = await pool.query<{ id: number; email: Buffer; more: Buffer }>('select * from customers order by id')
  const opened = rows.map((row) => sealedTable(after, 'customers', fields).open(row))
  expect(opened.slice(1, 3)).toEqual([
    { id: 2, email: '2@example.com', more: { id: 2 } },
    { id: 3, email: 'new', more: null },
  ])
  expect((await process(after).of('c_1')).open(NOTE, ofSubject)).toBe('ada@example.com')
})
