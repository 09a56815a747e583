import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { request } from 'undici'
import { startGateway } from '../support/gateway.ts'
import { addApp, codeOf, openBrowser, PASSWORD, signedIn } from '../support/member.ts'

const MINUTE = 60_000

test('a session ends after 15 minutes without a request, and looking at the clock does not keep it alive', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  for (let minute = 0; minute < 40; minute += 10) {
    gateway.moveClock(10 * MINUTE)
    expect((await browser.get('/sessions')).status).toBe(200)
  }
  gateway.moveClock(10 * MINUTE)
  expect((await browser.get('/session')).status).toBe(200)
  expect((await browser.get('/sessions', { 'x-passive': '1' })).status).toBe(200)
  gateway.moveClock(6 * MINUTE)
  const late = await browser.get('/sessions')
  expect([late.status, late.msg]).toEqual([401, 'NOAUTH'])
  expect(browser.cookies.at(-1)).toContain('Max-Age=0')
})

test('a session ends after twelve hours, whatever is done', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  for (let passed = 0; passed < 11 * 60 + 50; passed += 10) {
    gateway.moveClock(10 * MINUTE)
    expect((await browser.post('/session/extend')).status).toBe(200)
  }
  gateway.moveClock(11 * MINUTE)
  expect((await browser.get('/sessions')).status).toBe(401)
})

test('a cookie that was stolen opens nothing after sign-out, in any process', async () => {
  const gateway = await startGateway()
  const beside = await startGateway({ beside: gateway })
  const browser = await signedIn(gateway)
  const thief = openBrowser(beside)
  thief.cookie = browser.cookie
  expect((await thief.get('/session')).status).toBe(200)
  const out = await browser.post('/sign-out')
  expect([out.status, browser.cookie]).toEqual([200, undefined])
  expect((await thief.get('/session')).status).toBe(401)
})

test('a request that changes something needs the token of its own session, and a page of this origin', async () => {
  const gateway = await startGateway()
  const [browser, other] = [await signedIn(gateway), await signedIn(gateway)]
  const origin = gateway.config.dashboardUrl
  const attempts: Record<string, string | undefined>[] = [
    { 'x-csrf-token': undefined },
    { 'x-csrf-token': '' },
    { 'x-csrf-token': other.csrfToken },
    { 'x-csrf-token': `${browser.csrfToken}x` },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: origin.replace('https:', 'http:') },
    { origin: `${origin}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ]
  for (const headers of attempts) {
    const { status, msg } = await browser.post('/sessions/revoke-others', {}, headers)
    expect([headers, status, msg]).toEqual([headers, 403, 'NOAUTH'])
  }
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
    expect((await browser.get('/session', headers)).status).toBe(403)
  expect(
    (
      await openBrowser(gateway).post(
        '/sign-in',
        { email: browser.email, password: PASSWORD },
        { origin: 'https://evil.example' },
      )
    ).status,
  ).toBe(403)
  expect((await browser.post('/sessions/revoke-others')).status).toBe(200)
})

test('one’s sessions are listed and ended, one and all, and nobody else’s', async () => {
  const gateway = await startGateway()
  const [mine, stranger] = [await signedIn(gateway), await signedIn(gateway)]
  const phone = openBrowser(gateway)
  await phone.signIn(mine.email)
  const list = async () =>
    (await mine.get('/sessions')).data['items'] as { sessionId: string; current: boolean; ip: string }[]
  const items = await list()
  expect(items.map(({ current }) => current).sort()).toEqual([false, true])
  expect(items[0]?.ip).toBe('127.0.0.1')
  const theirs = (await stranger.get('/sessions')).data['items'] as { sessionId: string }[]
  expect((await mine.post(`/sessions/${theirs[0]?.sessionId ?? ''}/revoke`)).status).toBe(404)
  const other = items.find(({ current }) => !current)?.sessionId ?? ''
  expect((await mine.post(`/sessions/${other}/revoke`)).status).toBe(200)
  expect((await phone.get('/session')).status).toBe(401)
  await phone.signIn(mine.email)
  expect((await mine.post('/sessions/revoke-others')).status).toBe(200)
  expect((await phone.get('/session')).status).toBe(401)
  expect((await mine.get('/session')).status).toBe(200)
  expect((await stranger.get('/session')).status).toBe(200)
})

test('a new password ends every other session, and is none of the last four or a guessable one', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const phone = openBrowser(gateway)
  await phone.signIn(browser.email)
  const change = (password: string, newPassword: string) => browser.post('/password', { password, newPassword })
  expect((await change('wrong', 'another-Harbour-71-violin')).status).toBe(403)
  for (const bad of ['password1234', 'qwertyuiop12', 'aaaaaaaaaaaaaaa', browser.email, 'corner coffee!'])
    expect([bad, (await change(PASSWORD, bad)).body]).toEqual([
      bad,
      expect.objectContaining({ msg: 'PARAM_ERROR', detail: [{ pointer: '/newPassword', rule: 'commonPassword' }] }),
    ])
  expect((await change(PASSWORD, 'short')).msg).toBe('PARAM_ERROR')
  const passwords = [PASSWORD, ...[1, 2, 3, 4].map((count) => `another-Harbour-7${count}-violin`)]
  for (let at = 1; at < passwords.length; at++) {
    gateway.moveClock(1_000)
    expect((await change(passwords[at - 1] ?? '', passwords[at] ?? '')).status).toBe(200)
  }
  expect((await phone.get('/session')).status).toBe(401)
  expect((await browser.get('/session')).status).toBe(200)
  const again = await change(passwords[4] ?? '', passwords[1] ?? '')
  expect(again.body).toMatchObject({ detail: [{ pointer: '/newPassword', rule: 'earlierPassword' }] })
  expect((await change(passwords[4] ?? '', PASSWORD)).status).toBe(200) // The fifth before may come again.
  expect((await openBrowser(gateway).signIn(browser.email, passwords[4])).status).toBe(401)
})

test('what is dear needs the member to have been there within five minutes', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const { secret } = await addApp(gateway, browser)
  gateway.moveClock(6 * MINUTE)
  const stale = await browser.post('/recovery-codes')
  expect([stale.status, stale.headers['x-needs']]).toEqual([403, 'reauthentication'])
  const show = (body: object) => browser.post('/session/reauthenticate', body)
  expect((await show({ password: PASSWORD })).status).toBe(403) // The app's code is asked as well.
  expect((await show({ password: 'wrong', code: codeOf(secret, gateway.clock.now()) })).status).toBe(403)
  const shown = await show({ password: PASSWORD, code: codeOf(secret, gateway.clock.now()) })
  expect(shown.data['freshUntil']).toBeDefined()
  expect((await browser.post('/recovery-codes')).status).toBe(200)
  gateway.moveClock(5 * MINUTE)
  expect((await browser.post('/recovery-codes')).status).toBe(403)
})

test('pages are served at every address with a policy without exception, and nothing of them is kept', async () => {
  const gateway = await startGateway()
  for (const path of ['/', '/payments', '/payments/123', '/account/security/more']) {
    const { statusCode, headers, body } = await request(`${gateway.config.dashboardUrl}${path}`, {
      dispatcher: gateway.agent,
    })
    await body.dump()
    expect([path, statusCode, headers['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8'])
    expect(headers['cache-control']).toBe('no-store')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toMatch(/unsafe|nonce|sha256|\*/)
  }
  const wrong = await openBrowser(gateway).get('/sign-in')
  expect([wrong.status, wrong.msg, wrong.headers['allow']]).toEqual([405, 'REQUIRE_POST_METHOD', 'POST'])
  expect(await openBrowser(gateway).get('/none')).toMatchObject({ status: 404, msg: 'NOT_FOUND' })
})

test('an address, and all below it, gets the page that begins to load what is seen there; any other the plain one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-pages-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const part of ['assets', 'pages']) mkdirSync(join(folder, part))
  for (const page of ['index', 'pages/home', 'pages/payments', 'pages/audit-log'])
    writeFileSync(join(folder, `${page}.html`), page)
  const gateway = await startGateway({ config: { dashboardFolder: folder } })
  const served: string[] = []
  for (const path of [
    '/',
    '/payments',
    '/payments/123?x=/',
    '/audit-log?q=1',
    '/sign-in',
    '/constructor',
    '/..%2Findex',
  ]) {
    const { statusCode, body } = await request(`${gateway.config.dashboardUrl}${path}`, { dispatcher: gateway.agent })
    served.push(`${path} ${statusCode} ${await body.text()}`)
  }
  expect(served).toEqual([
    '/ 200 pages/home',
    '/payments 200 pages/payments',
    '/payments/123?x=/ 200 pages/payments',
    '/audit-log?q=1 200 pages/audit-log',
    '/sign-in 200 index',
    '/constructor 200 index',
    '/..%2Findex 200 index',
  ])
})
