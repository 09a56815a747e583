import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { keyRing, startGateway, type TestGateway } from '../support/gateway.ts'

const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function ucanpay(gateway: TestGateway): (...args: string[]) => Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-gdpr-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'key-ring.json')
  writeFileSync(file, keyRing, { mode: 0o600 })
  const env = { PATH: process.env['PATH'], DATABASE_URL: gateway.database.databaseUrl, UCANPAY_KEY_RING: file }
  return (...args) => {
    const child = spawn(process.execPath, [CLI, 'gdpr', ...args, '--merchant', gateway.merchant.merchantId], { env })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  }
}

interface Exported {
  readonly customers: readonly {
    readonly customer: Record<string, string> | null
    readonly erasedAt: string | null
    readonly auditLog: readonly { action: string; after: string | null }[]
    readonly about: object
  }[]
}

test('everything held about a person is given, with what was done with it, and that it was given is on record', async () => {
  const gateway = await startGateway({ role: 'api' })
  const gdpr = ucanpay(gateway)
  const { userId } = (await gateway.post('/users', { email: 'Ada@example.com', name: 'Ada' })).data
  await gateway.post('/users', { email: 'grace@example.com', name: 'Grace' })
  await gateway.send('PUT', `/users/${String(userId)}`, { body: '{"phone":"+442071234567"}' })

  const given = await gdpr('export', String(userId))
  expect(given.code).toBe(0)
  expect(given.out).not.toContain('Grace')
  const [held] = (JSON.parse(given.out) as Exported).customers
  expect(held?.customer).toMatchObject({ email: 'Ada@example.com', name: 'Ada', phone: '+442071234567' })
  expect(held?.auditLog.map(({ action }) => action)).toEqual([
    'customer.created',
    'customer.updated',
    'customer.exported',
  ])
  expect(await gateway.rows(`audit_log where action = 'customer.exported'`)).toMatchObject([
    { target: userId, actor: 'operator' },
  ])
  const byAddress = await gdpr('export', '--email', 'ada@EXAMPLE.com')
  expect((JSON.parse(byAddress.out) as Exported).customers).toHaveLength(1)

  expect((await gdpr('erase', '--email', 'ada@example.com')).code).toBe(0)
  const after = await gdpr('export', String(userId))
  const [left] = (JSON.parse(after.out) as Exported).customers
  expect(left).toMatchObject({ customer: null, erasedAt: expect.any(String) as string })
  expect(after.out.toLowerCase()).not.toContain('ada@example.com')
})

test('where nothing is held it says so', async () => {
  const gateway = await startGateway({ role: 'api' })
  const gdpr = ucanpay(gateway)
  for (const args of [
    ['export', 'usr_none'],
    ['export', '--email', 'eve@example.com'],
    ['erase', '--email', 'eve@example.com'],
  ])
    expect(await gdpr(...args)).toMatchObject({ code: 1, err: expect.stringContaining('Nothing is held') as string })
  expect(await gdpr('export')).toMatchObject({ code: 2 })
  expect(await gateway.rows(`audit_log where action = 'customer.exported'`)).toEqual([])
})
