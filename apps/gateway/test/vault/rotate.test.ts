import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unwrapDataKey } from '@ucanpay/vault/data-key'
import { open } from '@ucanpay/vault/envelope'
import { encryptCard } from '@ucanpay/wire/encrypted-card'
import { addRingVersion, generateKeyRing } from '@ucanpay/vault/key-ring'
import { ringSource } from '@ucanpay/vault/key-sources/ring-source'
import { expect, onTestFinished, test } from 'vitest'
import { compose } from '../../src/compose.ts'
import { readKeptFile } from '../../src/config.ts'
import { insertCard } from '../../src/domain/cards/card-vault.ts'
import { CARD } from '../support/client.ts'
import { operator, startGateway, type TestGateway } from '../support/gateway.ts'

const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
const CARDS = 4_000

interface Place {
  readonly gateway: TestGateway
  readonly ringFile: string
  ucanpay(...args: string[]): ChildProcess
}

async function withRingFile(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-rotate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const ringFile = join(folder, 'key-ring.json')
  writeFileSync(ringFile, generateKeyRing(), { mode: 0o600 })
  const reading = { readFile: readKeptFile, readEnvironment: () => undefined }
  const gateway = await startGateway({ config: { keySources: { active: ringFile, previous: [], reading } } })
  const env = { PATH: process.env['PATH'], DATABASE_URL: gateway.database.databaseUrl, UCANPAY_KEY_RING: ringFile }
  return { gateway, ringFile, ucanpay: (...args) => spawn(process.execPath, [CLI, ...args], { env }) }
}

/** A second process of the same installation. */
const besideOf = (gateway: TestGateway) => ({ beside: gateway, config: { keySources: gateway.config.keySources } })

async function sealCards(gateway: TestGateway, count: number): Promise<void> {
  const { db, cards } = gateway.gateway.deps
  const caller = operator(gateway.merchant.merchantId, 'test')
  const card = { jwe: await encryptCard(CARD, { key: cards.cardKey, context: 'token' }), token: 'token' }
  const one = async (): Promise<void> => insertCard(db, caller, await cards.seal(caller, card))
  for (let done = 0; done < count; done += 8) await Promise.all(Array.from({ length: Math.min(8, count - done) }, one))
}

function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}

/** Opens every sealed card with the key ring as it is now. */
async function openAll({ gateway, ringFile }: Place): Promise<number> {
  const source = ringSource(() => readFileSync(ringFile, 'utf8'))
  const keys = await gateway.rows<
    Record<'merchant_id' | 'purpose' | 'key_id' | 'wrapped_by', string> & { wrapped_key: Buffer }
  >('data_keys')
  const opened = await Promise.all(
    keys.map(async (key) => {
      const context = { merchantId: key.merchant_id, purpose: key.purpose, keyId: key.key_id }
      return [
        key.key_id,
        await unwrapDataKey(source, { wrapped: key.wrapped_key, wrappedBy: key.wrapped_by }, context),
      ] as const
    }),
  )
  const byId = new Map(opened)
  const cards = await gateway.rows<
    Record<'merchant_id' | 'mode' | 'card_token' | 'key_id', string> & { sealed_card: Buffer }
  >('cards')
  for (const card of cards) {
    const key = byId.get(card.key_id)
    if (!key) throw new Error('a card whose key is gone')
    const place = {
      table: 'cards',
      column: 'sealed_card',
      merchantId: card.merchant_id,
      row: `${card.mode}/${card.card_token}`,
    }
    expect(JSON.parse(open(key, card.sealed_card, place))).toMatchObject({ holderName: CARD.holderName })
  }
  return cards.length
}

interface Progress {
  readonly begun: number
  readonly done: number
  readonly left: number
}

test('a rotation that is killed three times on its way is gone on with each time, while payments go on', async () => {
  const place = await withRingFile()
  const { gateway } = place
  await sealCards(gateway, CARDS)
  const load = { paying: true }
  const paid: unknown[] = []
  const payments = (async () => {
    while (load.paying) {
      const { payUrl } = (await gateway.place()).data
      paid.push((await gateway.pay(payUrl)).body['tradeStatus'])
    }
  })()

  const progress = `select (select count(*) from key_rotations) as begun, count(*) filter (where k.retired_at is null) as done,
            count(k.retired_at) as left from cards c join data_keys k using (merchant_id, key_id)`
  const at = async (): Promise<Progress> => (await gateway.sql<Progress>(progress))[0] ?? { begun: 0, done: 0, left: 0 }
  // Each time it is killed at a later point: as it begins, once it has begun to re-encrypt, and far into it.
  const points: ((now: Progress) => boolean)[] = [
    ({ begun }) => begun > 0,
    ({ done, left }) => left > 0 && done > 200,
    ({ done, left }) => left > 0 && done > CARDS / 2,
  ]
  for (const reached of points) {
    const child = place.ucanpay('vault', 'rotate')
    const end = ended(child)
    await expect.poll(async () => reached(await at()), { timeout: 60_000, interval: 5 }).toBe(true)
    child.kill('SIGKILL')
    await end
    expect(await gateway.rows('key_rotations where finished_at is null')).toHaveLength(1) // Else nothing was cut off.
    expect(await openAll(place)).toBeGreaterThanOrEqual(CARDS)
  }

  const second = await ended(place.ucanpay('vault', 'rotate'))
  expect(second).toMatchObject({ code: 0 })
  expect(second.output).toContain('Going on with the rotation')
  expect(second.output).toContain('nothing is left')
  load.paying = false
  await payments
  expect(new Set(paid)).toEqual(new Set(['SUCCESS']))
  expect(await openAll(place)).toBeGreaterThan(CARDS)
  for (const table of ['data_keys', 'installation_keys']) {
    expect(new Set((await gateway.rows(table)).map((row) => row['wrapped_by']))).toEqual(new Set(['ring/2']))
  }

  const third = await ended(place.ucanpay('vault', 'retire', '1'))
  expect(third).toMatchObject({ code: 0 })
  const { payUrl } = (await gateway.place()).data
  expect((await gateway.pay(payUrl)).body['tradeStatus']).toBe('SUCCESS')
  const fresh = await compose({ ...gateway.config, role: 'worker' }, gateway.gateway.deps.log)
  await fresh.stop()
}, 300_000)

test('the key of a customer is wrapped again, and what it seals stays as it is and opens', async () => {
  const place = await withRingFile()
  const { gateway } = place
  const email = 'ada@example.com'
  const { userId } = (await gateway.post('/users', { email, name: 'Ada' })).data
  const wrappers = async (): Promise<unknown[]> =>
    (await gateway.sql<{ wrapped_by: string }>('select wrapped_by from key_store.customer_keys')).map(
      (row) => row.wrapped_by,
    )
  const sealed = await gateway.rows('customers')
  expect(await wrappers()).toEqual(['ring/1'])
  expect(await ended(place.ucanpay('vault', 'rotate'))).toMatchObject({ code: 0 })
  expect(await wrappers()).toEqual(['ring/2'])
  expect(await gateway.rows('customers')).toEqual(sealed)
  // One that was left behind holds the version, though nothing in the main database does.
  await gateway.sql(`update key_store.customer_keys set wrapped_by = 'ring/1'`)
  expect(await ended(place.ucanpay('vault', 'retire', '1'))).toMatchObject({ code: 1 })
  await gateway.sql(`update key_store.customer_keys set wrapped_by = 'ring/2'`)
  expect(await ended(place.ucanpay('vault', 'retire', '1'))).toMatchObject({ code: 0 })
  const beside = await startGateway(besideOf(gateway))
  expect((await beside.get(`/users/${String(userId)}`)).data).toMatchObject({ email })
})

test('a data key that has sealed enough is retired, by two processes at once, and what it sealed still opens', async () => {
  const place = await withRingFile()
  const { gateway } = place
  await sealCards(gateway, 3)
  const keys = (): Promise<{ seals: number; retired: boolean }[]> =>
    gateway.sql(
      `select seals, retired_at is not null as retired from data_keys where purpose = 'cards' order by created_at`,
    )
  await gateway.sql(`update data_keys set seals = ${2 ** 24 - 9_999} where purpose = 'cards'`)
  const others = await Promise.all([startGateway(besideOf(gateway)), startGateway(besideOf(gateway))])
  await Promise.all(others.map((other) => sealCards(other, 8)))
  expect(await keys()).toEqual([
    { seals: 2 ** 24 - 9_999, retired: true },
    { seals: 20_000, retired: false },
  ])
  expect(await openAll(place)).toBe(19)
})

test('a version that wraps nothing but the key of a customer is not taken out', async () => {
  const place = await withRingFile()
  const { gateway } = place
  const { userId } = (await gateway.post('/users', { name: 'Ada' })).data
  const [before] = await gateway.sql<{ wrapped_key: Buffer }>('select wrapped_key from key_store.customer_keys')
  expect(await ended(place.ucanpay('vault', 'rotate'))).toMatchObject({ code: 0 })
  await gateway.sql(`update key_store.customer_keys set wrapped_by = 'ring/1', wrapped_key = $1`, [before?.wrapped_key])
  const refused = await ended(place.ucanpay('vault', 'retire', '1'))
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('still wraps 1 keys') as string })
  expect((await gateway.get(`/users/${String(userId)}`)).data).toMatchObject({ name: 'Ada' })
})

test('nothing is taken out of the ring while a rotation stands half-way', async () => {
  const place = await withRingFile()
  await place.gateway.sql(`insert into key_rotations (rotation_id, started_at) values ('rot_1', now())`)
  const refused = await ended(place.ucanpay('vault', 'retire', '1'))
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('half-way') as string })
})

test('a rotation that was cut off before it began does not make a second new version', async () => {
  const place = await withRingFile()
  writeFileSync(place.ringFile, addRingVersion(readFileSync(place.ringFile, 'utf8')).text)
  expect(await ended(place.ucanpay('vault', 'rotate'))).toMatchObject({ code: 0 })
  expect((JSON.parse(readFileSync(place.ringFile, 'utf8')) as { active: number }).active).toBe(2)
})

test('a wrapped key that somebody damaged is named, and does not hold the others up', async () => {
  const place = await withRingFile()
  const { gateway } = place
  await sealCards(gateway, 3)
  const other = await gateway.addMerchant()
  await gateway.sql(
    `update data_keys k set wrapped_key = o.wrapped_key from data_keys o
     where k.merchant_id = $1 and k.purpose = 'secrets' and o.merchant_id = $2 and o.purpose = 'secrets'`,
    [gateway.merchant.merchantId, other.merchantId],
  )
  const { code, output } = await ended(place.ucanpay('vault', 'rotate'))
  expect(code).toBe(1)
  expect(output).toMatch(/does not open, and was left as it is: data_keys dky_/)
  expect(output).toMatch(/does not open, and was left as it is: notification_secrets whs_/)
  expect(await gateway.rows(`data_keys where wrapped_by = 'ring/1'`)).toHaveLength(1)
})

test('a version that still wraps keys is not taken out', async () => {
  const place = await withRingFile()
  expect(await ended(place.ucanpay('vault', 'retire', '1'))).toMatchObject({ code: 1 })
  const status = await ended(place.ucanpay('vault', 'status'))
  expect(status.output).toContain('ring/1')
})

test('a value that somebody damaged is named, and does not hold the others up', async () => {
  const place = await withRingFile()
  const { gateway } = place
  await sealCards(gateway, 5)
  const [damaged] = await gateway.sql<{ card_token: string }>(
    `update cards set sealed_card = sealed_card || '\\x00' where card_token = (select min(card_token) from cards) returning card_token`,
  )
  const { code, output } = await ended(place.ucanpay('vault', 'rotate'))
  expect(code).toBe(1)
  expect(output).toContain(`does not open, and was left as it is: cards ${damaged?.card_token ?? 'none'}`)
  expect(
    await gateway.sql(`select 1 from cards c join data_keys k using (merchant_id, key_id) where k.retired_at is null`),
  ).toHaveLength(4)
})

test.each([
  ['another key ring', () => generateKeyRing(), 'not the one that this database was sealed under'],
  ['no key ring', () => '', 'key ring'],
])('%s says so at the start and touches nothing', async (_what, ring, words) => {
  const place = await withRingFile()
  const { gateway, ringFile } = place
  await gateway.paidOrder()
  const before = JSON.stringify([
    await gateway.rows('data_keys'),
    await gateway.rows('installation_keys'),
    await gateway.rows('cards'),
  ])
  writeFileSync(ringFile, ring())
  await expect(compose(gateway.config, gateway.gateway.deps.log)).rejects.toThrow(words)
  expect(
    JSON.stringify([
      await gateway.rows('data_keys'),
      await gateway.rows('installation_keys'),
      await gateway.rows('cards'),
    ]),
  ).toBe(before)
  await gateway.sql('delete from installation_keys')
  writeFileSync(ringFile, generateKeyRing())
  await expect(compose(gateway.config, gateway.gateway.deps.log)).rejects.toThrow('restore the table installation_keys')
})
