import { expect, test } from 'vitest'
import { tally } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const ADA = {
  email: 'Ada.Lovelace@example.com',
  name: 'Augusta Ada King',
  phone: '+442071234567',
  address: '12 St James Square, London',
  reference: 'cust-7',
  language: 'en',
}
const PERSONAL = [ADA.email, ADA.name, ADA.phone, ADA.address]

const create = (gateway: TestGateway, body: object = ADA, headers = {}) => gateway.post('/users', body, { headers })
const userOf = async (gateway: TestGateway, body: object = ADA): Promise<string> =>
  String((await create(gateway, body)).data['userId'])

/** Every value of every table, also as hex and as what base64 would make of it. */
async function everything(gateway: TestGateway): Promise<string> {
  const columns = await gateway.sql<{ table: string; column: string }>(
    `select format('%I.%I', table_schema, table_name) as table, column_name as column from information_schema.columns
     where table_schema in ('public', 'key_store')`,
  )
  const parts: string[] = []
  for (const { table, column } of columns) {
    const rows = await gateway.sql<{ value: string | null }>(
      `select case when pg_typeof("${column}") = 'bytea'::regtype then encode("${column}"::text::bytea, 'escape') else "${column}"::text end as value from ${table}`,
    )
    parts.push(...rows.map(({ value }) => value ?? ''))
  }
  return parts.join('\n')
}

function expectNothingOfAda(text: string): void {
  for (const value of PERSONAL) {
    const bytes = Buffer.from(value)
    for (const form of [
      value,
      bytes.toString('hex'),
      bytes.toString('base64').replace(/=+$/, ''),
      encodeURIComponent(value),
    ]) {
      expect(text.toLowerCase()).not.toContain(form.toLowerCase())
    }
  }
}

test('a customer is made, read, found, changed and listed; what is stored shows nothing of them', async () => {
  const gateway = await startGateway({ role: 'api' })
  const made = await create(gateway)
  expect(made).toMatchObject({ status: 200, data: ADA })
  const userId = String(made.data['userId'])
  expect((await gateway.get(`/users/${userId}`)).data).toMatchObject(ADA)
  const found = await gateway.get(`/users?email=${encodeURIComponent(' ada.lovelace@EXAMPLE.com')}`)
  expect(found.data).toMatchObject({ items: [{ userId }], hasMore: false })
  expect((await gateway.get('/users?email=eve@example.com')).data['items']).toEqual([])
  const changed = await gateway.send('PUT', `/users/${userId}`, { body: JSON.stringify({ name: 'Ada', phone: '' }) })
  expect(changed.data).toMatchObject({ name: 'Ada', email: ADA.email })
  expect(changed.data).not.toHaveProperty('phone')
  expect((await gateway.get(`/users/${userId}`)).data).toMatchObject({ name: 'Ada', address: ADA.address })
  await userOf(gateway, { email: 'grace@example.com' })
  const first = await gateway.get('/users?limit=1')
  expect(first.data['hasMore']).toBe(true)
  const [{ userId: last } = { userId: '' }] = first.data['items'] as { userId: string }[]
  expect((await gateway.get(`/users?startingAfter=${last}`)).data).toMatchObject({
    items: [{ userId }],
    hasMore: false,
  })
  expectNothingOfAda(`${await everything(gateway)}\n${gateway.log.join('\n')}`)
})

test.each([
  [{ email: 'no address' }],
  [{ phone: '0207' }],
  [{ name: 'x'.repeat(65) }],
  [{ name: 'a\nb' }],
  [{ language: 'english' }],
  [{ reference: 'a b' }],
  [{ userId: 'usr_mine' }],
  [{ name: 7 }],
])('%o is refused', async (body) => {
  const gateway = await startGateway({ role: 'api' })
  expect(await create(gateway, body)).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  expect(await gateway.rows('customers')).toEqual([])
})

test('a stranger finds nobody, and neither does the other mode or a key without the scope', async () => {
  const gateway = await startGateway({ role: 'api' })
  const userId = await userOf(gateway)
  const stranger = await gateway.addMerchant()
  await gateway.sql(`update merchants set signatures_live = 'optional'`)
  const live = await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  for (const key of [stranger.secretKey, live.key]) {
    const replies = [
      await gateway.get(`/users/${userId}`, { key }),
      await gateway.send('PUT', `/users/${userId}`, { key, body: '{"name":"Eve"}' }),
      await gateway.send('DELETE', `/users/${userId}`, { key }),
      await gateway.get(`/users?startingAfter=${userId}`, { key }),
    ]
    expect(tally(replies)).toEqual({ NOT_FOUND: 4 })
    expect((await gateway.get(`/users?email=${ADA.email}`, { key })).data['items']).toEqual([])
  }
  const reader = await gateway.addKey({ kind: 'rk', mode: 'test', scopes: ['customers:read'] })
  expect((await gateway.get(`/users/${userId}`, { key: reader.key })).status).toBe(200)
  expect((await gateway.send('DELETE', `/users/${userId}`, { key: reader.key })).status).toBe(403)
  expect((await gateway.post('/users', ADA, { key: reader.key })).status).toBe(403)
  expect((await gateway.get(`/users/${userId}`)).data).toMatchObject(ADA)
})

test('ten at once under one Idempotency-Key make one customer, and other values are refused', async () => {
  const gateway = await startGateway({ role: 'api' })
  const headers = { 'idempotency-key': 'once-1' }
  const replies = await Promise.all(Array.from({ length: 10 }, () => create(gateway, ADA, headers)))
  expect(new Set(replies.map(({ data }) => data['userId'])).size).toBe(1)
  expect(await gateway.rows('customers')).toHaveLength(1)
  expect(await gateway.rows('key_store.customer_keys')).toHaveLength(1)
  expect(await create(gateway, { ...ADA, name: 'Eve' }, headers)).toMatchObject({
    status: 409,
    msg: 'OUT_TRADE_NO_USED',
  })
  expect(await create(gateway, ADA)).toMatchObject({ status: 409 }) // The reference is taken.
  expect(await create(gateway, {}, { 'idempotency-key': 'a b' })).toMatchObject({ status: 400 })
  gateway.moveClock(25 * 3_600_000)
  expect((await create(gateway, { name: 'Eve' }, headers)).data['name']).toBe('Eve')
})

test('an erased customer is gone, here and in a backup, and erasing again says the same', async () => {
  const gateway = await startGateway({ role: 'api' })
  const userId = await userOf(gateway)
  await gateway.sql('create table backup as select * from customers')
  const erased = await gateway.send('DELETE', `/users/${userId}`)
  expect(erased).toMatchObject({ status: 200, data: { userId, status: 'erased' } })
  expect((await gateway.send('DELETE', `/users/${userId}`)).data['erasedAt']).toBe(erased.data['erasedAt'])
  expect((await gateway.get(`/users/${userId}`)).msg).toBe('NOT_FOUND')
  expect((await gateway.get(`/users?email=${ADA.email}`)).data['items']).toEqual([])
  expect(await gateway.rows('key_store.customer_keys')).toEqual([])
  expect(await gateway.rows('customers')).toMatchObject([
    { sealed_email: null, email_index: null, reference: null, key_id: null },
  ])
  await gateway.sql(
    'update customers c set (key_id, sealed_email, sealed_name, sealed_phone, sealed_address, email_index, erased_at) = (select key_id, sealed_email, sealed_name, sealed_phone, sealed_address, email_index, erased_at from backup)',
  )
  expect((await gateway.get(`/users/${userId}`)).msg).toBe('NOT_FOUND') // The backup brings the row back, and not the person.
  expect(await gateway.rows(`audit_log where action = 'customer.erased'`)).toMatchObject([
    { target: userId, after: null },
  ])
})

test('an erasure that was cut off after its first step is finished by the second try', async () => {
  const gateway = await startGateway({ role: 'api' })
  const userId = await userOf(gateway)
  await gateway.sql('delete from key_store.customer_keys')
  expect((await gateway.get(`/users/${userId}`)).msg).toBe('NOT_FOUND')
  expect((await gateway.send('PUT', `/users/${userId}`, { body: '{"name":"Eve"}' })).msg).toBe('NOT_FOUND')
  expect((await gateway.send('DELETE', `/users/${userId}`)).status).toBe(200)
  expect(await gateway.rows('customers')).toMatchObject([{ sealed_name: null }])
})

test.each([
  [
    'between two customers',
    `update customers a set sealed_name = b.sealed_name from customers b where a.user_id <> b.user_id`,
  ],
  ['between two columns', `update customers set sealed_name = sealed_address`],
  ['with a key', `update customers a set key_id = b.key_id from customers b where a.user_id <> b.user_id`],
  ['cut short', `update customers set sealed_name = substring(sealed_name for 40)`],
])('ciphertexts swapped %s show nothing of anybody', async (_how, statement) => {
  const gateway = await startGateway({ role: 'api' })
  const users = [await userOf(gateway), await userOf(gateway, { ...ADA, name: 'Grace Hopper', reference: 'cust-8' })]
  await gateway.sql(statement)
  for (const userId of users) {
    const reply = await gateway.get(`/users/${userId}`)
    expect([404, 500]).toContain(reply.status)
    expectNothingOfAda(reply.text)
    expect(reply.text).not.toContain('Grace')
  }
})

test('an index that was put beside another address finds nobody else', async () => {
  const gateway = await startGateway({ role: 'api' })
  await userOf(gateway)
  await userOf(gateway, { email: 'grace@example.com', name: 'Grace Hopper' })
  await gateway.sql('update customers a set email_index = b.email_index from customers b where a.user_id <> b.user_id')
  const reply = await gateway.get(`/users?email=${ADA.email}`)
  expect(reply.msg).toBe('SYSTEMERROR')
  expect(reply.text).not.toContain('Grace')
  await expect.poll(() => gateway.rows(`error_records where msg = 'SYSTEMERROR'`)).toHaveLength(1)
})

test('what is kept for repeats does not tell that two merchants have one customer', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { secretKey } = await gateway.addMerchant()
  const headers = { 'idempotency-key': 'k1' }
  await create(gateway, ADA, headers)
  await gateway.post('/users', ADA, { headers, key: secretKey })
  const hashes = (await gateway.rows<{ request_hash: Buffer }>('idempotency_keys')).map((row) =>
    row.request_hash.toString('hex'),
  )
  expect(new Set(hashes).size).toBe(2)
})
