import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { keyRing, startGateway, testCertificates, type TestGateway } from '../support/gateway.ts'

const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))

interface DoctorRow {
  readonly practice: number
  readonly what: string
  readonly state: string
  readonly evidence: string
}

/** Runs `ucanpay doctor --json` on a gateway. @returns what does not hold */
async function complaintsOf(gateway: TestGateway, more: Record<string, string> = {}): Promise<DoctorRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: gateway.database.databaseUrl,
    UCANPAY_KEY_RING: write('key-ring.json', keyRing),
    UCANPAY_SIGNING_KEYS: write('signing-keys.json', gateway.config.signingKeys ?? ''),
    UCANPAY_CA_FILE: write('ca.pem', testCertificates.ca),
    UCANPAY_API_URL: gateway.apiUrl,
    UCANPAY_CHECKOUT_URL: gateway.checkoutUrl,
    ...more,
  }
  const child = spawn(process.execPath, [CLI, 'doctor', '--json'], { env })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  await new Promise((resolve) => child.on('close', resolve))
  return (JSON.parse(out) as DoctorRow[]).filter(({ state }) => state === 'not held')
}

test('the doctor sees a worker that stands still: late work, rows without a seal, data past its time', async () => {
  const gateway = await startGateway({ role: 'api' })
  await gateway.place()
  await gateway.post('/payment/orderquery', gateway.signed('/payment/orderquery', { outTradeNo: 'none' }))
  await gateway.sql(`update outbox set due_at = now() - interval '1 hour'`)
  await gateway.sql(`update nonces set expires_at = now() - interval '2 hours'`)
  await gateway.sql('alter table audit_log disable trigger audit_log_append_only')
  await gateway.sql(`update audit_log set at = at - interval '5 minutes'`)
  const found = (await complaintsOf(gateway)).map(({ practice, what }) => `${practice} ${what}`)
  expect(found).toContain('14 notifications, refunds and expiries are not stuck')
  expect(found).toContain('13 the audit log is sealed as it is written')
  expect(found).toContain('14 nothing is kept past its time')
})

test('the doctor looks at the checkout and at the plain HTTP port, too', async () => {
  const gateway = await startGateway({ config: { httpPort: 0 } })
  const found = await complaintsOf(gateway, {
    UCANPAY_CHECKOUT_URL: 'https://localhost:1',
    UCANPAY_HTTP_PORT: String(gateway.config.apiPort),
  })
  expect(found.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'the checkout speaks TLS 1.3, and 1.2 with forward secrecy and authenticated encryption alone',
      'the plain HTTP port refuses every request',
    ]),
  )
})
