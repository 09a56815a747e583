/** `npm test`: all set-up, a browser included, then every test. Arguments are passed on to vitest. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { bootstrap, environmentFor, ROOT } from './bootstrap.mjs'
import { ensureChromium } from './debian-packages.mjs'

const { node } = await bootstrap()
const chromium = ensureChromium()
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(node, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: ROOT,
  env: { ...environmentFor(node), UCANPAY_TEST_CHROMIUM: chromium },
  stdio: 'inherit',
})
process.exit(status ?? 1)
