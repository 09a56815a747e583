import { request } from 'undici'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addApp, addMember, codeOf, openBrowser, PASSWORD } from '../../apps/gateway/test/support/member.ts'
import {
  deskOf,
  givePassword,
  inside,
  openDesk,
  openOffice,
  outside,
  signOut,
  visit,
  type Desk,
  type Office,
} from '../support/office.ts'
import { startOtherSite, type OtherSite } from '../support/other-site.ts'

vi.setConfig({ testTimeout: 180_000 })

const CANARY = 'Cardamom knot 4f9'
const COOKIE = '__Host-ucanpay'

let office: Office
let other: OtherSite
let thief: Desk
beforeAll(async () => {
  ;[office, other] = await Promise.all([openOffice(), startOtherSite()])
  await office.gateway.place({ subject: CANARY })
  thief = await openDesk(office)
})
afterAll(async () => {
  await office.close()
  await other.close()
})

const cookieOf = async (context: BrowserContext): Promise<string> =>
  (await context.cookies()).find(({ name }) => name === COOKIE)?.value ?? ''

/** What a thief sees who puts a stolen cookie into a browser of their own. */
async function asThief(cookie: string): Promise<'nothing' | 'everything'> {
  await setCookie(thief.context, cookie)
  await thief.page.goto(`${office.url}/payments`)
  const refused = thief.page.getByRole('button', { name: 'Sign in', exact: true })
  await thief.page.getByText(CANARY).or(refused).first().waitFor()
  return (await thief.page.content()).includes(CANARY) ? 'everything' : 'nothing'
}

function setCookie(context: BrowserContext, value: string): Promise<void> {
  return context.addCookies([
    { name: COOKIE, value, url: office.url, secure: true, httpOnly: true, sameSite: 'Strict' },
  ])
}

test('the one cookie is for this host alone, HTTPS, the server, this site, and until the browser is closed', async () => {
  const { email } = await addMember(office.gateway)
  const { page, context } = await openDesk(office)
  expect(await context.cookies()).toEqual([])
  const answer = page.waitForResponse(/dashboard-api\/sign-in$/)
  await givePassword(page, email)
  const header = (await (await answer).headersArray()).filter(({ name }) => name.toLowerCase() === 'set-cookie')
  await inside(page)
  expect(header.map(({ value }) => value.replace(/=[\w-]{43}/, '=…'))).toEqual([
    `${COOKIE}=…; Path=/; Secure; HttpOnly; SameSite=Strict`,
  ])
  expect(await context.cookies()).toEqual([
    {
      name: COOKIE,
      value: expect.stringMatching(/^[\w-]{43}$/) as string,
      domain: 'localhost', // No leading dot: no host below it gets the cookie.
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
    },
  ])
  await signOut(page)
  expect(await context.cookies()).toEqual([])
})

test('a stolen cookie opens nothing after sign-out, a new password, being ended from the list, and a new role', async () => {
  const { gateway } = office
  const [owner, member] = [await addMember(gateway), await addMember(gateway, 'finance')]
  const { page, context } = await deskOf(office, member.email)
  let stolen = await cookieOf(context)
  expect(await asThief(stolen)).toBe('everything') // While it is good, it is.
  await signOut(page)
  expect(await asThief(stolen)).toBe('nothing')

  const away = await deskOf(office, member.email)
  stolen = await cookieOf(away.context)
  await givePassword(page, member.email)
  await inside(page)
  await visit(office, page, '/account/security')
  await page.getByRole('button', { name: /^End / }).filter({ hasText: '127.0.0.1' }).click()
  await page.getByText('The session is ended.').waitFor()
  expect(await asThief(stolen)).toBe('nothing')
  await visitAsStranger(away.page)

  await givePassword(away.page, member.email)
  await inside(away.page)
  stolen = await cookieOf(away.context)
  const NEW = 'another-Harbour-71-violin'
  await page.getByLabel('Current password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('New password', { exact: true }).fill(NEW)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('The password is changed.').waitFor()
  expect(await asThief(stolen)).toBe('nothing')
  await visitAsStranger(away.page)

  const old = await cookieOf(context)
  const boss = await deskOf(office, owner.email, { path: '/team' })
  const row = boss.page.getByRole('row', { name: member.email })
  await row.getByRole('button', { name: /Change role/ }).click()
  await boss.page.getByRole('dialog').getByLabel('Role').selectOption({ label: 'Support' })
  await boss.page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click()
  await boss.page.getByText('The role is changed.').waitFor()
  expect(await asThief(old)).toBe('nothing')
  await visitAsStranger(page)
  await givePassword(page, member.email, NEW)
  await inside(page)
  expect(await cookieOf(context)).not.toBe(old)
})

async function visitAsStranger(page: Page): Promise<void> {
  await page.goto(`${office.url}/payments`)
  await outside(page)
  expect(await page.content()).not.toContain(CANARY)
}

test('a cookie that was planted before the sign-in is never adopted, not even between its two steps', async () => {
  const { gateway } = office
  const { email } = await addMember(gateway)
  const app = openBrowser(gateway)
  await app.signIn(email)
  const { secret } = await addApp(gateway, app)
  const { page, context } = await openDesk(office)
  const planted = 'A'.repeat(43)
  await setCookie(context, planted)
  await page.goto(`${office.url}/sign-in`)
  await givePassword(page, email)
  await page.getByLabel('Code of your authenticator app').waitFor()
  const between = await cookieOf(context)
  expect(between).not.toBe(planted)
  gateway.moveClock(30_000)
  await page.getByLabel('Code of your authenticator app').fill(codeOf(secret, gateway.clock.now()))
  await page.getByRole('button', { name: 'Continue' }).click()
  await inside(page)
  expect([planted, between]).not.toContain(await cookieOf(context))
  for (const each of [planted, between]) expect(await asThief(each)).toBe('nothing')
})

const ATTACKS = ['sameSite', 'crossSite'] as const

test.each(ATTACKS)(
  'a page of another origin (%s) changes nothing: by form, fetch, or with a token that it knows',
  async (kind) => {
    const { gateway, url } = office
    const [victim, attacker] = [await addMember(gateway), await addMember(gateway)]
    const { page, context } = await deskOf(office, victim.email)
    const bystander = openBrowser(gateway) // What every attack here would end: another session of the victim's.
    await bystander.signIn(victim.email)
    const theirs = openBrowser(gateway)
    await theirs.signIn(attacker.email)
    const own = (await page.evaluate(async () => (await fetch('/dashboard-api/session')).json())) as {
      data: { csrfToken: string }
    }
    const target = `${url}/dashboard-api/sessions/revoke-others`
    const statuses: number[] = []
    context.on('response', (response) => {
      if (response.url().includes('/dashboard-api/')) statuses.push(response.status())
    })
    const evil = await context.newPage()
    const tokens = ['', theirs.csrfToken, own.data.csrfToken] // The last one could only be known by reading our page.
    const forms = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map(
      (type) => `<form method="post" enctype="${type}" action="${target}"><input name='{"a":"' value='b"}'></form>`,
    )
    other.serve('/forms', `<!doctype html><title>Prize</title>${forms.join('')}`)
    for (let form = 0; form < forms.length; form++) {
      await evil.goto(`${other[kind]}/forms`)
      const refused = evil.waitForResponse(target)
      await evil.evaluate(`document.forms[${form}].submit()`)
      expect((await refused).status()).toBe(403)
      await evil.waitForURL(target)
    }
    await evil.goto(`${other[kind]}/forms`)

    const outcomes = await evil.evaluate(
      async ([address, all]) => {
        const said: string[] = []
        for (const token of all) {
          for (const type of ['text/plain', 'application/json']) {
            for (const mode of ['cors', 'no-cors'] as const) {
              const headers = {
                'content-type': type,
                ...(token === '' || mode === 'no-cors' ? {} : { 'x-csrf-token': token }),
              }
              said.push(
                await fetch(address, { method: 'POST', credentials: 'include', mode, headers, body: '{}' }).then(
                  (reply) => `${reply.type} ${reply.status}`,
                  () => 'failed',
                ),
              )
            }
          }
        }
        return said
      },
      [target, tokens] as const,
    )
    for (const outcome of outcomes) expect(['failed', 'opaque 0']).toContain(outcome)
    expect(statuses.filter((status) => status < 400)).toEqual([])
    expect((await bystander.get('/session')).status).toBe(200)
    await inside(page)
  },
)

test.each(ATTACKS)(
  'a page of another origin (%s) reads nothing: by fetch, script, stream, picture, or a window of ours',
  async (kind) => {
    const { email } = await addMember(office.gateway)
    const { context } = await deskOf(office, email)
    const evil = await context.newPage()
    await evil.goto(other[kind])
    const seen = await evil.evaluate(async (url) => {
      const read = (path: string, init: RequestInit = {}): Promise<string> =>
        fetch(url + path, { credentials: 'include', ...init }).then(
          async (reply) => `${reply.type} ${await reply.text()}`,
          () => 'failed',
        )
      const win = globalThis as unknown as {
        open(url: string): { document?: { title: string }; closed: boolean } | null
      }
      const loads = (tag: 'script' | 'img' | 'link', path: string): Promise<string> =>
        new Promise((resolve) => {
          const page = (
            globalThis as unknown as {
              document: { createElement(tag: string): Record<string, unknown>; body: { append(node: unknown): void } }
            }
          ).document
          const node = page.createElement(tag)
          node['onload'] = () => resolve('loaded')
          node['onerror'] = () => resolve('failed')
          if (tag === 'link') Object.assign(node, { rel: 'stylesheet', href: url + path })
          else node['src'] = url + path
          page.body.append(node)
        })
      const streams = new Promise<string>((resolve) => {
        const Source = (
          globalThis as unknown as { EventSource: new (url: string, init: object) => Record<string, unknown> }
        ).EventSource
        const source = new Source(`${url}/dashboard-api/payments/stream`, { withCredentials: true })
        source['onopen'] = () => resolve('opened')
        source['onerror'] = () => resolve('failed')
      })
      const sockets = new Promise<string>((resolve) => {
        const socket = new WebSocket(`${url.replace('https', 'wss')}/dashboard-api/payments/stream`)
        socket.onopen = () => resolve('opened')
        socket.onerror = () => resolve('failed')
      })
      const opened = win.open(`${url}/payments`)
      return {
        cors: await read('/dashboard-api/payments'),
        opaque: await read('/dashboard-api/payments', { mode: 'no-cors' }),
        page: await read('/payments'),
        script: await loads('script', '/dashboard-api/session'),
        picture: await loads('img', '/dashboard-api/session'),
        style: await loads('link', '/dashboard-api/session'),
        stream: await streams,
        socket: await sockets,
        window: await new Promise((resolve) => {
          try {
            resolve(opened?.document === undefined ? 'severed' : 'about:blank still')
          } catch {
            resolve('refused')
          }
        }),
      }
    }, office.url)
    expect(seen).toMatchObject({
      cors: 'failed',
      opaque: 'failed', // Not even without looking: Cross-Origin-Resource-Policy.
      page: 'failed',
      script: 'failed',
      picture: 'failed',
      style: 'failed',
      stream: 'failed',
      socket: 'failed',
    })
  },
)

test('no page of another origin, nor of our own, frames the dashboard', async () => {
  const { email } = await addMember(office.gateway)
  const { context } = await deskOf(office, email)
  for (const origin of [other.sameSite, other.crossSite]) {
    other.serve(
      '/frame',
      `<!doctype html><title>Prize</title><iframe src="${office.url}/payments"></iframe>
       <object data="${office.url}/payments"></object><embed src="${office.url}/payments">`,
    )
    const evil = await context.newPage()
    const refusals: string[] = []
    evil.on('console', (message) => refusals.push(message.text()))
    await evil.goto(`${origin}/frame`)
    await expect.poll(() => refusals.filter((line) => /frame/i.test(line)).length).toBeGreaterThanOrEqual(1)
    for (const frame of evil.frames()) expect(await frame.content().catch(() => 'taken away')).not.toContain(CANARY)
    await evil.close()
  }
  const { headers, body } = await request(`${office.url}/payments`, { dispatcher: office.gateway.agent })
  await body.dump()
  expect(headers['x-frame-options']).toBe('DENY')
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
})
