import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { isGoodEnough } from './bootstrap.mjs'

test.each([
  ['20.20.2', false],
  ['22.17.1', false],
  ['22.18.0', true],
  ['23.11.0', false], // An odd one is out of support after half a year.
  ['24.0.0', true],
  ['26.1.0', true],
])('Node.js %s runs our TypeScript: %s', (version, answer) => {
  expect(isGoodEnough(version)).toBe(answer)
})

test('a fresh clone is installed and built once; after that npm is not even asked', async () => {
  const clone = makeClone()

  expect(await bootstrap(clone)).toEqual({ code: 0, calls: ['ci', 'run build -w apps/checkout'] })
  expect(await bootstrap(clone)).toEqual({ code: 0, calls: [] })
})

test('another lock file is installed again, and what was built with the old one is built again', async () => {
  const clone = makeClone()
  await bootstrap(clone)
  writeLock(clone, '2.0.0')

  expect((await bootstrap(clone)).calls).toEqual(['ci', 'run build -w apps/checkout'])
})

test('somebody who has run npm ci by hand does not wait for it twice', async () => {
  const clone = makeClone()
  await bootstrap(clone)
  rmSync(join(clone, 'node_modules', '.ucanpay-lock'))

  expect((await bootstrap(clone)).calls).toEqual([])
})

test.each(['apps/checkout/src/page.ts', 'packages/wire/src/added.ts'])('a change in %s is built', async (file) => {
  const clone = makeClone()
  await bootstrap(clone)
  writeFileSync(join(clone, file), 'export const other = 2\n')

  expect((await bootstrap(clone)).calls).toEqual(['run build -w apps/checkout'])
  expect((await bootstrap(clone)).calls).toEqual([])
})

test('of two at once one installs and the other waits for it', async () => {
  const clone = makeClone()

  const both = await Promise.all([launch(clone), launch(clone)])

  expect(both).toEqual([0, 0])
  expect(takeCalls(clone)).toEqual(['ci', 'run build -w apps/checkout'])
  expect(existsSync(join(clone, '.cache', 'bootstrap.pid'))).toBe(false)
})

test('one that was killed while it installed does not stop the next one', async () => {
  const clone = makeClone()
  const gone = spawn('true')
  await once(gone, 'exit')
  mkdirSync(join(clone, '.cache'))
  writeFileSync(join(clone, '.cache', 'bootstrap.pid'), String(gone.pid))

  expect((await bootstrap(clone)).code).toBe(0)
})

test('a failed installation fails, and is tried again', async () => {
  const clone = makeClone()
  writeFileSync(join(clone, 'broken'), '')
  expect(await bootstrap(clone)).toEqual({ code: 1, calls: ['ci'] })
  rmSync(join(clone, 'broken'))

  expect((await bootstrap(clone)).code).toBe(0)
})

/** A clone with one dependency and one workspace to build, and an npm that notes what it is asked for. */
function makeClone() {
  const clone = mkdtempSync(join(tmpdir(), 'ucanpay-clone-'))
  onTestFinished(() => rmSync(clone, { recursive: true }))
  for (const folder of ['bin', 'scripts', 'apps/checkout/src', 'packages/wire/src']) {
    mkdirSync(join(clone, folder), { recursive: true })
  }
  copyFileSync(new URL('./bootstrap.mjs', import.meta.url), join(clone, 'scripts', 'bootstrap.mjs'))
  writeFileSync(join(clone, 'apps/checkout/package.json'), '{ "scripts": { "build": "true" } }')
  writeFileSync(join(clone, 'apps/checkout/src/page.ts'), 'export const page = 1\n')
  writeLock(clone, '1.0.0')
  const npm = [
    '#!/bin/sh',
    `cd '${clone}'`,
    'case "$1" in ci) echo ci >> calls ;; *) echo "$@" >> calls ;; esac',
    'test ! -e broken || exit 1',
    'case "$1" in',
    '  ci) sleep 0.3; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json ;;',
    '  run) mkdir -p apps/checkout/dist ;;',
    'esac',
  ]
  writeFileSync(join(clone, 'bin', 'npm'), npm.join('\n'))
  chmodSync(join(clone, 'bin', 'npm'), 0o755)
  return clone
}

function writeLock(clone, version) {
  const packages = {
    'node_modules/left': { version, integrity: `sha512-${version}` },
    'node_modules/for-another-machine': { version: '1.0.0', optional: true },
  }
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }))
}

async function bootstrap(clone) {
  return { code: await launch(clone), calls: takeCalls(clone) }
}

async function launch(clone) {
  const program = `await (await import('${join(clone, 'scripts', 'bootstrap.mjs')}')).bootstrap()`
  const env = { PATH: `${join(clone, 'bin')}${delimiter}${process.env.PATH}` }
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  return code
}

function takeCalls(clone) {
  const file = join(clone, 'calls')
  if (!existsSync(file)) return []
  const calls = readFileSync(file, 'utf8').trim().split('\n')
  rmSync(file)
  return calls
}
