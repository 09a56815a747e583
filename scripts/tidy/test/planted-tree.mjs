import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const SETTINGS = ['.dependency-cruiser.cjs', 'knip.json', 'tsconfig.json']

/**
 * Makes a small tree that is set up like ours: the same settings, workspaces that find each other as npm links them.
 *
 * @param {Record<string, string>} files path to text
 * @returns {string} its folder, gone when the test is over
 */
export function plantTree(files) {
  const root = mkdtempSync(join(tmpdir(), 'ucanpay-tidy-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const name of SETTINGS) copyFileSync(join(ROOT, name), join(root, name))
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('package.json', '{"name":"ucanpay","type":"module","workspaces":["packages/*","apps/*","examples/*"]}')
  for (const [folder, name] of [
    ['packages/wire', '@ucanpay/wire'],
    ['packages/vault', '@ucanpay/vault'],
    ['packages/redaction', '@ucanpay/redaction'],
    ['apps/gateway', '@ucanpay/gateway'],
  ]) {
    write(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports: { './*': './src/*.ts' } }))
    mkdirSync(join(root, 'node_modules', '@ucanpay'), { recursive: true })
    symlinkSync(join(root, folder), join(root, 'node_modules', name))
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  return root
}
