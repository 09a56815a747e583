import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { typeFaultsOf } from './support/type-faults.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const FOLDER = join(ROOT, '.cache', 'kit-docs')
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs')
const BESIDE_SDK = join(ROOT, 'packages/sdk/node_modules')
const PAGES = readdirSync(join(ROOT, 'docs/kit'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/kit/${name}`)

/** Every block of code of the kit's pages, as a program of its own. */
const PROGRAMS = [...PAGES, 'packages/sdk/README.md'].flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ''], at) => ({
    name: `${page.replaceAll(/[/.]/g, '-').toLowerCase()}-${at + 1}${code.includes(" from 'vitest'") ? '.test' : ''}.ts`,
    code,
  })),
)

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true, "type": "module" }\n')
  // npm puts some of what the SDK is tested with beside the SDK, where nobody else finds it.
  mkdirSync(join(FOLDER, 'node_modules'))
  for (const name of readdirSync(BESIDE_SDK)) symlinkSync(join(BESIDE_SDK, name), join(FOLDER, 'node_modules', name))
  for (const { name, code } of PROGRAMS) writeFileSync(join(FOLDER, name), code)
})

test('all are well typed, with the package as a merchant gets it', () => {
  expect(PROGRAMS.length).toBeGreaterThan(10)
  expect(typeFaultsOf(FOLDER)).toEqual([])
})

/** A program that serves goes on for ever; it has done what it says once it is up. */
const UP_MS = 4_000

test.each(PROGRAMS.map(({ name }) => name))('%s runs', async (name) => {
  const program = name.endsWith('.test.ts') ? [VITEST, 'run', '--root', FOLDER, name] : [name]
  const child = spawn(process.execPath, program, {
    cwd: FOLDER,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const ended = await new Promise<number | null | 'serves'>((resolve) => {
    const timer = setTimeout(() => {
      if (name.endsWith('.test.ts')) return
      child.removeAllListeners('exit')
      child.kill('SIGKILL')
      resolve('serves')
    }, UP_MS)
    child.once('exit', (code) => {
      clearTimeout(timer)
      resolve(code)
    })
  })
  expect([0, 'serves'], output).toContain(ended)
})
