import { seal } from '@ucanpay/vault/envelope'
import { ringSource } from '@ucanpay/vault/key-sources/ring-source'
import { expect, test } from 'vitest'
import { createDataKeys } from '../../src/domain/sealing/data-keys.ts'
import { SEALED_COLUMN_NAMES, SEALED_COLUMNS, type SealedTable } from '../../src/domain/sealing/sealed-columns.ts'
import { countLeft, replaceSome, resealSome } from '../../src/domain/sealing/rotate-keys.ts'
import { CARD } from '../support/client.ts'
import { keyRing, operator, startGateway, type TestGateway, type TestMerchant } from '../support/gateway.ts'

/** Two merchants, each with two of everything that is sealed, in test and in live mode. */
async function withSealed(): Promise<{ gateway: TestGateway; other: TestMerchant }> {
  const gateway = await startGateway({ role: 'api' })
  const other = await gateway.addMerchant()
  await gateway.sql(`update merchants set signatures_live = 'optional'`)
  gateway.gateway.deps.listening.accounts.clear()
  for (const { merchantId } of [gateway.merchant, other]) {
    for (const mode of ['test', 'live'] as const) {
      const { key } = await gateway.addKey({ kind: 'sk', mode, scopes: [], expiresInDays: 30 }, merchantId)
      for (const name of ['Ada', 'Grace'])
        await gateway.post(
          '/users',
          {
            name: `${name} ${merchantId} ${mode}`,
            email: `${name}@example.com`,
            phone: '+442071234567',
            address: 'London',
          },
          { key },
        )
      const { secrets, db } = gateway.gateway.deps
      for (let count = 0; count < 2; count++) {
        const { secretId, keyId, sealed } = await secrets.mint(operator(merchantId, mode))
        await db.query(
          `insert into notification_secrets (merchant_id, mode, secret_id, key_id, sealed_secret, created_at) values ($1, $2, $3, $4, $5, now())`,
          [merchantId, mode, secretId, keyId, sealed],
        )
      }
    }
  }
  for (const { merchantId } of [gateway.merchant, other]) await sealMembers(gateway, merchantId)
  return { gateway, other }
}

/** Five members and five authenticator apps, which belong to a merchant in both modes. */
async function sealMembers({ gateway }: TestGateway, merchantId: string): Promise<void> {
  const { memberVault, db } = gateway.deps
  const caller = operator(merchantId, 'live')
  for (let count = 0; count < 5; count++) {
    const [memberId, factorId, email] = [
      `mem_${merchantId}_${count}`,
      `fac_${merchantId}_${count}`,
      `m${count}.${merchantId}@example.com`,
    ]
    const profile = await memberVault.sealProfile(caller, memberId, { email, name: `Member ${count}` })
    await db.query(
      `insert into members (merchant_id, member_id, email_index, key_id, sealed_member, role, created_at) values ($1, $2, $3, $4, $5, 'owner', now())`,
      [merchantId, memberId, await memberVault.indexOf(email), profile.keyId, profile.sealed],
    )
    const secret = await memberVault.sealSecret(caller, factorId, 'JBSWY3DPEHPK3PXP')
    await db.query(
      `insert into totp_factors (merchant_id, factor_id, member_id, name, key_id, sealed_secret, created_at) values ($1, $2, $3, 'app', $4, $5, now())`,
      [merchantId, factorId, memberId, secret.keyId, secret.sealed],
    )
  }
}

/** What is done to one value, `a`, with another at hand, `b`, or with none. */
const DAMAGES: readonly [string, string][] = [
  ['its last byte flipped', 'set_byte(a, length(a) - 1, get_byte(a, length(a) - 1) # 1)'],
  ['a byte of its text flipped', 'set_byte(a, 46, get_byte(a, 46) # 1)'],
  ['its nonce flipped', 'set_byte(a, 1, get_byte(a, 1) # 1)'],
  ['its commitment flipped', 'set_byte(a, 20, get_byte(a, 20) # 1)'],
  ['another version', 'set_byte(a, 0, 2)'],
  ['its tag cut short', 'substring(a for length(a) - 1)'],
  ['its tag alone', 'substring(a for 61)'],
  ['a byte more', `a || '\\x00'::bytea`],
  ['a byte before it', `'\\x01'::bytea || a`],
  ['nothing', `''::bytea`],
]

/** Which other row the value of a row comes from. */
const SOURCES: readonly [string, string][] = [
  ['another row', 'o.merchant_id = t.merchant_id and o.mode = t.mode and o.$id <> t.$id'],
  ['the other mode', 'o.merchant_id = t.merchant_id and o.mode <> t.mode'],
  ['the other merchant', 'o.merchant_id <> t.merchant_id and o.mode = t.mode'],
]

interface Opened {
  readonly merchantId: string
  readonly mode: 'test' | 'live'
  readonly userId: string
}

/** Reads every customer as the merchant that it is of. @returns each answer */
async function readAll(
  gateway: TestGateway,
  keys: ReadonlyMap<string, string>,
): Promise<{ of: Opened; status: number; text: string; msg: unknown }[]> {
  const rows = await gateway.sql<Opened>(`select merchant_id as "merchantId", mode, user_id as "userId" from customers`)
  return Promise.all(
    rows.map(async (of) => {
      const { status, text, msg } = await gateway.get(`/users/${of.userId}`, {
        key: keys.get(`${of.merchantId} ${of.mode}`) ?? null,
      })
      return { of, status, text, msg }
    }),
  )
}

async function keysOf(gateway: TestGateway, other: TestMerchant): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>()
  for (const { merchantId } of [gateway.merchant, other])
    for (const mode of ['test', 'live'] as const)
      keys.set(
        `${merchantId} ${mode}`,
        (await gateway.addKey({ kind: 'sk', mode, scopes: [], expiresInDays: 30 }, merchantId)).key,
      )
  return keys
}

const CUSTOMER_COLUMNS = SEALED_COLUMN_NAMES.filter((name) => name.startsWith('customers.')).map((name) =>
  name.replace('customers.', ''),
)

test('a customer’s value from anywhere else opens nowhere, nor does one that was damaged; each time it is on record', async () => {
  const { gateway, other } = await withSealed()
  const keys = await keysOf(gateway, other)
  const untouched = await readAll(gateway, keys)
  expect(untouched.map(({ status }) => status)).toEqual(Array<number>(8).fill(200))
  await gateway.sql('create table kept as select * from customers')
  const restore = `update customers c set (key_id, sealed_email, sealed_name, sealed_phone, sealed_address) =
    (select key_id, sealed_email, sealed_name, sealed_phone, sealed_address from kept k where k.user_id = c.user_id)`
  const changes: [string, string][] = []
  for (const column of CUSTOMER_COLUMNS) {
    for (const [what, condition] of SOURCES) {
      const from = `from customers o where ${condition.replaceAll('$id', 'user_id')}`
      changes.push([`${column} of ${what}`, `update customers t set ${column} = o.${column} ${from}`])
      changes.push([
        `${column} of ${what} with its key`,
        `update customers t set ${column} = o.${column}, key_id = o.key_id ${from}`,
      ])
    }
    for (const second of CUSTOMER_COLUMNS)
      if (second !== column) changes.push([`${column} from ${second}`, `update customers set ${column} = ${second}`])
    for (const [what, value] of DAMAGES)
      changes.push([`${column}, ${what}`, `update customers set ${column} = ${value.replace(/\ba\b/g, column)}`])
  }
  for (const [what, statement] of changes) {
    await gateway.sql(statement)
    const answers = await readAll(gateway, keys)
    // A key that is another customer's is no key of this one: the customer is as one that was erased.
    const said = what.endsWith('with its key') ? 'NOT_FOUND' : 'SYSTEMERROR'
    expect.soft([what, ...new Set(answers.map(({ msg }) => msg))]).toEqual([what, said])
    for (const { text } of answers) expect(text).not.toMatch(/Ada|Grace|London|4420/)
    await gateway.sql(restore)
  }
  for (const { status } of await readAll(gateway, keys)) expect(status).toBe(200)
  const failures = changes.filter(([what]) => !what.endsWith('with its key')).length * 8
  await expect.poll(() => gateway.rows(`error_records where msg = 'SYSTEMERROR'`)).toHaveLength(failures)
  expect(JSON.stringify(await gateway.rows('error_records'))).not.toMatch(/Ada|Grace|London/)
}, 300_000)

/** Opens every value of a merchant's key, as the rotation does. @returns how many opened, and how many did not */
async function openAll(gateway: TestGateway): Promise<{ opened: number; refused: number }> {
  const { pools } = gateway.gateway.deps
  const source = ringSource(() => keyRing)
  const deps = { db: pools.operator, keyStore: pools.keyStore, source }
  const now = new Date()
  await replaceSome(deps, { rotationId: 'rot', startedAt: now }, now)
  const refused = new Set<string>()
  let opened = 0
  for (let some = await resealSome(deps, now, refused); some > 0; some = await resealSome(deps, now, refused))
    opened += some
  expect((await countLeft(deps)).rows).toBe(refused.size)
  return { opened, refused: refused.size }
}

test.each(Object.keys(SEALED_COLUMNS) as SealedTable[])(
  'a value of %s from anywhere else, or damaged, is refused and named',
  async (table) => {
    const { gateway } = await withSealed()
    const { column, id, modes } = SEALED_COLUMNS[table]
    if (table === 'cards') await sealCards(gateway)
    const single = table === 'payout_details' // A merchant has one row of it in a mode, so there is no other.
    if (single) await sealPayoutDetails(gateway)
    const [{ count } = { count: 0 }] = await gateway.sql<{ count: number }>(`select count(*) as count from ${table}`)
    expect(count).toBeGreaterThan(single ? 3 : 7)
    await gateway.sql(`create table kept as select * from ${table}`)
    const changes: [string, string][] = [
      ...SOURCES.filter(([what]) => (modes || what !== 'the other mode') && !(single && what === 'another row')).map(
        ([what, condition]): [string, string] => [
          what,
          `update ${table} t set ${column} = o.${column}, key_id = t.key_id from ${table} o where ${(modes ? condition : condition.replace(' and o.mode = t.mode', '')).replaceAll('$id', id)}`,
        ],
      ),
      ...DAMAGES.map(([what, value]): [string, string] => [
        what,
        `update ${table} set ${column} = ${value.replace(/\ba\b/g, column)}`,
      ]),
    ]
    for (const [what, statement] of changes) {
      await gateway.sql(statement)
      const { refused } = await openAll(gateway)
      expect.soft([what, refused]).toEqual([what, count])
      await gateway.sql(
        `update ${table} t set ${column} = k.${column}, key_id = k.key_id from kept k where k.${id} = t.${id}`,
      )
    }
    expect((await openAll(gateway)).refused).toBe(0)
  },
  120_000,
)

async function sealPayoutDetails(gateway: TestGateway): Promise<void> {
  const { db, payoutVault } = gateway.gateway.deps
  for (const { merchantId } of await gateway.sql<{ merchantId: string }>(
    `select merchant_id as "merchantId" from merchants`,
  )) {
    for (const mode of ['test', 'live'] as const) {
      const detailsId = `pay_${merchantId}_${mode}`
      const { keyId, sealed } = await payoutVault.seal(operator(merchantId, mode), detailsId, '{"account":"907315268"}')
      await db.query(
        `insert into payout_details (merchant_id, mode, details_id, form, key_id, sealed_details, changed_at, changed_by)
         values ($1, $2, $3, 'CA', $4, $5, now(), 'mem_1')`,
        [merchantId, mode, detailsId, keyId, sealed],
      )
    }
  }
}

async function sealCards(gateway: TestGateway): Promise<void> {
  const { db } = gateway.gateway.deps
  const dataKeys = createDataKeys({ db, source: ringSource(() => keyRing) })
  const merchants = await gateway.sql<{ merchantId: string }>(`select merchant_id as "merchantId" from merchants`)
  let at = 0
  for (const { merchantId } of merchants) {
    for (const mode of ['test', 'live', 'test', 'live'] as const) {
      const row = `card_${++at}`
      const key = await dataKeys.active(operator(merchantId, mode), 'cards')
      await db.query(
        `insert into cards (merchant_id, mode, card_token, key_id, sealed_card, bin, last4, brand, created_at, purge_after)
         values ($1, $2, $3, $4, $5, '424242', '4242', 'visa', now(), now() + interval '1 day')`,
        [
          merchantId,
          mode,
          row,
          key.keyId,
          seal(key, JSON.stringify(CARD), { table: 'cards', column: 'sealed_card', merchantId, row: `${mode}/${row}` }),
        ],
      )
    }
  }
}
