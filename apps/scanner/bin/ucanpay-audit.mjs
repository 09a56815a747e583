#!/usr/bin/env node
/** `ucanpay-audit`: what was built, where it was; in this repository the sources, under a Node.js that runs TypeScript. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => new URL(path, import.meta.url)
const source = here('../src/main.ts')
if (!existsSync(source)) {
  await import(here('../dist/main.js').href)
} else if (process.features.typescript) {
  await import(source.href)
} else {
  const { bootstrap, environmentFor } = await import(here('../../../scripts/bootstrap.mjs').href)
  const { node } = await bootstrap()
  const args = [fileURLToPath(source), ...process.argv.slice(2)]
  const { status } = spawnSync(node, args, { env: environmentFor(node), stdio: 'inherit' })
  process.exit(status ?? 2)
}
