import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { wrongArrows } from './import-arrows.mjs'
import { readTree } from './source-tree.mjs'
import { plantTree } from './test/planted-tree.mjs'
import { unusedExports } from './unused-exports.mjs'

const G = 'apps/gateway/src'
/** One file of each part, to be imported. */
const PARTS = Object.fromEntries(
  [
    'packages/wire/src/names.ts',
    'packages/vault/src/seal.ts',
    'packages/redaction/src/scrub.ts',
    'packages/sdk/src/index.ts',
    'apps/cli/src/main.ts',
    'apps/checkout/src/app/main.tsx',
    'examples/other/src/main.ts',
    `${G}/main.ts`,
    `${G}/compose.ts`,
    `${G}/config.ts`,
    `${G}/roles/api.ts`,
    `${G}/http/server.ts`,
    `${G}/worker/run.ts`,
    `${G}/database/tx.ts`,
    `${G}/acquirers/acquirer.ts`,
    `${G}/outbound/outbound.ts`,
    `${G}/observability/log.ts`,
    `${G}/domain/ids.ts`,
    `${G}/domain/ledger/post.ts`,
    `${G}/domain/notifications/send.ts`,
    `${G}/domain/cards/vault.ts`,
    `${G}/domain/orders/order.ts`,
    `${G}/domain/refunds/refund.ts`,
    `${G}/domain/reports/daily.ts`,
    `${G}/domain/gadgets/gadget.ts`,
    'apps/gateway/test/support/gateway.ts',
  ].map((path) => [path, 'export interface Shape {}\nexport const value = 1\n']),
)

/** Every import of the table below, each on a line of its own, in one tree; and what the rules say to each. */
const ARROWS = [
  [`${G}/compose.ts`, './main.ts', 'up-from-compose-roles-config'],
  [`${G}/roles/a.ts`, '../compose.ts', 'across-from-roles'],
  [`${G}/http/a.ts`, '../roles/api.ts', 'up-from-http-worker'],
  [`${G}/http/a.ts`, '../config.ts', 'up-from-http-worker'],
  [`${G}/http/a.ts`, '../worker/run.ts', 'across-from-http'],
  [`${G}/worker/a.ts`, '../http/server.ts', 'across-from-worker'],
  [`${G}/domain/orders/a.ts`, '../../http/server.ts', 'up-from-domain'],
  [`${G}/database/a.ts`, '../domain/ids.ts', 'up-from-database-acquirers-outbound-observability'],
  [`${G}/acquirers/a.ts`, '../database/tx.ts', 'across-from-acquirers'],
  [`${G}/domain/ledger/a.ts`, '../orders/order.ts', 'up-within-domain-from-merchants'],
  [`${G}/domain/cards/a.ts`, '../orders/order.ts', 'up-within-domain-from-customers'],
  [`${G}/domain/orders/a.ts`, '../refunds/refund.ts', 'up-within-domain-from-orders'],
  [`${G}/domain/refunds/a.ts`, '../reports/daily.ts', 'up-within-domain-from-refunds'],
  [`${G}/domain/money.ts`, './ledger/post.ts', 'up-within-domain-from-the-ground'],
  [`${G}/domain/orders/a.ts`, '../gadgets/gadget.ts', 'domain-noun-without-a-floor'],
  [`${G}/domain/orders/a.ts`, '../../database/tx.ts', 'domain-knows-what-is-below-by-type'],
  [`${G}/domain/ids.ts`, '../outbound/outbound.ts', 'domain-knows-what-is-below-by-type'],
  ['packages/wire/src/a.ts', '@ucanpay/vault/seal', 'from-wire'],
  ['packages/vault/src/a.ts', '@ucanpay/wire/names', 'from-vault'],
  ['packages/redaction/src/a.ts', '@ucanpay/vault/seal', 'from-redaction'],
  ['packages/sdk/src/a.ts', '@ucanpay/gateway/config', 'from-sdk'],
  [`${G}/main.ts`, '../../cli/src/main.ts', 'from-gateway'],
  [`${G}/http/a.ts`, '../../../../packages/sdk/src/index.ts', 'from-gateway'],
  ['apps/checkout/src/app/a.tsx', '@ucanpay/vault/seal', 'from-checkout'],
  ['apps/checkout/src/app/a.tsx', '@ucanpay/gateway/config', 'from-checkout'],
  ['examples/shop/src/a.ts', '@ucanpay/wire/names', 'from-examples'],
  ['examples/shop/src/a.ts', '../../other/src/main.ts', 'from-examples'],
  ['apps/cli/src/a.ts', '../../../examples/other/src/main.ts', 'from-cli'],
  [`${G}/http/a.ts`, '../../test/support/gateway.ts', 'into-a-test'],
  [`${G}/http/a.ts`, './gone.ts', 'not-found'],
  [`${G}/http/a.ts`, '@ucanpay/wire/gone', 'not-found'],
  [`${G}/compose.ts`, './config.ts'],
  [`${G}/compose.ts`, './roles/api.ts'],
  [`${G}/compose.ts`, './database/tx.ts'],
  [`${G}/compose.ts`, './domain/ids.ts'],
  [`${G}/http/a.ts`, '../domain/orders/order.ts'],
  [`${G}/http/a.ts`, './server.ts'],
  [`${G}/http/a.ts`, '@ucanpay/wire/names'],
  [`${G}/domain/refunds/a.ts`, '../orders/order.ts'],
  [`${G}/domain/refunds/a.ts`, '../cards/vault.ts'],
  [`${G}/domain/refunds/a.ts`, '../ids.ts'],
  [`${G}/domain/ledger/a.ts`, '../notifications/send.ts'],
  [`${G}/domain/reports/a.ts`, '../refunds/refund.ts'],
  [`${G}/domain/reports/a.ts`, '../orders/order.ts'],
  ['apps/cli/src/a.ts', '@ucanpay/gateway/config'],
  ['apps/cli/src/a.ts', '@ucanpay/vault/seal'],
  ['examples/shop/src/a.ts', '../../../packages/sdk/src/index.ts'],
  [`${G}/database/a.test.ts`, '../http/server.ts'],
  [`${G}/database/a.test.ts`, '../../../cli/src/main.ts'],
].map(([from, to, rule]) => ({ from, to, rule }))

/** @returns {Map<string, string[]>} file and line to the rules that object there */
function objections() {
  const files = Object.fromEntries(Object.entries(PARTS).map(([path, text]) => [path, text.trimEnd()]))
  for (const arrow of ARROWS) {
    const text = `${files[arrow.from] ?? ''}\nimport '${arrow.to}'`
    files[arrow.from] = text
    arrow.place = `${arrow.from}:${text.split('\n').length}`
  }
  const root = plantTree(files)
  const found = Map.groupBy(wrongArrows(root, readTree(root)), ({ file, line }) => `${file}:${line}`)
  return new Map([...found].map(([place, findings]) => [place, findings.map(({ what }) => what.split(':')[0])]))
}

test('an arrow is found where it is wrong, by its own rule, and nowhere else', () => {
  const found = objections()

  for (const { from, to, place, rule } of ARROWS) {
    expect(found.get(place) ?? [], `${from} → ${to}`).toEqual(rule ? [rule] : [])
  }
  const wrong = ARROWS.filter(({ rule }) => rule)
  expect(wrong).toHaveLength(31)
  expect([...found.keys()].sort()).toEqual(wrong.map(({ place }) => place).sort())
})

test('the domain may know what is below it by type, and never what is above it', () => {
  const from = `${G}/domain/orders/a.ts`
  const below = `import type { Shape } from '../../database/tx.ts'`
  const above = `import type { Shape as Other } from '../refunds/refund.ts'`
  const root = plantTree({ ...PARTS, [from]: `${below}\n${above}\nexport type A = Shape & Other\n` })

  const found = wrongArrows(root, readTree(root))

  expect(found).toMatchObject([{ file: from, line: 2, what: expect.stringContaining('up-within-domain-from-orders') }])
})

test('a circle is found, by type as well', () => {
  const root = plantTree({
    [`${G}/http/a.ts`]: `import { b } from './b.ts'\nexport const a = b\nexport interface Shape {}\n`,
    [`${G}/http/b.ts`]: `\nimport type { Shape } from './a.ts'\nexport const b: Shape = {}\n`,
  })

  const found = wrongArrows(root, readTree(root))

  expect(found.length).toBeGreaterThan(0)
  for (const { what } of found) expect(what).toMatch(/^circle: .*http\/[ab]\.ts → .*http\/[ab]\.ts/)
})

test('an export that nobody imports is found, in a program that exports its sources as well; a public package may have them', () => {
  const root = plantTree({
    [`${G}/main.ts`]: `import { used } from './http/a.ts'\nexport const unusedHere = used\n`,
    [`${G}/http/a.ts`]: `export const used = 1\nexport const unused = 2\nexport type Unused = 3\n`,
    'packages/wire/src/names.ts': `export const forOthers = 1\n`,
    'apps/checkout/package.json': '{"name":"@ucanpay/checkout","type":"module"}',
    'apps/checkout/src/app/main.tsx': `import { page } from './page.ts'\npage()\n`,
    'apps/checkout/src/app/page.ts': `export function page(): void {}\n`,
    'apps/checkout/src/app/forgotten.ts': `export const forgotten = 1\n`,
  })

  const found = unusedExports(root).map(({ file, line, what }) => `${file}:${line} ${what}`)

  expect(found.sort()).toEqual([
    'apps/checkout/src/app/forgotten.ts:1 nobody imports this file',
    `${G}/http/a.ts:2 nobody imports unused`,
    `${G}/http/a.ts:3 nobody imports the type Unused`,
    `${G}/main.ts:2 nobody imports unusedHere`,
  ])
})

const TIDY = fileURLToPath(new URL('../tidy.mjs', import.meta.url))

function runTidy(files) {
  const root = plantTree({ 'apps/gateway/migrations/released.json': '{}', ...files })
  const { status, stdout } = spawnSync(process.execPath, [TIDY, root], { encoding: 'utf8' })
  return { status, lines: stdout.trim().split('\n') }
}

test('a tidy tree passes, and says so in one line', () => {
  const { status, lines } = runTidy({ [`${G}/main.ts`]: 'process.exitCode = 0\n' })

  expect(lines).toEqual([expect.stringMatching(/^Tidy: \d+ files, nothing found\.$/)])
  expect(status).toBe(0)
})

test('every finding of every kind is printed, with its place and what to do, and the run fails', () => {
  const { status, lines } = runTidy({
    [`${G}/main.ts`]: `import './http/order-utils.ts'\n`,
    [`${G}/http/order-utils.ts`]: `import '../main.ts'\nawait fetch('https://a.example')\nexport const port = process.env['PORT']\n`,
  })

  const heads = lines.filter((line) => !line.startsWith(' '))
  expect(heads).toEqual([
    `${G}/http/order-utils.ts:1  "utils" in a name`,
    `${G}/http/order-utils.ts:3  the environment is read here`,
    `${G}/http/order-utils.ts:2  fetch goes out from here`,
    expect.stringMatching(/^apps\/gateway\/src\/\S+:1 {2}circle: /),
    `${G}/http/order-utils.ts:1  up-from-http-worker: ${G}/http/order-utils.ts → ${G}/main.ts`,
    `${G}/http/order-utils.ts:3  nobody imports port`,
    expect.stringMatching(/^Not tidy: 6 findings in \d+ files\.$/),
  ])
  expect(lines.filter((line) => line.startsWith('    '))).toHaveLength(6)
  expect(status).toBe(1)
})
