import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Role } from '@ucanpay/wire/dashboard/roles'
import { exportAudit } from '../../src/domain/audit-log/export-audit.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { addApp, addMember, signedIn, type Browser } from '../support/member.ts'
import { startRoles } from '../support/vault-roles.ts'

const CA = { form: 'CA', holder: 'Zoë Quentin', institution: '003', transit: '74851', account: '907315268' } as const
const IBAN = { form: 'IBAN', holder: 'Zoë Quentin', iban: 'DE89370400440532013000' } as const
const US = { form: 'US', holder: 'Zoë Quentin', routing: '021000021', account: '907315268' } as const
/** What may turn up nowhere. */
const SECRETS = [CA.account, CA.transit, IBAN.iban, 'Quentin']

const put = (browser: Browser, body: object) => browser.send('PUT', '/payout-details', { body })
const actions = async (gateway: TestGateway): Promise<string[]> =>
  (
    await gateway.sql<{ action: string }>(
      `select action from audit_log where action like 'payout-details.%' order by at, audit_id`,
    )
  ).map(({ action }) => action)

test('details are shown masked, whole on demand, and replaced; each act but the masked look is on record', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  expect((await browser.get('/payout-details')).data).toEqual({})
  expect(await browser.post('/payout-details/reveal')).toMatchObject({ status: 404, msg: 'NOT_FOUND' })
  const shown = { form: 'CA', holderMasked: 'Z••• Q•••', last4: '5268', changedBy: browser.memberId }
  expect((await put(browser, CA)).data).toMatchObject({ details: shown })
  const masked = await browser.get('/payout-details')
  expect(masked.data).toMatchObject({ details: shown })
  for (const secret of SECRETS) expect(masked.text).not.toContain(secret)
  expect((await browser.post('/payout-details/reveal')).data).toEqual(CA)
  expect((await put(browser, IBAN)).data).toMatchObject({ details: { form: 'IBAN', last4: '3000' } })
  expect((await put(browser, US)).data).toMatchObject({ details: { form: 'US', last4: '5268' } })
  expect((await browser.post('/payout-details/reveal')).data).toEqual(US)
  expect(await gateway.rows('payout_details')).toHaveLength(1)
  expect((await actions(gateway)).sort()).toEqual([
    'payout-details.changed',
    'payout-details.changed',
    'payout-details.changed',
    'payout-details.revealed',
    'payout-details.revealed',
  ])
})

test.each([
  [{ ...CA, transit: '1234' }, '/transit', 'pattern'],
  [{ ...CA, account: undefined }, '/account', 'required'],
  [{ ...CA, iban: IBAN.iban }, '/iban', 'additionalProperties'],
  [{ ...IBAN, iban: 'DE89370400440532013001' }, '/iban', 'checksum'],
  [{ ...US, routing: '021000022' }, '/routing', 'checksum'],
  [{ ...CA, holder: '4242 4242 4242 4242' }, '/holder', 'cardNumber'],
  [{ ...CA, holder: '' }, '/holder', 'minLength'],
  [{ ...CA, form: 'FR' }, '/form', 'enum'],
] as const)('%j is refused at its field, and nothing is kept', async (body, pointer, rule) => {
  const gateway = await startGateway({ role: 'dashboard' })
  const refused = await put(await signedIn(gateway), body)
  expect(refused).toMatchObject({ status: 400, msg: 'PARAM_ERROR', body: { detail: [{ pointer, rule }] } })
  for (const value of Object.values(body)) if (String(value).length > 4) expect(refused.text).not.toContain(value)
  expect(await gateway.rows('payout_details')).toEqual([])
  expect(await actions(gateway)).toEqual([])
})

test('who may not see them sees nothing, and who may only see them reads the mask', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  await put(await signedIn(gateway), CA)
  const refused = { status: 403, msg: 'NOAUTH' }
  const expected: [Role, number, number][] = [
    ['admin', 200, 200],
    ['finance', 200, 403],
    ['developer', 403, 403],
    ['support', 403, 403],
    ['auditor', 403, 403],
  ]
  for (const [role, reads, writes] of expected) {
    const browser = await signedIn(gateway, role)
    expect([role, (await browser.get('/payout-details')).status]).toEqual([role, reads])
    expect([role, (await browser.post('/payout-details/reveal')).status]).toEqual([role, writes])
    if (writes === 403) expect(await put(browser, IBAN)).toMatchObject(refused)
  }
  expect(await gateway.rows<{ form: string }>('payout_details')).toMatchObject([{ form: 'CA' }])
})

test('five minutes after signing in the password is asked for again, to show and to change them', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  await put(browser, CA)
  gateway.moveClock(5 * 60_000)
  for (const answer of [await put(browser, IBAN), await browser.post('/payout-details/reveal')])
    expect(answer).toMatchObject({ status: 403, msg: 'NOAUTH', headers: { 'x-needs': 'reauthentication' } })
  expect((await browser.get('/payout-details')).data).toMatchObject({ details: { form: 'CA' } })
  expect(await actions(gateway)).toEqual(['payout-details.changed'])
})

test('live details are another merchant’s world to test mode, and open to no session without a second factor', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  await put(browser, CA)
  const refused = await browser.post('/session/mode', { mode: 'live' })
  expect(refused).toMatchObject({ status: 403, headers: { 'x-needs': 'second-factor' } })
  await expect(gateway.sql(`update sessions set mode = 'live'`)).rejects.toThrow(/check/)
  await addApp(gateway, browser)
  await browser.post('/session/mode', { mode: 'live' })
  await browser.session()
  expect((await browser.get('/payout-details')).data).toEqual({})
  expect((await put(browser, IBAN)).data).toMatchObject({ details: { form: 'IBAN' } })
  await browser.post('/session/mode', { mode: 'test' })
  await browser.session()
  expect((await browser.get('/payout-details')).data).toMatchObject({ details: { form: 'CA' } })
  expect(await gateway.rows('payout_details')).toHaveLength(2)
})

test('a stranger sees and changes only their own, and a value from elsewhere does not open', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  await put(browser, CA)
  const other = await gateway.addMerchant()
  const stranger = await signedIn(gateway, 'owner', other.merchantId)
  expect((await stranger.get('/payout-details')).data).toEqual({})
  await put(stranger, US)
  expect((await browser.post('/payout-details/reveal')).data).toEqual(CA)
  await gateway.sql(
    `update payout_details t set sealed_details = o.sealed_details, key_id = o.key_id from payout_details o where o.form <> t.form`,
  )
  expect((await stranger.get('/payout-details')).status).toBe(500)
  expect((await browser.post('/payout-details/reveal')).status).toBe(500)
})

test('of ten changes at once one is left, whole, and each is on record', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  const accounts = Array.from({ length: 10 }, (_one, at) => `700000${at}`)
  const replies = await Promise.all(accounts.map((account) => put(browser, { ...CA, account })))
  expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(accounts).toContain((await browser.post('/payout-details/reveal')).data['account'])
  expect(await gateway.rows('payout_details')).toHaveLength(1)
  expect((await actions(gateway)).filter((action) => action === 'payout-details.changed')).toHaveLength(10)
})

test('every owner is told by mail of a change, others are not, and nothing of the details is anywhere in the clear', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-mail-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const gateway = await startGateway({ role: 'all', config: { mail: { kind: 'folder', folder } } })
  const browser = await signedIn(gateway)
  const [second, disabled] = [await addMember(gateway), await addMember(gateway)]
  const admin = await signedIn(gateway, 'admin')
  await gateway.sql(`update members set status = 'disabled' where member_id = $1`, [disabled.memberId])
  const mails = (): string[] =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.txt'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
  await put(admin, CA)
  await put(admin, { ...CA, transit: 'x' })
  await admin.post('/payout-details/reveal')
  await expect.poll(() => mails().length, { timeout: 20_000 }).toBe(2)
  const told = mails().map((mail) => /^To: (.*)$/m.exec(mail)?.[1] ?? '')
  expect(told.sort()).toEqual([browser.email, second.email].sort())
  for (const mail of mails()) expect(mail).toMatch(/Subject: Your payout details were changed\n[^]*test mode/)
  await expect.poll(async () => (await gateway.rows(`outbox where job = 'tell-owners'`)).length).toBe(0)

  const audit: string[] = []
  for await (const line of exportAudit(gateway.gateway.deps.db, gateway.keys, { now: new Date() })) audit.push(line)
  const tables = await gateway.sql<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const stored = await Promise.all(tables.map(async ({ name }) => JSON.stringify(await gateway.rows(name))))
  const places = {
    database: stored.join(''),
    log: gateway.log.join(''),
    mails: mails().join(''),
    audit: audit.join(''),
  }
  expect(places.audit).toContain('payout-details.changed')
  for (const [place, text] of Object.entries(places))
    for (const secret of SECRETS)
      for (const form of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64').slice(0, -4),
      ])
        expect([place, secret, text.includes(form)]).toEqual([place, secret, false])
})

test('with the vault apart the dashboard seals and opens over mutual TLS all the same', async () => {
  const { startDashboard } = await startRoles()
  const dashboard = await startDashboard()
  const browser = await signedIn(dashboard)
  await put(browser, IBAN)
  expect((await browser.post('/payout-details/reveal')).data).toEqual(IBAN)
})
