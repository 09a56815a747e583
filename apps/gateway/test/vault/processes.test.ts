import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import { Agent } from 'undici'
import { expect, inject, onTestFinished, test } from 'vitest'
import { generatePlatformKeySet } from '../../src/domain/signatures/platform-keys.ts'
import { createClient, type Client } from '../support/client.ts'
import { cloneDatabase } from '../support/database-server.ts'
import { testCertificates } from '../support/gateway.ts'
import { createLogins, queryOn } from '../support/logins.ts'
import { startReceiver } from '../support/receiver.ts'

const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
const ROLES = ['vault', 'api', 'checkout', 'worker'] as const
type Role = (typeof ROLES)[number]

/** An installation of a process for each role, each with a login that is a member of its own database role alone. */
interface Installation {
  readonly client: Client
  readonly start: (role: Role) => Promise<ChildProcess>
  readonly query: (sql: string) => Promise<Record<string, unknown>[]>
}

async function install(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-roles-'))
  const database = await cloneDatabase(inject('adminUrl'), inject('templateName'))
  const urlOf = await createLogins(database.databaseUrl, ROLES)
  const receiver = await startReceiver(testCertificates)
  const agent = new Agent({ connect: { ca: testCertificates.ca } })
  onTestFinished(async () => {
    await Promise.all([agent.close(), receiver.close()])
    await database.drop()
    rmSync(folder, { recursive: true })
  })
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const merchantKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const port = 20_000 + (randomBytes(2).readUInt16BE() % 20_000)
  const common = { PATH: process.env['PATH'] ?? '', UCANPAY_PORT: String(port), UCANPAY_VAULT_PORT: String(port + 4) }
  const ring = { UCANPAY_KEY_RING: write('key-ring.json', generateKeyRing()) }
  const signing = { UCANPAY_SIGNING_KEYS: write('signing-keys.json', generatePlatformKeySet(new Date())) }
  const listener = {
    UCANPAY_CHECKOUT_URL: `https://localhost:${port + 1}`,
    UCANPAY_TLS_CERT: write('tls.pem', testCertificates.cert),
    UCANPAY_TLS_KEY: write('tls.key', testCertificates.key),
    UCANPAY_EXTRA_CA: write('extra-ca.pem', testCertificates.ca),
  }
  const operator = { ...common, ...ring, ...signing, DATABASE_URL: database.databaseUrl }
  const ucanpay = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { env: operator, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const tls = join(folder, 'vault-tls')
  ucanpay('vault', 'certificates', '--folder', tls, '--host', 'localhost,127.0.0.1')
  const publicKey = createPublicKey(merchantKey).export({ type: 'spki', format: 'pem' }).toString()
  const merchantId = ucanpay(
    'merchants',
    'create',
    '--name',
    'Corner Coffee',
    '--public-key',
    write('merchant.pem', publicKey),
  )
  const environment = (role: Role): NodeJS.ProcessEnv => {
    const own = { ...common, ...listener, DATABASE_URL: urlOf(role) }
    if (role === 'vault') {
      const [cert, key] = [join(tls, 'vault.pem'), join(tls, 'vault.key')]
      return {
        ...own,
        ...ring,
        UCANPAY_TLS_CERT: cert,
        UCANPAY_TLS_KEY: key,
        UCANPAY_VAULT_CLIENT_CA: join(tls, 'ca.pem'),
      }
    }
    return {
      ...own,
      ...(role === 'checkout' ? {} : signing),
      UCANPAY_VAULT_URL: `https://localhost:${port + 4}`,
      UCANPAY_VAULT_CA: join(tls, 'ca.pem'),
      UCANPAY_VAULT_CERT: join(tls, `${role}.pem`),
      UCANPAY_VAULT_KEY: join(tls, `${role}.key`),
    }
  }
  const secretKey = ucanpay('keys', 'create', '--merchant', merchantId, '--kind', 'sk', '--name', 'Till')
  const merchant = { merchantId, secretKey, privateKey: merchantKey }
  return {
    client: createClient({ agent, receiver, merchant, apiUrl: `https://localhost:${port}` }),
    start: (role) => startRole(role, environment(role)),
    query: (sql) => queryOn(database.databaseUrl, sql),
  }
}

/** Starts a role and waits until it serves. It is ended with the test. */
function startRole(role: Role, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI, 'serve', '--role', role], { env })
  onTestFinished(() => ended(child, 'SIGKILL'))
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes('"serving"')) resolve(child)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('close', () => reject(new Error(`${role}: ${output}`)))
  })
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.on('close', resolve))
  child.kill(signal)
  await closed
}

/** How often a text stands in a process's writable memory, as one byte a character or two. */
function countInMemory({ pid }: ChildProcess, text: string): number {
  const forms = [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')]
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r')
  let count = 0
  for (const line of readFileSync(`/proc/${String(pid)}/maps`, 'utf8').split('\n')) {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
    if (from === '' || line.includes('[v')) continue
    const bytes = Buffer.alloc(Number.parseInt(to, 16) - Number.parseInt(from, 16))
    try {
      readSync(memory, bytes, 0, bytes.length, Number.parseInt(from, 16))
    } catch {
      continue // Reserved, and not there yet.
    }
    for (const form of forms) for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at + 1)) count += 1
  }
  closeSync(memory)
  return count
}

test('each role as a process of its own: the card number is in the memory of the vault and of no other', async () => {
  const { client, start, query } = await install()
  const vault = await start('vault')
  const [api, checkout, worker] = await Promise.all([start('api'), start('checkout'), start('worker')])
  const number = '4111111111111111'
  const { payUrl, outTradeNo } = (await client.place()).data
  expect((await client.pay(payUrl, { number })).body).toMatchObject({ tradeStatus: 'SUCCESS' })
  const created = await client.post('/users', { name: 'Ada', email: 'ada@example.com' })
  expect(created.status).toBe(200)
  await expect.poll(() => query(`select status from notifications`)).toEqual([{ status: 'delivered' }])
  expect(String(outTradeNo)).not.toBe('')
  expect(countInMemory(vault, number)).toBeGreaterThan(0) // So the search finds one where there is one.
  for (const other of [api, checkout, worker]) expect(countInMemory(other, number)).toBe(0)
}, 900_000)

test('the vault is killed in the middle of payments: once it is back each is paid once or not at all', async () => {
  const { client, start, query } = await install()
  let vault = await start('vault')
  await Promise.all([start('api'), start('checkout'), start('worker')])
  let [placed, paid, done] = [0, 0, false]
  const buyers = Array.from({ length: 4 }, async () => {
    while (!done && placed < 2_000) {
      const { payUrl } = (await client.place()).data
      if (payUrl === undefined) {
        await sleep(200) // Too many in one second for one key: the limits are those of production.
        continue
      }
      placed += 1
      if ((await client.pay(payUrl)).body['tradeStatus'] === 'SUCCESS') paid += 1
      else await sleep(50) // The vault is away: a buyer who tries again takes a breath.
    }
  })
  // In the middle of payments, however slow the machine is today.
  const somePaid = () => expect.poll(() => paid, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(paid + 5)
  for (let kill = 0; kill < 3; kill++) {
    await somePaid()
    await ended(vault, 'SIGKILL')
    vault = await start('vault')
  }
  await somePaid()
  done = true
  await Promise.all(buyers)
  const open = `select count(*)::int as open from payment_attempts where status in ('pending', 'challenge')`
  await expect.poll(() => query(open), { timeout: 60_000, interval: 500 }).toEqual([{ open: 0 }])
  const [sums] = await query(
    `select (select count(*)::int from orders) as orders,
            (select count(*)::int from orders where trade_status = 'SUCCESS') as paid,
            (select count(*)::int from sandbox_acquirer.operations a where operation = 'authorise' and status = 'succeeded'
               and not exists (select from sandbox_acquirer.operations v where v.operation = 'void' and v.authorisation_id = a.operation_id)) as taken,
            (select count(*)::int from ledger_entries where kind = 'capture') as entries`,
  )
  expect(sums).toMatchObject({ orders: placed })
  expect(sums?.['paid']).toBe(sums?.['taken'])
  expect(sums?.['entries']).toBe(2 * Number(sums?.['paid']))
  expect(Number(sums?.['paid'])).toBeGreaterThanOrEqual(paid)
}, 300_000)
