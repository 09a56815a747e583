import { expect, test } from 'vitest'
import { failureOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { addApp, addMember, codeOf, openBrowser, PASSWORD, signedIn } from '../support/member.ts'

const MINUTE = 60_000

test('a member signs in by address and password, and the cookie is for this host, HTTPS and the server alone', async () => {
  const gateway = await startGateway({ role: 'all' })
  const { email, memberId } = await addMember(gateway, 'finance')
  const browser = openBrowser(gateway)
  const answer = await browser.signIn(` ${email.toUpperCase()} `.trim())
  expect(answer).toMatchObject({ status: 200, data: { next: 'signed-in', factors: [] } })
  expect(answer.data['csrfToken']).toMatch(/^[0-9A-Za-z_-]{43}$/)
  expect(browser.cookies[0]).toMatch(/^__Host-ucanpay=[0-9A-Za-z_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/)
  const { data } = await browser.session()
  expect(data).toMatchObject({ memberId, email, name: 'Ada', role: 'finance', mode: 'test', hasSecondFactor: false })
  const stored = JSON.stringify(await gateway.rows('sessions'))
  expect(stored).not.toContain(browser.cookie)
  expect(JSON.stringify(await gateway.rows('members'))).not.toContain(email)
})

test('every refusal is the same: a wrong password, an address that is nobody’s, a member who may not, a locked address', async () => {
  const gateway = await startGateway()
  const [member, disabled] = [await addMember(gateway), await addMember(gateway)]
  await gateway.sql(`update members set status = 'disabled' where member_id = $1`, [disabled.memberId])
  const browser = openBrowser(gateway)
  const refusals = [
    await browser.signIn(member.email, 'wrong password here'),
    await browser.signIn('nobody@example.com', PASSWORD),
    await browser.signIn(disabled.email),
  ]
  for (let attempt = 0; attempt < 10; attempt++) await browser.signIn('locked@example.com', 'wrong')
  refusals.push(await browser.signIn('locked@example.com', 'wrong'))
  const [first] = refusals.map(failureOf)
  expect(first).toMatchObject({ status: 401, msg: 'NOAUTH' })
  for (const refusal of refusals) expect(failureOf(refusal)).toEqual(first)
  expect(browser.cookies).toEqual([])
})

test('a refusal is the same to the last header, whether the address is anybody’s or not', async () => {
  const gateway = await startGateway()
  const { email } = await addMember(gateway)
  const said = async (address: string): Promise<unknown> => {
    const browser = openBrowser(gateway)
    const { status, headers, text } = await browser.signIn(address, 'wrong password here')
    // What differs each time by itself: the time, the request's id, and how much of the rate limit is left.
    const { date, 'request-id': id, 'x-ratelimit-remaining': left, 'x-ratelimit-reset': reset, ...rest } = headers
    expect([date, id, left, reset].map((value) => typeof value)).toEqual(Array(4).fill('string'))
    const body = text.replace(String(id), 'req').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'then')
    return { status, rest, names: Object.keys(headers), body, length: text.length, cookies: browser.cookies }
  }
  const known = await said(email)
  expect(known).toMatchObject({ status: 401, cookies: [] })
  expect(await said('nobody@example.com')).toEqual(known)
  expect(await said(`x${email}`)).toEqual(known)
})

test('ten failures in a row lock an address for half an hour, whether it is anybody’s or not, and however they come', async () => {
  const gateway = await startGateway()
  const { email } = await addMember(gateway)
  const browser = openBrowser(gateway)
  const at = async (address: string, password: string): Promise<number> =>
    (await browser.signIn(address, password)).status
  for (const address of [email, 'nobody@example.com']) {
    await Promise.all(Array.from({ length: 10 }, () => at(address, 'wrong password')))
  }
  expect(await at(email, PASSWORD)).toBe(401)
  const locks = await gateway.rows<{ locked_until: Date | null }>('sign_in_failures')
  expect(locks.map(({ locked_until: until }) => until !== null)).toEqual([true, true])
  gateway.moveClock(29 * MINUTE)
  expect(await at(email, PASSWORD)).toBe(401)
  gateway.moveClock(2 * MINUTE)
  expect(await at(email, PASSWORD)).toBe(200)
  for (let attempt = 0; attempt < 9; attempt++) await at(email, 'wrong password')
  expect(await at(email, PASSWORD)).toBe(200) // Nine are not ten, and a good one begins anew.
  expect(await at(email, 'wrong password')).toBe(401)
  expect(await at(email, PASSWORD)).toBe(200)
})

test('of many guesses at once no more than ten are judged', async () => {
  const gateway = await startGateway()
  const { email } = await addMember(gateway)
  const guesses = Array.from({ length: 25 }, (_, at) =>
    openBrowser(gateway).signIn(email, at === 24 ? PASSWORD : `wrong ${at}`),
  )
  const good = (await Promise.all(guesses)).filter(({ status }) => status === 200)
  const judged = await gateway.rows(`audit_log where action = 'member.sign-in-refused'`)
  expect(judged.length + good.length).toBe(25)
  const [row] = await gateway.rows<{ failures_in_a_row: number }>('sign_in_failures')
  expect(good.length === 1 || (row?.failures_in_a_row ?? 0) >= 10).toBe(true)
})

test('with a second factor the password alone opens nothing, and live mode opens to nobody without one', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const early = await browser.post('/session/mode', { mode: 'live' })
  expect([early.status, early.headers['x-needs']]).toEqual([403, 'second-factor'])
  const { recoveryCodes } = await addApp(gateway, browser)
  expect(recoveryCodes).toHaveLength(10)
  expect((await browser.post('/session/mode', { mode: 'live' })).data).toMatchObject({ mode: 'live' })

  const second = openBrowser(gateway)
  const first = await second.signIn(browser.email)
  expect(first.data).toMatchObject({ next: 'second-factor', factors: ['totp', 'recovery'] })
  expect(await second.get('/session')).toMatchObject({ status: 401, msg: 'NOAUTH' })
  expect(await second.get('/members')).toMatchObject({ status: 401 })
})

test('the second step gives a session of a new id; a code is good once, in every process', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const { secret, recoveryCodes } = await addApp(gateway, browser)
  gateway.moveClock(MINUTE)
  const code = codeOf(secret, gateway.clock.now())
  const [one, two] = [openBrowser(gateway), openBrowser(gateway)]
  for (const each of [one, two]) await each.signIn(browser.email)
  const firsts = [one.cookie, two.cookie]
  const given = await Promise.all([one, two].map((each) => each.post('/sign-in/totp', { code })))
  expect(given.map(({ status }) => status).sort()).toEqual([200, 401])
  const winner = given[0]?.status === 200 ? one : two
  expect(firsts).not.toContain(winner.cookie)
  expect((await winner.session()).data).toMatchObject({ hasSecondFactor: true })
  const stolen = openBrowser(gateway)
  stolen.cookie = firsts[winner === one ? 0 : 1]
  expect((await stolen.get('/session')).status).toBe(401) // What was planted before the sign-in opens nothing after it.

  const loser = winner === one ? two : one
  const [recovery = ''] = recoveryCodes
  expect((await loser.post('/sign-in/recovery', { code: recovery })).status).toBe(200)
  const third = openBrowser(gateway)
  await third.signIn(browser.email)
  expect((await third.post('/sign-in/recovery', { code: recovery })).status).toBe(401)
})

test('guessing codes locks the address like guessing passwords', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway)
  const { secret } = await addApp(gateway, browser)
  gateway.moveClock(2 * MINUTE)
  const attacker = openBrowser(gateway)
  await attacker.signIn(browser.email)
  for (let guess = 0; guess < 10; guess++) await attacker.post('/sign-in/totp', { code: String(100_000 + guess) })
  const good = await attacker.post('/sign-in/totp', { code: codeOf(secret, gateway.clock.now()) })
  expect(good.status).toBe(401)
  expect((await openBrowser(gateway).signIn(browser.email)).status).toBe(401)
})
