import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parsePlatformKeys } from '@ucanpay/gateway/domain/signatures/platform-keys'
import { parseKeyRing } from '@ucanpay/vault/key-ring'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

function ucanpay(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

function newFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, name)
}

test('a key ring is made for its owner alone, and never over another one', () => {
  const file = newFile('key-ring.json')
  expect(ucanpay('vault', 'new-ring', file)).toMatchObject({ code: 0 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  expect(parseKeyRing(text).activeVersion).toBe(1)
  expect(ucanpay('vault', 'new-ring', file)).toMatchObject({ code: 2 })
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('signing keys are made, and replaced by the commands that each step names', () => {
  const file = newFile('signing-keys.json')
  expect(ucanpay('signing-keys', 'new', file)).toMatchObject({ code: 0 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const old = parsePlatformKeys(readFileSync(file, 'utf8')).active.RSA.kid
  expect(ucanpay('signing-keys', 'new', file)).toMatchObject({ code: 2 })
  const { out } = ucanpay('signing-keys', 'add', file)
  const next = /ucanpay (signing-keys switch .*)$/m.exec(out)?.[1]?.split(' ') ?? []
  expect(ucanpay(...next)).toMatchObject({ code: 0 })
  expect(ucanpay('signing-keys', 'retire', file, old)).toMatchObject({ code: 0 })
  expect(ucanpay('signing-keys', 'list', file).out).toMatch(new RegExp(`${old} +RSA +retired`))
  expect(ucanpay('signing-keys', 'public', file).out).toContain(old)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, 0o644)
  expect(ucanpay('signing-keys', 'list', file)).toMatchObject({
    code: 1,
    err: expect.stringContaining('chmod 600') as string,
  })
})
