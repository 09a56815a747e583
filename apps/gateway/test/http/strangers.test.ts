import { createHash, randomBytes } from 'node:crypto'
import { formatApiKey } from '@ucanpay/wire/api-key'
import { SCOPES } from '@ucanpay/wire/scopes'
import { expect, test } from 'vitest'
import { failureOf, type Answer } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { namingsOf, requestOf, type Naming, type Objects } from '../support/objects.ts'
import { describedOperations, type Operation } from '../support/operations.ts'

/** Names of the right form that are nobody's. */
const NOBODYS: Objects = {
  ucpOrderNo: '17000000000000000001',
  outTradeNo: 'NOBODYS1',
  ucpRefundNo: '17000000000000000002',
  outRefundNo: 'NOBODYR1',
  apiKeyId: 'key_01m87nw0xvy86paka5wyz6amf3',
  userId: 'usr_01m87nw0xvy86paka5wyz6amf3',
  email: 'nobody@example.com',
  reference: 'nobody-1',
  merchantId: 'M1x00000000',
}

/** What differs between two answers anyway. */
const OWN_HEADERS = /^(?:request-id|date|x-ratelimit-.*|x-quota-.*)$/
/** What is written about whoever calls. */
const ABOUT_CALLS = new Set(['error_records', 'api_key_usage', 'rate_windows', 'nonces'])

interface Caller {
  readonly key: string
  readonly merchantId: string
  readonly own: Objects
}

/** An order that is paid and partly given back, a customer and a key. */
async function makeObjects(
  gateway: TestGateway,
  { merchantId, key, mark }: { merchantId: string; key: string; mark: string },
): Promise<Objects> {
  const live = key.includes('_live_')
  const email = `ada-${mark}@example.com`
  const reference = `ref-${mark}`
  const outTradeNo = `ORDER${mark}`
  const outRefundNo = `REFUND${mark}`
  const placed = await gateway.place(
    { outTradeNo, ...(live ? { notifyUrl: 'https://example.com/notify' } : {}) },
    { key },
  )
  expect(placed.msg).toBe('SUCCESS')
  let ucpRefundNo = NOBODYS.ucpRefundNo
  if (!live) {
    await gateway.pay(placed.data['payUrl'])
    const refund = { outTradeNo, outRefundNo, totalAmt: 450, refundAmt: 100, refundDesc: 'cold' }
    const refunded = await gateway.post('/payment/refund', refund, { key })
    expect(refunded.msg).toBe('SUCCESS')
    ucpRefundNo = String(refunded.data['ucpRefundNo'])
  }
  const made = await gateway.post('/users', { email, reference, name: 'Ada' }, { key })
  const { apiKeyId } = await gateway.addKey({ kind: 'sk', mode: live ? 'live' : 'test', scopes: [] }, merchantId)
  const ucpOrderNo = String(placed.data['ucpOrderNo'])
  const userId = String(made.data['userId'])
  return { ucpOrderNo, outTradeNo, ucpRefundNo, outRefundNo, apiKeyId, userId, email, reference, merchantId }
}

/** A gateway without a worker, on which nothing moves but by calls; objects of two merchants, and of both modes of one. */
async function setUp(): Promise<{
  gateway: TestGateway
  owner: Objects
  ownerLive: Objects
  callers: Record<'a stranger' | 'the live mode' | 'the test mode', Caller>
}> {
  const first = await startGateway()
  await first.sql(`update merchants set signatures_live = 'optional'`)
  const { merchantId, secretKey } = first.merchant
  const stranger = await first.addMerchant()
  const live = await first.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  const owner = await makeObjects(first, { merchantId, key: secretKey, mark: 'A' })
  const ownerLive = await makeObjects(first, { merchantId, key: live.key, mark: 'L' })
  const strangers = await makeObjects(first, { ...stranger, key: stranger.secretKey, mark: 'B' })
  const gateway = await startGateway({ role: 'api', beside: first })
  await first.stop()
  return {
    gateway,
    owner,
    ownerLive,
    callers: {
      'a stranger': { key: stranger.secretKey, merchantId: stranger.merchantId, own: strangers },
      'the live mode': { key: live.key, merchantId, own: ownerLive },
      'the test mode': { key: secretKey, merchantId, own: owner },
    },
  }
}

/** A digest of every table's rows that have the members, but for what is written about calls. */
async function rowsWith(gateway: TestGateway, members: object): Promise<Record<string, string>> {
  const tables = await gateway.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'sandbox_acquirer', 'key_store')`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    if (ABOUT_CALLS.has(name.replace('public.', ''))) continue
    const rows = await gateway.sql<{ row: string }>(
      `select to_jsonb(t)::text as row from ${name} t where to_jsonb(t) @> $1::jsonb order by 1`,
      [JSON.stringify(members)],
    )
    digests[name] = `${rows.length} ${createHash('sha256')
      .update(rows.map(({ row }) => row).join('\n'))
      .digest('hex')}`
  }
  expect(Object.keys(digests).length).toBeGreaterThan(15)
  return digests
}

/** All that a caller can tell two answers apart by; of a success, what does not belong to the new object itself. */
function told(answer: Answer): object {
  const failed = answer.status >= 400
  const headers = Object.entries(answer.headers).filter(
    ([name]) => !OWN_HEADERS.test(name) && (failed || name !== 'content-length'),
  )
  if (failed) return { status: answer.status, headers, said: failureOf(answer) }
  const items = ((answer.data['items'] ?? []) as object[]).map((item) => Object.keys(item))
  return { status: answer.status, headers, msg: answer.msg, members: Object.keys(answer.data), items }
}

async function compare(
  gateway: TestGateway,
  { caller, objects, operation }: { caller: Caller; objects: Objects; operation: Operation },
  naming: Naming,
): Promise<void> {
  const ask = (value: string): Promise<Answer> => {
    const { method, path, body } = requestOf(gateway, { operation, own: caller.own }, { naming, value })
    return gateway.send(method, path, { key: caller.key, ...(body === undefined ? {} : { body }) })
  }
  const what = `${operation.method} ${operation.path}, ${naming.name}`
  const none = await ask(NOBODYS[naming.identifier])
  const theirs = await ask(objects[naming.identifier])
  expect(told(theirs), what).toEqual(told(none))
  for (const value of Object.values(objects)) {
    if (Object.values(caller.own).includes(value) || value === objects[naming.identifier]) continue
    expect(theirs.text, what).not.toContain(value)
  }
}

test('the operations name objects that this test knows', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { operations } = await describedOperations(gateway)
  const known = operations.flatMap((operation) => namingsOf(operation).map((naming) => naming.identifier))
  expect([...new Set(known)].sort()).toEqual(Object.keys(NOBODYS).sort())
  const open = operations.filter(({ scope }) => scope === undefined).map(({ method, path }) => `${method} ${path}`)
  expect(open.sort()).toEqual([
    'GET /.well-known/jwks.json',
    'GET /healthz',
    'GET /openapi.json',
    'GET /readyz',
    'POST /security/leaked-keys',
  ])
})

/** Who asks, and whose objects for. */
const MEETINGS = [
  ['a stranger', 'owner'],
  ['the live mode', 'owner'],
  ['the test mode', 'ownerLive'],
] as const

test('what somebody else has is what nobody has: on every route, by every name', async () => {
  const { gateway, callers, ...owners } = await setUp()
  const { operations } = await describedOperations(gateway)
  // Reading first: whoever places an order under nobody's number has one of that number from then on.
  const inOrder = [...operations].sort((a, b) => Number(b.method === 'GET') - Number(a.method === 'GET'))
  for (const [who, whose] of MEETINGS) {
    const caller = callers[who]
    const objects = owners[whose]
    const theirRows = { merchant_id: objects.merchantId, mode: whose === 'owner' ? 'test' : 'live' }
    const before = await rowsWith(gateway, theirRows)
    let compared = 0
    for (const operation of inOrder.filter(({ scope }) => scope !== undefined)) {
      for (const naming of namingsOf(operation)) {
        const ownName = naming.identifier === 'merchantId' && objects.merchantId === caller.merchantId
        if (ownName) continue // One merchant has one number in both modes.
        await compare(gateway, { caller, objects, operation }, naming)
        compared++
      }
    }
    expect(compared).toBeGreaterThan(25)
    expect(await rowsWith(gateway, theirRows), who).toEqual(before)
  }
})

/** A failure's members, all of them (contract §5); `detail` is for who has shown a good key. */
const FAILURE_MEMBERS = ['code', 'error', 'message', 'msg', 'requestId', 'status', 'timestamp']

/** A way to call that opens nothing: what it is refused with, and how a request is made so. */
interface WrongCredential {
  readonly what: string
  readonly status: 401 | 403
  readonly key: string | null
  readonly headers?: Record<string, string>
  readonly query?: string
}

async function wrongCredentials(gateway: TestGateway, { scope }: Operation): Promise<WrongCredential[]> {
  const sk = { kind: 'sk', mode: 'test', scopes: [] } as const
  const but = SCOPES.filter((one) => one !== scope)
  const [revoked, expired, shown, publishable, restricted] = await Promise.all([
    gateway.addKey(sk),
    gateway.addKey(sk),
    gateway.addKey(sk),
    gateway.addKey({ kind: 'pk', mode: 'test', scopes: [...SCOPES] }),
    gateway.addKey({ kind: 'rk', mode: 'test', scopes: but }),
  ])
  await gateway.sql(`update api_keys set revoked_at = now() where api_key_id = $1`, [revoked.apiKeyId])
  await gateway.sql(`update api_keys set expires_at = now() where api_key_id = $1`, [expired.apiKeyId])
  const { secretKey } = gateway.merchant
  return [
    { what: 'no key', status: 401, key: null },
    { what: 'an empty one', status: 401, key: '' },
    { what: 'an unknown one', status: 401, key: formatApiKey({ kind: 'sk', mode: 'test' }, randomBytes(64)) },
    { what: 'a revoked one', status: 401, key: revoked.key },
    { what: 'an expired one', status: 401, key: expired.key },
    { what: 'a publishable one', status: 403, key: publishable.key },
    { what: 'one with every scope but that', status: 403, key: restricted.key },
    { what: 'one from a page', status: 403, key: secretKey, headers: { origin: 'https://shop.example' } },
    { what: 'one from a script', status: 403, key: secretKey, headers: { 'sec-fetch-mode': 'cors' } },
    { what: 'one in the address', status: 401, key: null, query: `key=${shown.key}` },
    { what: 'one in the address, beside a good one', status: 401, key: secretKey, query: `key=${shown.key}` },
    { what: 'a cookie', status: 401, key: null, headers: { cookie: `authorization=${secretKey}` } },
    { what: 'a header of another name', status: 401, key: null, headers: { 'x-api-key': secretKey } },
  ]
}

test('without the right key every route gives the one refusal, and does nothing', async () => {
  const gateway = await startGateway({ role: 'api' })
  const own = await makeUnpaid(gateway)
  const { operations } = await describedOperations(gateway)
  for (const operation of operations.filter(({ scope }) => scope !== undefined)) {
    const wrong = await wrongCredentials(gateway, operation)
    const { method, path, body } = requestOf(gateway, { operation, own })
    const before = await rowsWith(gateway, {})
    for (const { what, status, key, headers = {}, query } of wrong) {
      const address = query === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
      const reply = await gateway.send(method, address, { key, headers, ...(body === undefined ? {} : { body }) })
      const said = `${method} ${operation.path}, ${what}`
      expect([said, reply.status, reply.msg]).toEqual([said, status, 'NOAUTH'])
      expect(Object.keys(reply.body).sort(), said).toEqual(FAILURE_MEMBERS)
      expect(reply.headers['content-type'], said).toBe('application/json; charset=utf-8')
      expect(reply.headers['www-authenticate'], said).toBe(status === 401 ? 'Bearer' : undefined)
    }
    const after = withoutRevocation(await rowsWith(gateway, {}))
    expect(after, operation.path).toEqual(withoutRevocation(before))
    expect(await gateway.rows(`api_keys where revoked_reason is not null and revoked_reason <> 'key-in-url'`)).toEqual(
      [],
    )
  }
})

/** A key that was shown is revoked, and its merchant is told: that alone may happen. */
function withoutRevocation(rows: Record<string, string>): object {
  const tables = ['public.alerts', 'public.api_keys', 'public.audit_log', 'public.audit_unsealed']
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !tables.includes(table)))
}

async function makeUnpaid(gateway: TestGateway): Promise<Objects> {
  const { data } = await gateway.place({ outTradeNo: 'OWN' })
  const { data: user } = await gateway.post('/users', { name: 'Ada' })
  const { apiKeyId } = gateway.merchant
  return {
    ...NOBODYS,
    apiKeyId,
    outTradeNo: 'OWN',
    ucpOrderNo: String(data['ucpOrderNo']),
    userId: String(user['userId']),
  }
}
