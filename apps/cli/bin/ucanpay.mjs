#!/usr/bin/env node
/** `ucanpay`: the command line, under a Node.js that runs TypeScript as it is. Sets the clone up where that is due. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { bootstrap, environmentFor, ROOT } from '../../../scripts/bootstrap.mjs'

const main = join(ROOT, 'apps', 'cli', 'src', 'main.ts')
const { node } = await bootstrap()
if (node === process.execPath) {
  await import(pathToFileURL(main).href)
} else {
  const { status } = spawnSync(node, [main, ...process.argv.slice(2)], { env: environmentFor(node), stdio: 'inherit' })
  process.exit(status ?? 1)
}
