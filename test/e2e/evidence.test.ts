import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../support/sandbox.ts'

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
let sandbox: Sandbox

vi.setConfig({ testTimeout: 300_000 })

beforeAll(async () => {
  sandbox = await startSandbox(newHome(), await freePorts())
})
afterAll(async () => {
  await sandbox.stop()
  removeHome(sandbox.home)
})

function evidence(...args: string[]): { code: number | null; out: string; err: string } {
  const env = { PATH: process.env['PATH'], UCANPAY_HOME: sandbox.home }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'evidence', ...args], { env, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

test('an operator exports a bundle and verifies it, with the installation’s keys and without; a changed one is named', () => {
  const file = join(sandbox.home, 'evidence.json')
  const made = evidence(
    'export',
    '--merchant',
    sandbox.dev.merchantId,
    '--from',
    '2026-01-01',
    '--to',
    '2026-12-31',
    '--out',
    file,
  )
  expect([made.code, made.err]).toEqual([0, ''])
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(evidence('verify', file)).toMatchObject({
    code: 0,
    out: expect.stringContaining('The evidence holds: 12 parts') as string,
  })
  expect(evidence('verify', file, '--public-key', sandbox.dev.platformPublicKeyFile).code).toBe(0)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"idleS\\": 900', '"idleS\\": 901'))
  const changed = evidence('verify', file)
  expect([changed.code, changed.out]).toEqual([1, expect.stringContaining('session-rules.json')])
})

test('a mistake is told as one', () => {
  for (const args of [['export'], ['verify'], ['seal'], ['export', '--merchant', 'x', '--from', 'May']])
    expect([args, evidence(...args).code]).toEqual([args, 2])
  writeFileSync(join(sandbox.home, 'none.json'), '{}')
  expect(evidence('verify', join(sandbox.home, 'none.json')).code).toBe(2)
})
