import { expect, test } from 'vitest'
import { barrels } from './barrels.mjs'
import { clocksInTheDomain, environmentReads, outgoingRequests } from './boundaries.mjs'
import { namesThatSayNothing } from './file-names.mjs'
import { leftOutTests } from './left-out-tests.mjs'
import { fetchedFrom, homePaths, looseVersions, registryHosts } from './packages.mjs'
import { editedMigrations, hash } from './released-migrations.mjs'
import { routesWithoutAccess } from './routes.mjs'

/** The lines that a rule objects to in one file. */
function linesFound(rule, path, text) {
  return rule([{ path, text }]).map(({ line }) => line)
}

test.each([
  'apps/gateway/src/utils/money.ts',
  'apps/gateway/src/domain/helpers.ts',
  'apps/gateway/src/domain/order-service.ts',
  'packages/wire/src/common/index.ts',
  'apps/cli/src/Manager.ts',
  'test/support/test-util.ts',
])('%s says nothing', (path) => {
  expect(namesThatSayNothing([{ path, text: '' }])).toHaveLength(1)
})

test.each([
  'apps/gateway/src/domain/orders/create-order.ts',
  'apps/gateway/src/http/serviceable.ts',
  'docs/commons-law.md',
])('%s says something', (path) => {
  const found = namesThatSayNothing([{ path, text: '' }])
  expect(found).toHaveLength(path.startsWith('docs') ? 1 : 0) // "commons" is on the list, as a word of its own.
})

const ENVIRONMENT = [
  `const a = process.env.PORT`,
  `const b = process.env['PORT']`,
  `const c = process['env']`,
  `const { env } = process`,
  `const { env: settings } = process`,
  `import { env } from 'node:process'`,
  `// process.env in a comment`,
  `const d = 'process.env in a text'`,
  `const e = other.env`,
].join('\n')

test('the environment is read in config.ts alone', () => {
  expect(linesFound(environmentReads, 'apps/gateway/src/domain/money.ts', ENVIRONMENT)).toEqual([1, 2, 3, 4, 5, 6])
  expect(linesFound(environmentReads, 'apps/gateway/src/http/config.ts', ENVIRONMENT)).toHaveLength(6)
  expect(linesFound(environmentReads, 'packages/wire/src/config.ts', ENVIRONMENT)).toHaveLength(6)
})

test.each([
  'apps/gateway/src/config.ts',
  'apps/cli/src/config.ts',
  'examples/shop/src/config.ts',
  'scripts/start.mjs',
  'packages/sdk/scripts/build.mjs',
  'vitest.config.ts',
  'apps/gateway/test/support/gateway.ts',
  'apps/gateway/src/database/pool.test.ts',
  'docs/guide.md',
])('%s may read the environment', (path) => {
  expect(linesFound(environmentReads, path, ENVIRONMENT)).toEqual([])
})

const REQUESTS = [
  `await fetch('https://a.example')`,
  `await globalThis.fetch('https://a.example')`,
  `import { request } from 'undici'`,
  `import { request as ask } from 'node:https'`,
  `import { get } from 'http'`,
  `import * as https from 'node:https'`,
  `import https from 'https'`,
  `const { request: later } = await import('node:https')`,
  `const http = require('node:http')`,
  `export { get as fetchIt } from 'node:https'`,
  `import { connect } from 'node:http2'`,
  `new WebSocket('wss://a.example')`,
  `import { createServer, type IncomingMessage } from 'node:https'`,
  `import type { Agent } from 'undici'`,
  `import { type Agent as Other } from 'undici'`,
  `cache.fetch('key')`,
  `// fetch('https://a.example')`,
].join('\n')

test('requests go out through outbound alone', () => {
  const found = linesFound(outgoingRequests, 'apps/gateway/src/domain/orders/ask.ts', REQUESTS)
  expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(linesFound(outgoingRequests, 'apps/cli/src/listen.ts', REQUESTS)).toHaveLength(12)
  expect(linesFound(outgoingRequests, 'packages/wire/src/ask.ts', REQUESTS)).toHaveLength(12)
})

test.each([
  'apps/gateway/src/outbound/outbound.ts',
  'packages/sdk/src/transport.ts',
  'apps/checkout/src/features/order/order.ts',
  'examples/shop/public/watch.js',
  'apps/gateway/test/support/client.ts',
])('%s may send requests', (path) => {
  expect(linesFound(outgoingRequests, path, REQUESTS)).toEqual([])
})

const CLOCKS = [
  `Date.now()`,
  `new Date()`,
  `new Date`,
  `performance.now()`,
  `process.hrtime.bigint()`,
  `Date()`,
  `new Date(order.createdAt)`,
  `clock.now()`,
  `// Date.now()`,
].join('\n')

test('the domain does not look at the clock; the rest may', () => {
  expect(linesFound(clocksInTheDomain, 'apps/gateway/src/domain/orders/order.ts', CLOCKS)).toEqual([1, 2, 3, 4, 5, 6])
  expect(linesFound(clocksInTheDomain, 'apps/gateway/src/domain/orders/order.test.ts', CLOCKS)).toEqual([])
  expect(linesFound(clocksInTheDomain, 'apps/gateway/src/compose.ts', CLOCKS)).toEqual([])
})

const ROUTES = [
  `app.get('/a', () => 'a')`,
  `app.post('/b', { schema: {} }, handler)`,
  `app.put('/c', { config: { scope: 'x' } }, handler)`,
  `app.delete('/d', options, handler)`,
  `app.route({ method: 'GET', url: '/e', handler })`,
  `app.all(url, { config }, handler)`,
  `app.get('/f', { config: { access: 'public' } }, handler)`,
  `app.patch('/g', { schema: {}, config: { access, scope: 'x' } }, handler)`,
  `app.route({ url: '/h', config: { access: 'public' }, handler })`,
  `map.get('/i')`,
  `app.addHook('onRoute', check)`,
].join('\n')

test('a route says who may call it, in the call itself', () => {
  expect(linesFound(routesWithoutAccess, 'apps/gateway/src/http/payment/refund.ts', ROUTES)).toEqual([1, 2, 3, 4, 5, 6])
  expect(linesFound(routesWithoutAccess, 'apps/gateway/src/roles/api.ts', ROUTES)).toHaveLength(6)
  expect(linesFound(routesWithoutAccess, 'examples/shop/src/server.ts', ROUTES)).toEqual([])
})

test.each([
  [`export * from './a.ts'\nexport { b } from './b.ts'`, [1]],
  [`import { a } from './a.ts'\nexport { a }`, [1]],
  [`import a from './a.ts'\nimport * as b from './b.ts'\nexport { a, b as c }`, [1]],
  [`export type { A } from './a.ts'`, [1]],
  [`import './start.ts'`, []],
  [`import { a } from './a.ts'\nexport const b = a + 1`, []],
  [`const a = 1\nexport { a }`, []],
  [``, []],
])('barrels: %j', (text, lines) => {
  expect(linesFound(barrels, 'apps/gateway/src/domain/orders/index.ts', text)).toEqual(lines)
  expect(linesFound(barrels, 'apps/gateway/src/domain/orders/all.ts', text)).toEqual(lines)
  expect(linesFound(barrels, 'packages/sdk/src/index.ts', text)).toEqual([]) // A package's own entry.
})

test('no test is left out', () => {
  const text = [
    `test.only('a', run)`,
    `it.skip('b', run)`,
    `describe.skip('c', run)`,
    `test.concurrent.only('d', run)`,
    `test.only.each([])('e', run)`,
    `test.todo('f')`,
    `xit('g', run)`,
    `test.skipIf(isRoot)('h', run)`,
    `page.skip()`,
    `// test.only`,
  ].join('\n')

  expect(linesFound(leftOutTests, 'apps/gateway/test/payment/refund.test.ts', text)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(linesFound(leftOutTests, 'apps/gateway/src/main.ts', text)).toEqual([])
})

const FIRST = { path: 'apps/gateway/migrations/0001_first.sql', text: 'create table a ();\n' }
const SECOND = { path: 'apps/gateway/migrations/0002_second.sql', text: 'create table b ();\n' }
const released = (list) => ({ path: 'apps/gateway/migrations/released.json', text: JSON.stringify(list) })

test('a migration may change until it is released, and never after', () => {
  const edited = { ...FIRST, text: 'create table c ();\n' }
  const list = released({ '0001_first.sql': hash(FIRST.text) })

  expect(editedMigrations([released({}), edited, SECOND])).toEqual([])
  expect(editedMigrations([list, FIRST, SECOND])).toEqual([])
  expect(editedMigrations([list, { ...FIRST, text: FIRST.text.replaceAll('\n', '\r\n') }])).toEqual([])
  expect(editedMigrations([list, edited, SECOND])).toMatchObject([
    { file: FIRST.path, what: 'a released migration was edited' },
  ])
  expect(editedMigrations([list, SECOND])).toMatchObject([{ file: FIRST.path, what: 'a released migration is gone' }])
})

test('a new migration comes after the released ones, and their list is there', () => {
  const list = released({ '0002_second.sql': hash(SECOND.text) })

  expect(editedMigrations([list, FIRST, SECOND])).toMatchObject([{ file: FIRST.path }])
  expect(editedMigrations([FIRST])).toMatchObject([{ what: 'the list of released migrations is missing' }])
})

test.each(['^1.2.3', '~1.2.3', '1.2', '1.x', '*', 'latest', '>=1.0.0', 'github:a/b', 'file:../a', 'workspace:*', ''])(
  'the version "%s" is not pinned',
  (version) => {
    const text = JSON.stringify({ name: 'x', devDependencies: { a: '1.0.0', b: version } }, null, 2)
    expect(linesFound(looseVersions, 'apps/cli/package.json', text)).toEqual([5])
    expect(linesFound(looseVersions, 'tsconfig.json', text)).toEqual([])
  },
)

test.each(['1.2.3', '18.4.0-beta.17'])('the version "%s" is pinned', (version) => {
  expect(linesFound(looseVersions, 'package.json', JSON.stringify({ dependencies: { a: version } }))).toEqual([])
})

test('the lock file does not say where packages were fetched from', () => {
  const text = ['"a": {', '  "resolved": "https://r.example/a.tgz",', '  "resolved": "packages/wire",', '}'].join('\n')

  expect(linesFound(fetchedFrom, 'package-lock.json', text)).toEqual([2])
})

test('no registry is named anywhere', () => {
  const host = ['registry', 'npmjs', 'org'].join('.')

  expect(linesFound(registryHosts, 'docs/install.md', `first\nfrom https://${host}/\n`)).toEqual([2])
  expect(linesFound(registryHosts, '.npmrc', `registry=https://${host}/`)).toEqual([1])
  expect(linesFound(registryHosts, 'docs/install.md', 'the registry of npm')).toEqual([])
})

test('no path of one machine is written down', () => {
  const path = (...parts) => `/${parts.join('/')}`
  const text = [
    `const file = '${path('root', 'key.pem')}'`,
    `see ${path('home', 'alice', 'notes')}`,
    `"${path('work', 'main')}"`,
    `https://a.example${path('home', 'page')}`,
    `./src${path('work', 'item.ts')}`,
    'a word / root',
  ].join('\n')

  expect(linesFound(homePaths, 'docs/guide.md', text)).toEqual([1, 2, 3])
})
