import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import { expect, inject, onTestFinished, test } from 'vitest'
import { issueCertificate } from '../../cli/src/certificates/authority.ts'
import { generatePlatformKeySet } from '../src/domain/signatures/platform-keys.ts'
import { cloneDatabase } from './support/database-server.ts'
import { testCertificates } from './support/gateway.ts'

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

interface Settings {
  readonly folder: string
  readonly env: Record<string, string>
  readonly write: (name: string, text: string, mode?: number) => string
}

async function settings(): Promise<Settings> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-serve-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write: Settings['write'] = (name, text, mode = 0o600) => {
    const file = join(folder, name)
    writeFileSync(file, text, { mode })
    chmodSync(file, mode)
    return file
  }
  const database = await cloneDatabase(inject('adminUrl'), inject('templateName'))
  onTestFinished(() => database.drop())
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.databaseUrl,
    UCANPAY_TLS_CERT: write('tls.pem', testCertificates.cert, 0o644),
    UCANPAY_TLS_KEY: write('tls.key', testCertificates.key),
    UCANPAY_KEY_RING: write('key-ring.json', generateKeyRing()),
    UCANPAY_SIGNING_KEYS: write('signing-keys.json', generatePlatformKeySet(new Date())),
    UCANPAY_PORT: String(20_000 + (randomBytes(2).readUInt16BE() % 20_000)),
  }
  return { folder, env, write }
}

interface Ended {
  readonly code: number | null
  readonly lines: string[]
}

/** Runs `ucanpay serve` until it ends or says that it serves; then it is told to stop. */
function serve(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, 'serve', ...args], { env })
  let output = ''
  const read = (chunk: Buffer): void => {
    output += chunk.toString()
    if (output.includes('"serving"')) child.kill('SIGTERM')
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, lines: output.split('\n').filter((line) => line.startsWith('  - ')) })),
  )
}

test('it serves where everything is as it should be, and stops cleanly', async () => {
  const { env, write } = await settings()
  expect(await serve(env)).toEqual({ code: 0, lines: [] })
  const vault = { ...env, UCANPAY_VAULT_CLIENT_CA: write('client-ca.pem', testCertificates.ca) }
  expect(await serve(vault, '--role', 'vault')).toEqual({ code: 0, lines: [] })
})

test.each(['api', 'checkout', 'worker'])(
  'the %s does not start with keys of its own, nor without a vault',
  async (role) => {
    const { env, write } = await settings()
    const place = {
      UCANPAY_VAULT_URL: 'https://localhost:1',
      UCANPAY_VAULT_CA: write('vault-ca.pem', testCertificates.ca),
      UCANPAY_VAULT_CERT: write('client.pem', testCertificates.cert),
      UCANPAY_VAULT_KEY: write('client.key', testCertificates.key),
    }
    const withKeys = await serve({ ...env, ...place }, '--role', role)
    expect(withKeys).toMatchObject({ code: 1, lines: [expect.stringContaining('the vault alone holds keys')] })
    const withoutKeys = Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'UCANPAY_KEY_RING'))
    const withoutVault = await serve(withoutKeys, '--role', role)
    expect(withoutVault.code).toBe(1)
    expect(withoutVault.lines.map((line) => line.split(/[ :]/)[3])).toEqual([
      'UCANPAY_VAULT_URL',
      'UCANPAY_VAULT_CERT',
      'UCANPAY_VAULT_KEY',
      'UCANPAY_VAULT_CA',
    ])
    const openKey = { ...place, UCANPAY_VAULT_KEY: write('open.key', testCertificates.key, 0o644) }
    const readable = await serve({ ...withoutKeys, ...openKey }, '--role', role)
    expect(readable).toMatchObject({ code: 1, lines: [expect.stringContaining('chmod 600')] })
  },
)

test.each<[string, (given: Settings) => Promise<Record<string, string>> | Record<string, string>, string]>([
  ['no TLS', () => ({ UCANPAY_TLS_CERT: '' }), 'UCANPAY_TLS_CERT'],
  [
    'a key that others can read',
    ({ write }) => ({ UCANPAY_TLS_KEY: write('open.key', testCertificates.key, 0o644) }),
    'chmod 600',
  ],
  [
    'a key ring that others can read',
    ({ write }) => ({ UCANPAY_KEY_RING: write('open.json', generateKeyRing(), 0o640) }),
    'chmod 600',
  ],
  [
    'a key ring of zeros',
    ({ write }) => ({
      UCANPAY_KEY_RING: write(
        'weak.json',
        JSON.stringify({ active: 1, keys: [{ version: 1, key: Buffer.alloc(32).toString('base64') }] }),
      ),
    }),
    'not random',
  ],
  ['no key ring', () => ({ UCANPAY_KEY_RING: '' }), 'UCANPAY_KEY_RING is not set'],
  [
    'a security.txt that names nobody',
    ({ write }) => ({ UCANPAY_SECURITY_TXT: write('security.txt', 'Expires: 2030-01-01T00:00:00Z') }),
    'UCANPAY_SECURITY_TXT',
  ],
  [
    'a security.txt that never ends',
    ({ write }) => ({ UCANPAY_SECURITY_TXT: write('security.txt', 'Contact: mailto:security@shop.example') }),
    'UCANPAY_SECURITY_TXT',
  ],
  [
    'signing keys that are none',
    ({ write }) => ({ UCANPAY_SIGNING_KEYS: write('none.json', '{"keys":[]}') }),
    'UCANPAY_SIGNING_KEYS',
  ],
  [
    'the key of another certificate',
    async ({ write }) => ({ UCANPAY_TLS_KEY: write('other.key', (await leaf(1)).key) }),
    'not the one of',
  ],
  [
    'a certificate that has ended',
    async ({ write }) => {
      const { cert, key } = await leaf(-1)
      return { UCANPAY_TLS_CERT: write('old.pem', cert), UCANPAY_TLS_KEY: write('old.key', key) }
    },
    'expired',
  ],
  [
    'a default password',
    ({ env }) => ({ DATABASE_URL: withPassword(env['DATABASE_URL'] ?? '', 'postgres') }),
    'password',
  ],
  ['a superuser', () => ({ DATABASE_URL: inject('adminUrl') }), 'superuser'],
  ['a database that is not there', () => ({ DATABASE_URL: 'postgresql://app@127.0.0.1:1/none' }), 'ECONNREFUSED'],
])('%s is refused with one line that says what to do', async (_what, change, words) => {
  const given = await settings()
  const { code, lines } = await serve({ ...given.env, ...(await change(given)) })
  expect(code).toBe(1)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(words)
  expect(lines[0]).not.toContain(new URL(given.env['DATABASE_URL'] ?? '').password)
})

/** Loaded before the program itself: the clock of this process alone is wrong by so much. */
function movedClock(ms: number): string {
  const source = `const Real = Date; globalThis.Date = class extends Real {
    constructor(...given) { given.length === 0 ? super(Real.now() + ${ms}) : super(...given) }
    static now() { return Real.now() + ${ms} }
  }`
  return `--import=data:text/javascript,${encodeURIComponent(source)}`
}

test.each([
  ['two minutes slow', -120_000, 'behind'],
  ['two minutes fast', 120_000, 'ahead of'],
])('on a machine whose clock is %s it does not start, and says so in one line', async (_what, ms, words) => {
  const { env } = await settings()
  const { code, lines } = await serve({ ...env, NODE_OPTIONS: movedClock(ms) })
  expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(`1[12]\\d s ${words} the database's`)] })
})

test('a port that is taken is said in one line, and the process ends', async () => {
  const { env } = await settings()
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(Number(env['UCANPAY_PORT']), '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  expect(await serve(env)).toEqual({
    code: 1,
    lines: [expect.stringContaining(`port ${env['UCANPAY_PORT'] ?? ''} is taken`)],
  })
})

test('half a minute of difference is borne', async () => {
  const { env } = await settings()
  expect(await serve({ ...env, NODE_OPTIONS: movedClock(30_000) })).toEqual({ code: 0, lines: [] })
})

function leaf(endsInDays: number): Promise<{ cert: string; key: string }> {
  const notAfter = new Date(Date.now() + endsInDays * 86_400_000)
  const notBefore = new Date(notAfter.getTime() - 10 * 86_400_000)
  return issueCertificate(testCertificates.authority, { names: ['localhost'], addresses: [], notBefore, notAfter })
}

function withPassword(databaseUrl: string, password: string): string {
  const url = new URL(databaseUrl)
  url.password = password
  return url.href
}
