/** `npm test`: all set-up, a browser included, then every test. Arguments are passed on to vitest. */
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

import { bootstrap, environmentFor, installKitApps, ROOT } from './bootstrap.mjs'
import { ensureChromium, ensureOpenssl } from './debian-packages.mjs'

const { node } = await bootstrap()
installKitApps()
const chromium = ensureChromium()
const openssl = ensureOpenssl()
const environment = environmentFor(node)
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(node, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: ROOT,
  env: { ...environment, PATH: `${environment.PATH}${delimiter}${openssl}`, UCANPAY_TEST_CHROMIUM: chromium },
  stdio: 'inherit',
})
process.exit(status ?? 1)
