import express from 'express'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../../test/support/browser.ts'
import { createSessions, sessionsInMemory } from '../src/session/session.ts'
import { secureSite } from './support/secure-site.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('in a real browser: scripts see no cookie, other sites post nothing with it, and it ends when it was idle', async () => {
  let now = Date.now()
  const sessions = createSessions({ store: sessionsInMemory(), now: () => now })
  const posted: { site: string | undefined; hasCookie: boolean }[] = []
  const app = express()
  app.use((request, _response, next) => {
    const { 'sec-fetch-site': site, cookie } = request.headers
    if (request.method === 'POST') posted.push({ site: site?.toString(), hasCookie: cookie !== undefined })
    next()
  })
  app.use(sessions.express)
  app.get('/', (request, response) => {
    response.type('html').send(
      `<p id="who">${request.session.userId ?? 'nobody'}</p>
       <form method="post" action="/sign-in"><button>Sign in</button></form>
       <form method="post" action="/sign-out"><button>Sign out</button></form>`,
    )
  })
  app.post('/sign-in', async (request, response) => {
    await request.session.signIn('ada')
    response.redirect(303, '/')
  })
  app.post('/sign-out', async (request, response) => {
    await request.session.signOut()
    response.redirect(303, '/')
  })
  const shop = await secureSite(app)
  const evil = await secureSite((request, response) => {
    const path = request.url === '/login' ? '/sign-in' : '/sign-out'
    response.setHeader('content-type', 'text/html')
    response.end(`<form method="post" action="${shop.url}${path}"><button>Win</button></form>`)
  })
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const who = (): Promise<string | null> => page.textContent('#who')
  // The other site is another host: localhost and 127.0.0.1 are two sites to a browser.
  const evilUrl = evil.url.replace('localhost', '127.0.0.1')

  await page.goto(`${evilUrl}/login`)
  await page.click('text=Win')
  await page.goto(shop.url)
  expect([await who(), await context.cookies()]).toEqual(['nobody', []])

  await page.click('text=Sign in')
  expect(await who()).toBe('ada')
  expect(await page.evaluate('document.cookie')).toBe('')
  expect(await context.cookies()).toMatchObject([
    {
      name: '__Host-session',
      domain: 'localhost',
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      expires: -1,
    },
  ])

  await page.goto(evilUrl)
  await page.click('text=Win')
  expect(posted.at(-1)).toEqual({ site: 'cross-site', hasCookie: false })
  expect(await page.textContent('body')).toContain('not allowed')
  await page.goto(shop.url)
  expect(await who()).toBe('ada')

  now += 14 * 60_000
  await page.reload()
  expect(await who()).toBe('ada')
  now += 15 * 60_000
  await page.reload()
  expect(await who()).toBe('nobody')

  await page.click('text=Sign in')
  const [stolen] = await context.cookies()
  await page.click('text=Sign out')
  expect([await who(), await context.cookies()]).toEqual(['nobody', []])
  await context.addCookies([{ ...stolen, name: '__Host-session', value: stolen?.value ?? '', secure: true }])
  await page.reload()
  expect(await who()).toBe('nobody')
  await context.close()
})
