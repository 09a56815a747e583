import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { EvidenceBundle } from '../../src/domain/reports/export-evidence.ts'
import { verifyEvidence } from '../../src/domain/reports/verify-evidence.ts'
import { applyRetention } from '../../src/worker/retention.ts'
import { CANARIES, findCanary, type CanaryKind } from '../support/canaries.ts'
import { CARD } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { signedIn, type Browser } from '../support/member.ts'

const ROOT = new URL('../../../../', import.meta.url).pathname
const PERIOD = { from: '2020-01-01T00:00:00Z', to: '2020-12-31T00:00:00Z' }

/** A bundle of the last days. */
async function exported(browser: Browser): Promise<{ text: string; bundle: EvidenceBundle }> {
  const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString())
  const answer = await browser.post('/evidence', { from, to })
  expect([answer.status, answer.msg]).toEqual([200, 'SUCCESS'])
  const text = String(answer.data['bundle'])
  return { text, bundle: JSON.parse(text) as EvidenceBundle }
}

const keysOf = (gateway: TestGateway) =>
  new Map(
    gateway.keys.everyPublic.keys.map((jwk) => [String(jwk['kid']), createPublicKey({ key: jwk, format: 'jwk' })]),
  )
const partOf = (bundle: EvidenceBundle, name: string): unknown => JSON.parse(bundle.parts[name] ?? '')

test('an auditor makes a bundle that verifies by openssl, sha256sum and jq, with the commands of the docs', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway, 'auditor')
  await gateway.paidOrder()
  const { text, bundle } = await exported(browser)
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-evidence-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'evidence.json'), text)
  const jwks = await gateway.get('/.well-known/jwks.json', { key: null })
  writeFileSync(join(folder, 'jwks.json'), jwks.text)
  const page = readFileSync(`${ROOT}docs/evidence.md`, 'utf8')
  const commands = /<!-- prettier-ignore -->\n```sh\n([^]*?)```/.exec(page)?.[1] ?? ''
  const run = (): string => execFileSync('sh', ['-c', commands], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  const said = run()
  expect(said).toContain('Verified OK')
  for (const name of Object.keys(bundle.parts)) expect(said).toContain(`parts/${name}: OK`)
  rmSync(join(folder, 'parts'), { recursive: true })
  writeFileSync(join(folder, 'evidence.json'), text.replace('Corner', 'Corned').replace('auditor', 'auditoR'))
  expect(run).toThrow()
})

test('a bundle that was changed anywhere does not hold', async () => {
  const gateway = await startGateway()
  const { text, bundle } = await exported(await signedIn(gateway))
  const keys = keysOf(gateway)
  expect((await verifyEvidence(text, keys)).finding).toBeUndefined()
  const { parts } = bundle
  const forged: [string, object][] = [
    ['another manifest', { manifest: bundle.manifest.replace('"period"', '"perioD"') }],
    ['another signature', { signature: bundle.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }],
    ['a part changed', { parts: { ...parts, 'members.json': '[]\n' } }],
    ['a part missing', { parts: Object.fromEntries(Object.entries(parts).filter(([name]) => name !== 'keys.json')) }],
    ['a part more', { parts: { ...parts, 'more.json': '[]\n' } }],
  ]
  for (const [what, change] of forged) {
    const { finding } = await verifyEvidence(JSON.stringify({ ...bundle, ...change }), keys)
    expect([what, finding]).toEqual([what, expect.any(String)])
  }
  for (const { publicKey } of [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('ed25519')])
    expect((await verifyEvidence(text, new Map([['*', publicKey]]))).finding).toEqual(expect.any(String))
})

test('it says how things stand: members by id, keys and their ages, rights, retention, controls, its own making', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const owner = await signedIn(gateway)
  const auditor = await signedIn(gateway, 'auditor')
  const { deps } = gateway.gateway
  await applyRetention({ db: deps.pools.worker, clock: gateway.clock, log: deps.log })
  const { bundle } = await exported(auditor)
  const members = partOf(bundle, 'members.json') as { memberId: string; role: string; secondFactor: boolean }[]
  expect(members.map(({ memberId, role, secondFactor }) => [memberId, role, secondFactor])).toEqual([
    [owner.memberId, 'owner', false],
    [auditor.memberId, 'auditor', false],
  ])
  expect(partOf(bundle, 'api-keys.json')).toMatchObject([
    { apiKeyId: gateway.merchant.apiKeyId, ageInDays: 0, kind: 'sk' },
  ])
  expect(partOf(bundle, 'session-rules.json')).toMatchObject({ idleS: 900, longestS: 43_200 })
  expect((partOf(bundle, 'practices.json') as { test: object[] }).test).toHaveLength(14)
  expect(partOf(bundle, 'retention.json')).toHaveLength(9)
  expect((partOf(bundle, 'keys.json') as { dataKeys: object[] }).dataKeys).toMatchObject([{ wrappedBy: 'ring/1' }])
  const rights = partOf(bundle, 'database-rights.json')
  expect(rights).toContainEqual({
    role: 'ucanpay_worker',
    table: 'public.orders',
    column: null,
    rights: ['SELECT', 'UPDATE'],
  })
  const oscal = partOf(bundle, 'oscal-component-definition.json') as {
    'component-definition': { components: { 'control-implementations': unknown[] }[] }
  }
  expect(oscal['component-definition'].components[0]?.['control-implementations'].length).toBeGreaterThan(10)
  const ids = [...(bundle.parts['oscal-component-definition.json'] ?? '').matchAll(/"uuid": "([^"]+)"/g)].map(
    ([, id = '']) => id,
  )
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(ids.length)
  expect(bundle.parts['audit-log.jsonl']).toMatch(new RegExp(`${auditor.memberId}.*evidence\\.exported`))
})

test('nothing personal, no key and no number of a card or an account is in it', async () => {
  const gateway = await startGateway()
  const owner = await signedIn(gateway)
  await gateway.post('/users', { email: CANARIES.email, name: CANARIES.name, phone: CANARIES.phone })
  await owner.send('PUT', '/payout-details', {
    body: { form: 'CA', holder: CANARIES.name, institution: '003', transit: '74851', account: '907315268' },
  })
  await gateway.pay((await gateway.place()).data['payUrl'], { number: CANARIES.card, holderName: CANARIES.name })
  const { text } = await exported(owner)
  for (const kind of ['card', 'email', 'phone', 'name'] as CanaryKind[]) expect(findCanary(kind, text)).toEqual([])
  const secrets = [owner.email, '907315268', '74851', CARD.number, gateway.merchant.secretKey]
  for (const secret of [...secrets, gateway.merchant.webhookSecret, owner.cookie ?? '', gateway.receiver.url])
    expect([secret, text.includes(secret)]).toEqual([secret, false])
  expect(text).not.toMatch(/"d":|wrapped_key|password_hash|\$argon2/)
})

test('who may not export evidence does not, an auditor writes nothing else, and a stranger’s bundle is the stranger’s', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  for (const role of ['developer', 'finance', 'support'] as const)
    expect(await (await signedIn(gateway, role)).post('/evidence', PERIOD)).toMatchObject({
      status: 403,
      msg: 'NOAUTH',
    })
  const auditor = await signedIn(gateway, 'auditor')
  expect(await auditor.post('/members', { email: 'a@example.com', role: 'owner' })).toMatchObject({ status: 403 })
  expect(await auditor.post('/api-keys', { name: 'x', kind: 'sk', scopes: [] })).toMatchObject({ status: 403 })
  const other = await gateway.addMerchant()
  const { text } = await exported(await signedIn(gateway, 'auditor', other.merchantId))
  for (const own of [gateway.merchant.merchantId, auditor.memberId, gateway.merchant.apiKeyId])
    expect(text).not.toContain(own)
  for (const body of [{ ...PERIOD, to: PERIOD.from }, { from: 'x', to: 'y' }, {}, { ...PERIOD, merchantId: 'M1' }])
    expect((await auditor.post('/evidence', body)).status).toBe(400)
  expect(await gateway.rows(`audit_log where action = 'evidence.exported'`)).toHaveLength(1)
})

test('once a merchant is live, a bundle of both modes needs a second factor', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [], expiresInDays: 30 })
  const refused = await (await signedIn(gateway, 'auditor')).post('/evidence', PERIOD)
  expect(refused).toMatchObject({ status: 403, headers: { 'x-needs': 'second-factor' } })
})

test('the catalogue that is exported is the one that docs/controls has', () => {
  const made = execFileSync(process.execPath, [`${ROOT}scripts/control-catalogue.mjs`, '--print'], { encoding: 'utf8' })
  expect(readFileSync(`${ROOT}apps/gateway/src/domain/reports/control-catalogue.json`, 'utf8')).toBe(made)
})
