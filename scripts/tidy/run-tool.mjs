import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isGoodEnough } from '../bootstrap.mjs'

/** Where the tools are, which need not be where the tree is that they look at. */
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))

/**
 * Runs a tool of ours over a tree and reads what it prints as JSON. Its exit code says only whether it found something.
 *
 * @param {string} root the tree
 * @param {{ packageName: string, bin: string, args: string[] }} tool
 * @throws {Error} with the tool's own words where it printed anything else
 */
export function runTool(root, { packageName, bin, args }) {
  const manifest = JSON.parse(readFileSync(join(MODULES, packageName, 'package.json'), 'utf8'))
  const program = join(MODULES, packageName, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin])
  // The tools want a newer Node.js than the floor of this script; it is among the dependencies.
  const own = join(MODULES, 'node', 'bin', 'node')
  const node = isGoodEnough(process.versions.node) || !existsSync(own) ? process.execPath : own
  const run = spawnSync(node, [program, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
  try {
    return JSON.parse(run.stdout)
  } catch (error) {
    const words = `${run.stderr ?? ''}${run.stdout ?? ''}`.slice(0, 2_000)
    throw new Error(`${bin} does not run: ${words}`, { cause: error })
  }
}
