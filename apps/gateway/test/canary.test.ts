import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CANARIES, findCanary, type CanaryKind } from './support/canaries.ts'
import type { Answer } from './support/client.ts'
import { startGateway, type TestGateway } from './support/gateway.ts'
import { signedIn, type Browser } from './support/member.ts'

const KINDS = Object.keys(CANARIES) as CanaryKind[]

/** A route as the gateway describes it. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** Members of its address, its query and its body. */
  readonly params: readonly string[]
  readonly query: readonly string[]
  readonly members: readonly string[]
}

interface Described {
  readonly parameters?: readonly { name: string; in: string }[]
  readonly requestBody?: {
    content: Record<string, { schema: { properties?: object; anyOf?: readonly { properties?: object }[] } }>
  }
}

/** Every route of the API or the dashboard, by its own description, which is the list of its routes. */
async function describedRoutes(gateway: TestGateway, url: string): Promise<Route[]> {
  const { body } = await gateway.get(url, { key: null })
  const paths = body['paths'] as Record<string, Record<string, Described>>
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase() as Route['method'],
      path,
      params: parameters.filter((one) => one.in === 'path').map(({ name }) => name),
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      members: Object.keys(requestBody?.content['application/json']?.schema.properties ?? {}),
    })),
  )
}

/** The buyers' side has no description; a new route there has to be added here, and `countInSources` says so. */
const CHECKOUT_ROUTES: readonly Route[] = [
  ['GET', '/q/{token}', []],
  ['POST', '/checkout-api/codes/{token}/orders', ['totalAmt', 'formToken']],
  ['GET', '/pay/{token}', []],
  ['GET', '/pay/{token}/qr', []],
  ['GET', '/assets/{token}', []],
  ['GET', '/checkout-api/orders/{token}', []],
  ['POST', '/checkout-api/orders/{token}/pay', ['encryptedCard']],
  ['POST', '/checkout-api/orders/{token}/refresh', []],
  ['GET', '/sandbox-bank/challenges/{token}', []],
  ['POST', '/sandbox-bank/challenges/{token}', ['answer']],
].map(([method, path, members]) => ({ method, path, members, params: ['token'], query: [] }) as unknown as Route)

/** How many calls make a route on the buyers' side. */
function countInSources(): number {
  const folders = ['checkout-api', 'sandbox-bank'].map((name) => new URL(`../src/http/${name}/`, import.meta.url))
  const sources = folders.flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8')),
  )
  return sources.join('').match(/\b(?:app|scope)\.(?:get|post|put|delete)\(/g)?.length ?? 0
}

/** What makes each body a good one, so that a canary in one member is not refused for another. */
function goodBody(gateway: TestGateway, path: string): Record<string, unknown> {
  if (path.endsWith('/unifiedorder')) return gateway.order()
  if (path.endsWith('/refund'))
    return { outTradeNo: 'PAID', outRefundNo: 'R', totalAmt: 450, refundAmt: 1, refundDesc: 'x' }
  if (path.endsWith('/refundquery')) return { outRefundNo: 'R' }
  if (path.startsWith('/payment/')) return { outTradeNo: 'PAID' }
  if (path === '/v1/api-keys') return { name: 'Till', kind: 'rk', scopes: 'payments:read' }
  if (path.startsWith('/users')) return { name: 'Ada' }
  if (path.endsWith('/invitations/accept'))
    return { token: 'x'.repeat(43), name: 'Ada', newPassword: 'long enough for all' }
  if (path.endsWith('/sign-in')) return { email: 'a@example.org', password: 'x' }
  if (path.endsWith('/customers/search')) return { email: 'a@example.org' }
  return {}
}

interface Attempt {
  readonly path: string
  readonly body?: string | Buffer | undefined
  readonly headers?: Record<string, string>
}

/** Every place of a route that can hold a value, with a canary in it. */
function attempts(gateway: TestGateway, route: Route, value: string): Attempt[] {
  const encoded = encodeURIComponent(value)
  const plain = route.path.replace('{kind}', 'payments').replace(/\{[^}]+\}/g, 'none')
  const hasBody = route.method === 'POST' || route.method === 'PUT'
  const good = goodBody(gateway, route.path)
  const body = hasBody ? JSON.stringify(good) : undefined
  const json = (members: object): Attempt => ({ path: plain, body: JSON.stringify(members) })
  const headers = Object.fromEntries(
    [
      'user-agent',
      'referer',
      'cookie',
      'x-request-id',
      'x-forwarded-for',
      'accept-language',
      'traceparent',
      'x-own',
    ].map((name) => [name, `a=${encoded}`]),
  )
  return [
    ...route.params.map((name) => ({
      path: route.path.replace(`{${name}}`, encoded).replace(/\{[^}]+\}/g, 'none'),
      body,
    })),
    ...[...route.query, 'other', value].map((name) => ({
      path: `${plain}?${encodeURIComponent(name)}=${encoded}`,
      body,
    })),
    { path: plain, body, headers },
    { path: plain, body, headers: { origin: `https://${encoded}.example` } },
    { path: plain, body, headers: { authorization: `Bearer ${encoded}` } },
    { path: plain, body, headers: { authorization: `Basic ${Buffer.from(`x:${value}`).toString('base64')}` } },
    ...(hasBody
      ? [
          ...route.members.map((name) => json({ ...good, [name]: value })),
          ...route.members.map((name) => json({ ...good, [name]: { [value]: [value] } })),
          json({ ...good, [value]: value }),
          json(Object.fromEntries(route.members.map((name) => [name, value]))),
          { path: plain, body: `{"a":"${value}","a":"${value}"}` },
          { path: plain, body: `{"a":${value}` },
          { path: plain, body: `{"__proto__":{"${value}":1}}` },
          { path: plain, body: `[${JSON.stringify(value)}]` },
          { path: plain, body: Buffer.from(`{"a":"${value}\u00ff"}`, 'latin1') },
          { path: plain, body: `a=${encoded}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          { path: plain, body: value, headers: { 'content-type': `text/${route.method}` } },
        ]
      : []),
  ]
}

/** Sends a canary to every place. @returns the failures that were answered */
async function sendAll(
  gateway: TestGateway,
  { routes, member }: { routes: readonly Route[]; member: Browser },
  kinds: readonly CanaryKind[],
): Promise<Answer[]> {
  const failures: Answer[] = []
  const { dashboardUrl } = gateway.config
  // What the dashboard's own page sends. Of those that would end the session, it is a session of its own that ends.
  const page = {
    cookie: `__Host-ucanpay=${member.cookie ?? ''}`,
    'x-csrf-token': member.csrfToken,
    origin: dashboardUrl,
  }
  for (const route of routes) {
    const ofDashboard = route.path.startsWith('/dashboard-api/')
    const origin = ofDashboard ? dashboardUrl : CHECKOUT_ROUTES.includes(route) ? gateway.checkoutUrl : gateway.apiUrl
    for (const kind of kinds) {
      const answers = await Promise.all(
        attempts(gateway, route, CANARIES[kind]).map(({ path, body, headers = {} }) =>
          gateway.send(route.method, origin + path, {
            ...(body === undefined ? {} : { body }),
            ...(ofDashboard ? { key: null, headers: { ...page, ...headers } } : { headers }),
          }),
        ),
      )
      failures.push(...answers.filter(({ status }) => status >= 400))
    }
  }
  return failures
}

/** Every stored text of a table, but for columns where a merchant's own word may stand. */
async function storedTexts(gateway: TestGateway, allowed: readonly string[]): Promise<string[]> {
  const columns = await gateway.sql<{ table: string; column: string }>(
    `select format('%I.%I', table_schema, table_name) as table, column_name as column from information_schema.columns
     where table_schema in ('public', 'sandbox_acquirer', 'key_store')`,
  )
  expect(columns.length).toBeGreaterThan(150)
  const texts: string[] = []
  for (const { table, column } of columns) {
    if (allowed.includes(`${table.replace('public.', '')}.${column}`)) continue
    const rows = await gateway.sql<{ value: string | null }>(
      `select case when pg_typeof("${column}") = 'bytea'::regtype then encode("${column}"::text::bytea, 'escape')
              else "${column}"::text end as value from ${table}`,
    )
    texts.push(...rows.map(({ value }) => `${table}.${column} ${value ?? ''}`))
  }
  return texts
}

/** Numbers of a merchant's own choice: any sixteen digits may be one, so a card number cannot be told from it. */
const NUMBERS = [
  'orders.out_trade_no',
  'refunds.out_refund_no',
  'notifications.data',
  'customers.reference',
  'idempotency_keys.idempotency_key',
  'nonces.nonce',
]
/** Words of a merchant's own. */
const WORDS = [
  'orders.subject',
  'orders.body',
  'orders.device_no',
  'refunds.refund_desc',
  'api_keys.name',
  'api_key_usage.last_used_agent',
  'orders.notify_url',
  'orders.return_url',
  'notifications.notify_url',
  'audit_log.before',
  'audit_log.after',
  'totp_factors.name',
  'passkeys.name',
  'merchants.name',
  'merchants.security_notify_url',
]

const LOST = ['orders', 'customers', 'refunds', 'api_keys']

async function rename(gateway: TestGateway, from: string, to: string): Promise<void> {
  for (const table of LOST) await gateway.sql(`alter table ${from}${table} rename to ${to}${table}`)
  gateway.gateway.deps.listening.accounts.clear()
}

test('a value in any field, header or address is found in no log, no error record, no failure, and in no table but its own', async () => {
  const gateway = await startGateway({ config: { trustedProxies: ['127.0.0.1'] } })
  const dashboard = await describedRoutes(gateway, `${gateway.config.dashboardUrl}/dashboard-api/openapi.json`)
  // A stream answers for as long as somebody listens; what ends the session ends the test's own.
  const ends = /\/(?:stream|export|sign-out)$/
  const routes = [
    ...(await describedRoutes(gateway, '/openapi.json')),
    ...CHECKOUT_ROUTES,
    ...dashboard.filter(({ path }) => !ends.test(path)),
  ]
  expect(routes.length).toBeGreaterThan(80)
  expect(countInSources()).toBe(9) // One of them makes two routes, one is the bank's style sheet, and assets have a file of their own.
  const member = await signedIn(gateway)
  const { payUrl } = (await gateway.place({ outTradeNo: 'PAID' })).data
  await gateway.pay(payUrl, { number: CANARIES.card, holderName: CANARIES.name })
  const { email, name, phone, text } = CANARIES
  expect((await gateway.post('/users', { email, name, phone, address: text })).status).toBe(200)
  await gateway.receiver.waitFor(1)

  const failures = await sendAll(gateway, { routes, member }, KINDS)
  await rename(gateway, '', 'lost_') // PostgreSQL and all that stands on it have their say.
  failures.push(...(await sendAll(gateway, { routes, member }, ['text', 'name'])))
  await rename(gateway, 'lost_', '')
  expect(failures.length).toBeGreaterThan(2_000)
  expect(failures.filter(({ status }) => status >= 500).length).toBeGreaterThan(100)
  await expect
    .poll(async () => (await gateway.rows('error_records')).length, { timeout: 20_000 })
    .toBeGreaterThan(failures.length / 2)

  const log = gateway.log.join('')
  const records = JSON.stringify(await gateway.rows('error_records'))
  const answers = failures.map(({ text: body, headers }) => `${JSON.stringify(headers)} ${body}`).join('\n')
  for (const kind of KINDS) {
    expect.soft(findCanary(kind, log), 'the log').toEqual([])
    expect.soft(findCanary(kind, records), 'the error records').toEqual([])
    expect.soft(findCanary(kind, answers), 'the failures').toEqual([])
  }
  const numbers = await storedTexts(gateway, NUMBERS)
  for (const kind of ['card', 'key'] as const)
    expect.soft(numbers.flatMap((line) => findCanary(kind, line))).toEqual([])
  const words = (await storedTexts(gateway, [...NUMBERS, ...WORDS])).join('\n')
  for (const kind of ['email', 'phone', 'name'] as const) expect.soft(findCanary(kind, words), 'the tables').toEqual([])
}, 300_000)

test('the search itself finds a value in every form', () => {
  const { email } = CANARIES
  const hidden = [
    email,
    encodeURIComponent(email),
    Buffer.from(email).toString('hex').toUpperCase(),
    ...['', 'x', 'xy', 'xyz'].map((before) => Buffer.from(`${before}${email} and more`).toString('base64')),
    Buffer.from(`?${email}?`).toString('base64url'),
    email.toUpperCase(),
  ]
  for (const text of hidden) expect(findCanary('email', `"message":"${text}"`), text).not.toEqual([])
  expect(findCanary('name', JSON.stringify({ a: CANARIES.name }))).not.toEqual([])
  expect(findCanary('email', 'someone.else@example.org')).toEqual([])
})
