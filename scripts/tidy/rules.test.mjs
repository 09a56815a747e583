import { expect, test } from 'vitest'
import { findIn } from './rules.mjs'

test.each([
  ['apps/gateway/src/domain/x.ts', 'const a = process' + '.env.X', 'environment'],
  ['apps/gateway/src/worker/x.ts', "import { request } from 'undici'", 'outgoing-http'],
  ['apps/gateway/src/worker/x.ts', 'await fetch(url)', 'outgoing-http'],
  ['packages/sdk/src/x.ts', 'rejectUnauthorized' + ': false', 'certificates'],
  ['apps/gateway/src/domain/x.ts', 'Date' + '.now()', 'clock'],
  ['apps/gateway/src/domain/x.ts', 'new Date' + '()', 'clock'],
  ['apps/gateway/test/x.test.ts', 'test' + ".only('x')", 'skipped-test'],
  ['docs/x.md', 'see ' + '/home' + '/me', 'machine-path'],
  ['package-lock.json', '  "resolved": "https' + '://x"', 'download-address'],
  ['package.json', '    "left-pad": "^1.0.0"', 'unpinned'],
  ['apps/gateway/src/utils.ts', '', 'name'],
  ['apps/gateway/src/domain/order-service.ts', '', 'name'],
  ['apps/gateway/src/domain/index.ts', "export { a } from './a.ts'\n", 'barrel'],
])('%s with %j is found', (path, text, rule) => {
  expect(findIn(path, text)).toEqual([expect.stringContaining(`${rule}:`)])
})

test.each([
  ['apps/gateway/src/config.ts', 'const a = process' + '.env.X'],
  ['apps/gateway/src/outbound/x.ts', "import { request } from 'undici'"],
  ['apps/gateway/src/domain/x.ts', 'new Date(caller.now)'],
  ['package.json', '    "left-pad": "1.0.0"'],
  ['packages/sdk/src/index.ts', "export { a } from './a.ts'\n"],
])('%s with %j is not', (path, text) => {
  expect(findIn(path, text)).toEqual([])
})
