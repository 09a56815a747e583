import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../support/sandbox.ts'

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
let sandbox: Sandbox

/** Each command is a process of its own, which takes a second to start, and many where the machine is busy. */
vi.setConfig({ testTimeout: 300_000 })

beforeAll(async () => {
  sandbox = await startSandbox(newHome(), await freePorts())
})
afterAll(async () => {
  await sandbox.stop()
  removeHome(sandbox.home)
})

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function ucanpay(...args: string[]): Ran {
  const env = { PATH: process.env['PATH'], UCANPAY_HOME: sandbox.home }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: sandbox.dev.databaseUrl })
  await client.connect()
  await client.query(text)
  await client.end()
}

test('every command teaches, and a mistake is told from a failure', () => {
  for (const command of [
    'merchants',
    'keys',
    'vault',
    'signing-keys',
    'migrate',
    'logs',
    'audit-log',
    'gdpr',
    'doctor',
    'serve',
    'sandbox',
  ]) {
    const { code, out } = ucanpay(command, '--help')
    expect([command, code]).toEqual([command, 0])
    expect(out.length).toBeGreaterThan(200)
  }
  expect(ucanpay('nonsense')).toMatchObject({ code: 2 })
  expect(ucanpay('keys', 'nonsense')).toMatchObject({ code: 2 })
  expect(ucanpay('keys', 'list')).toMatchObject({ code: 2, err: 'ucanpay keys: --merchant is missing\n' })
  expect(ucanpay('keys', 'revoke', 'key_none', '--merchant', 'M1')).toMatchObject({ code: 1 })
})

test('a key is made, used, rolled and revoked from the command line', async () => {
  const { merchantId } = sandbox.dev
  const made = ucanpay('keys', 'create', '--merchant', merchantId, '--kind', 'sk', '--name', 'Till')
  expect(made.code).toBe(0)
  const key = made.out.trim()
  expect(key).toMatch(/^ucp_sk_test_[0-9A-Za-z]{38}$/)
  const [, keyId = ''] = /Made (key_\w+)/.exec(made.err) ?? []
  const works = async (apiKey: string): Promise<number> =>
    (await sandbox.post('/payment/orderquery', { outTradeNo: 'x' }, apiKey)).status
  expect(await works(key)).toBe(404)
  const rolled = ucanpay('keys', 'roll', keyId, '--merchant', merchantId, '--overlap', '1h')
  expect(await works(rolled.out.trim())).toBe(404)
  expect(await works(key)).toBe(404)
  expect(ucanpay('keys', 'revoke', keyId, '--merchant', merchantId).code).toBe(0)
  await expect.poll(() => works(key), { timeout: 1_000 }).toBe(401)
  const { out } = ucanpay('keys', 'list', '--merchant', merchantId)
  expect(out).toContain('revoked')
  expect(out).not.toContain(key)
})

test('a quota is set and lifted from the command line, and holds at once', async () => {
  const { merchantId } = sandbox.dev
  const update = (quota: string): Ran => ucanpay('merchants', 'update', merchantId, '--monthly-quota', quota)
  const ask = async (): Promise<number> => (await sandbox.post('/payment/orderquery', { outTradeNo: 'x' })).status
  expect(update('0')).toMatchObject({ code: 2 })
  expect(update('1')).toMatchObject({ code: 0 })
  await expect.poll(ask, { timeout: 10_000 }).toBe(429)
  expect(update('none')).toMatchObject({ code: 0 })
  await expect.poll(ask, { timeout: 10_000 }).toBe(404)
})

test('the story of a failed request is found by its number', async () => {
  const reply = await sandbox.post('/payment/orderquery', { outTradeNo: 'no/such' })
  const { requestId } = reply.body as unknown as { requestId: string }
  await expect.poll(() => ucanpay('logs', requestId).out, { timeout: 30_000 }).toContain('/outTradeNo: pattern')
  expect(ucanpay('logs', requestId).out).not.toContain('no/such')
  expect(ucanpay('logs', 'req_none')).toMatchObject({ code: 1 })
  expect(ucanpay('logs', '--msg', 'PARAM_ERROR', '--json').out).toContain(requestId)
})

test('the audit log is exported and verified with the public key alone', () => {
  const file = join(sandbox.home, 'audit.jsonl')
  expect(ucanpay('audit-log', 'export', '--out', file).code).toBe(0)
  const verify = (): Ran => ucanpay('audit-log', 'verify', file, '--public-key', sandbox.dev.platformPublicKeyFile)
  expect(verify()).toMatchObject({ code: 0 })
  writeFileSync(file, readFileSync(file, 'utf8').replace('merchant.created', 'merchant.deleted'))
  expect(verify()).toMatchObject({ code: 1 })
  expect(verify().out).toContain('row 1')
})

test('the doctor finds a sandbox in order, and each thing that is put out of order', async () => {
  expect(ucanpay('doctor')).toMatchObject({ code: 0 })
  const finds = (words: string): void => {
    const { code, out } = ucanpay('doctor')
    expect([words, code]).toEqual([words, 1])
    const failed = out.split('\n').filter((line) => line.startsWith('  FAIL'))
    expect(failed.join('\n')).toContain(words)
  }
  const ring = join(sandbox.home, 'keys', 'key-ring.json')
  chmodSync(sandbox.dev.logFile, 0o644)
  finds('the log holds nothing sensitive')
  chmodSync(sandbox.dev.logFile, 0o600)
  chmodSync(ring, 0o644)
  finds('files with secrets')
  chmodSync(ring, 0o600)
  await sql('grant select on data_keys to ucanpay_api')
  finds('no more rights')
  await sql('revoke select on data_keys from ucanpay_api')
  await sql(
    `insert into key_store.customer_keys (merchant_id, mode, user_id, key_id, wrapped_key, wrapped_by, created_at)
     values ('M1', 'live', 'usr_1', 'dky_1', '', (select max(wrapped_by) from data_keys), now())`,
  )
  finds('the keys of customers are apart')
  await sql('delete from key_store.customer_keys')
  await sql('create table notes (content text)')
  finds('every column that holds a text')
  await sql('drop table notes')
  await sql(`update api_keys set created_at = created_at - interval '91 days'`)
  finds('older than 90 days')
  await sql(`update api_keys set created_at = created_at + interval '91 days'`)
  await sql(
    `alter table audit_log disable trigger user; update audit_log set actor = 'nobody' where action = 'merchant.created'`,
  )
  finds('the audit log holds')
})
