import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { failureOf } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { addApp, codeOf, openBrowser, PASSWORD, signedIn } from '../support/member.ts'

const MINUTE = 60_000
const NEW_PASSWORD = 'another-Harbour-71-violin'

/** A gateway whose worker puts mails into a folder. */
async function withMail(): Promise<{
  gateway: TestGateway
  mails: () => string[]
  linkOf: (count: number) => Promise<string>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-mail-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const gateway = await startGateway({ config: { mail: { kind: 'folder', folder } } })
  const mails = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .sort((a, b) => statSync(join(folder, a)).mtimeMs - statSync(join(folder, b)).mtimeMs)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
  const linkOf = async (count: number): Promise<string> => {
    await expect.poll(() => mails().length).toBe(count)
    return /https:\/\/\S+#(\S+)/.exec(mails().at(-1) ?? '')?.[1] ?? ''
  }
  return { gateway, mails, linkOf }
}

test('an invitation is mailed, looked at, accepted once, and its token is stored nowhere', async () => {
  const { gateway, mails, linkOf } = await withMail()
  const owner = await signedIn(gateway)
  const invited = await owner.post('/members', { email: 'grace@example.com', role: 'developer' })
  expect(invited.data).toMatchObject({ email: 'grace@example.com', role: 'developer', status: 'invited', name: '' })
  const token = await linkOf(1)
  expect(mails()[0]).toContain('To: grace@example.com')
  expect(mails()[0]).toContain(`${gateway.config.dashboardUrl}/invitation#`)
  const everything = JSON.stringify([await gateway.rows('member_links'), await gateway.rows('outbox'), gateway.log])
  expect(everything).not.toContain(token)
  expect(everything).not.toContain('grace')

  const browser = openBrowser(gateway)
  expect((await browser.post('/invitations/look', { token })).data).toMatchObject({
    email: 'grace@example.com',
    role: 'developer',
  })
  const accept = (newPassword: string) => browser.post('/invitations/accept', { token, name: 'Grace', newPassword })
  expect((await accept('grace-example')).body).toMatchObject({ detail: [{ rule: 'commonPassword' }] })
  const both = await Promise.all([accept(PASSWORD), accept(PASSWORD)])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 404])
  expect((await browser.post('/invitations/look', { token })).status).toBe(404)
  await browser.signIn('grace@example.com')
  expect((await browser.session()).data).toMatchObject({ name: 'Grace', role: 'developer' })
  expect(await owner.post('/members', { email: 'GRACE@example.com', role: 'support' })).toMatchObject({ status: 409 })
})

test('a link to set a new password is good for 15 minutes and once, and ends every session', async () => {
  const { gateway, mails, linkOf } = await withMail()
  const member = await signedIn(gateway)
  const { secret } = await addApp(gateway, member)
  const stranger = openBrowser(gateway)
  const ask = (email: string) => stranger.post('/password-reset', { email })
  const answers = [await ask(member.email), await ask('nobody@example.com')]
  expect(answers.map(({ status, body }) => ({ status, ...body, timestamp: '' }))).toEqual(
    Array(2).fill({ status: 200, code: 0, msg: 'SUCCESS', data: {}, timestamp: '' }),
  )
  const first = await linkOf(1)
  await ask(member.email)
  const second = await linkOf(2)
  const complete = (token: string) => stranger.post('/password-reset/complete', { token, newPassword: NEW_PASSWORD })
  expect((await complete(first)).status).toBe(404) // A newer one has taken its place.
  gateway.moveClock(16 * MINUTE)
  expect((await complete(second)).status).toBe(404)
  await ask(member.email)
  const third = await linkOf(3)
  expect((await complete(third)).status).toBe(200)
  expect((await complete(third)).status).toBe(404)
  expect((await member.get('/session')).status).toBe(401)
  expect((await stranger.signIn(member.email)).status).toBe(401)
  const signed = await stranger.signIn(member.email, NEW_PASSWORD)
  expect(signed.data).toMatchObject({ next: 'second-factor' }) // A link is no second factor.
  expect((await stranger.post('/sign-in/totp', { code: codeOf(secret, gateway.clock.now()) })).status).toBe(200)
  expect(mails()).toHaveLength(3)
})

test('without a way to mail, a link waits, and another hour finds it sent', async () => {
  const gateway = await startGateway()
  const owner = await signedIn(gateway)
  await owner.post('/members', { email: 'grace@example.com', role: 'developer' })
  await expect.poll(async () => (await gateway.rows<{ tries: number }>('outbox'))[0]?.tries).toBeGreaterThan(0)
  const [link] = await gateway.rows<{ token_hash: Buffer | null }>(
    `member_links where used_at is null and sent_at is null`,
  )
  expect(link?.token_hash).toBeNull()
})

test('each role does what its rights say, and nobody makes themselves more', async () => {
  const gateway = await startGateway()
  const [owner, admin, developer, auditor] = [
    await signedIn(gateway),
    await signedIn(gateway, 'admin'),
    await signedIn(gateway, 'developer'),
    await signedIn(gateway, 'auditor'),
  ]
  expect((await auditor.get('/members')).status).toBe(200)
  expect(failureOf(await developer.get('/members'))).toMatchObject({ status: 403, msg: 'NOAUTH' })
  for (const nobody of [developer, auditor])
    expect((await nobody.post('/members', { email: 'x@example.com', role: 'auditor' })).status).toBe(403)
  expect((await admin.post('/members', { email: 'x@example.com', role: 'owner' })).status).toBe(403)
  expect((await admin.post(`/members/${admin.memberId}/role`, { role: 'owner' })).status).toBe(403)
  expect((await admin.post(`/members/${owner.memberId}/disable`)).status).toBe(403)
  expect((await owner.post(`/members/${owner.memberId}/disable`)).status).toBe(422)
  expect((await owner.post(`/members/${owner.memberId}/role`, { role: 'admin' })).status).toBe(422) // The last owner stays.
  for (const path of ['/customers', '/customers/usr_1'])
    expect([path, (await auditor.get(path)).status]).toEqual([path, 403])
})

test('a new role, and being shut out, end every session of a member at once', async () => {
  const gateway = await startGateway()
  const [owner, member] = [await signedIn(gateway), await signedIn(gateway, 'support')]
  expect((await owner.post(`/members/${member.memberId}/role`, { role: 'finance' })).data).toMatchObject({
    role: 'finance',
  })
  expect((await member.get('/session')).status).toBe(401)
  await member.signIn(member.email)
  expect((await member.session()).data).toMatchObject({ role: 'finance' })
  expect((await owner.post(`/members/${member.memberId}/disable`)).data).toMatchObject({ status: 'disabled' })
  expect((await member.get('/session')).status).toBe(401)
  expect((await member.signIn(member.email)).status).toBe(401)
  expect((await owner.post(`/members/${member.memberId}/enable`)).data).toMatchObject({ status: 'active' })
  expect((await member.signIn(member.email)).status).toBe(200)
})

test('two owners who shut each other out at once leave one', async () => {
  const gateway = await startGateway()
  const [one, two] = [await signedIn(gateway), await signedIn(gateway)]
  const answers = await Promise.all([
    one.post(`/members/${two.memberId}/disable`),
    two.post(`/members/${one.memberId}/disable`),
  ])
  const active = await gateway.rows(`members where status = 'active'`)
  expect(active).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('another merchant’s member is no member', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const [owner, theirs] = [await signedIn(gateway), await signedIn(gateway, 'owner', stranger.merchantId)]
  const list = (await owner.get('/members')).data['items'] as { memberId: string }[]
  expect(list.map(({ memberId }) => memberId)).toEqual([owner.memberId])
  for (const action of ['disable', 'enable', 'invite-again'])
    expect(failureOf(await owner.post(`/members/${theirs.memberId}/${action}`))).toEqual(
      failureOf(await owner.post(`/members/mem_none/${action}`)),
    )
  expect((await owner.post(`/members/${theirs.memberId}/role`, { role: 'auditor' })).status).toBe(404)
  expect((await theirs.get('/session')).status).toBe(200)
})

test('the last second factor that goes takes live mode and the recovery codes with it', async () => {
  const gateway = await startGateway()
  const owner = await signedIn(gateway)
  const { factorId } = await addApp(gateway, owner)
  expect((await owner.post('/session/mode', { mode: 'live' })).status).toBe(200)
  expect((await owner.get('/factors')).data).toMatchObject({
    items: [{ factorId, kind: 'totp' }],
    recoveryCodesLeft: 10,
  })
  expect((await owner.post(`/factors/${factorId}/remove`)).status).toBe(200)
  expect((await owner.session()).data).toMatchObject({ mode: 'test', hasSecondFactor: false })
  expect((await owner.get('/factors')).data).toEqual({ items: [], recoveryCodesLeft: 0 })
  const [factors, secrets] = [await gateway.rows('totp_factors'), await gateway.rows('recovery_codes')]
  expect([factors, secrets]).toEqual([[], []])
})

test('of a merchant who is live nobody changes the team or the settings, or reads both modes, without a second factor', async () => {
  const gateway = await startGateway()
  const owner = await signedIn(gateway)
  const invite = () => owner.post('/members', { email: `x${Math.random()}@example.com`, role: 'support' })
  const settings = () => owner.send('PUT', '/settings', { body: { refundLimitAmt: 1 } })
  expect((await invite()).status).toBe(200)
  await gateway.addKey({ kind: 'sk', mode: 'live', scopes: [] })
  for (const refused of [await invite(), await settings(), await owner.get('/audit-log/export')])
    expect([refused.status, refused.headers['x-needs']]).toEqual([403, 'second-factor'])
  await addApp(gateway, owner)
  for (const allowed of [await invite(), await settings()]) expect(allowed.status).toBe(200)
})
