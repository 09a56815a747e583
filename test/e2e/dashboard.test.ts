import { generateSync } from 'otplib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { DESKTOP, PHONE, expectAccessible, launchBrowser, openPage, type View } from '../support/browser.ts'
import { settled } from '../support/office.ts'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../support/sandbox.ts'

vi.setConfig({ testTimeout: 300_000 })

let browser: Browser
let sandbox: Sandbox
const home = newHome()
/** The browser's own word for a question that was answered with a refusal; the pages ask who is signed in. */
const REFUSED = /^Failed to load resource: the server responded with a status of 40[13]/

beforeAll(async () => {
  ;[browser, sandbox] = await Promise.all([launchBrowser(), startSandbox(home, await freePorts())])
  for (const [subject, totalAmt] of [
    ['Latte', 450],
    ['Two croissants', 780],
    ['Beans, 1 kg', 3200],
  ] as const)
    await sandbox.post('/payment/unifiedorder', {
      subject,
      body: subject,
      totalAmt,
      sceneType: 'MWEB',
      notifyUrl: `${sandbox.dev.shopUrl}/notifications`,
    })
})

afterAll(async () => {
  await browser.close()
  await sandbox.stop()
  removeHome(home)
})

async function signIn(page: Page): Promise<void> {
  await page.getByLabel(/^(E-mail address|Adresse e-mail)$/).fill(sandbox.dev.adminEmail)
  await page.getByLabel(/^(Password|Mot de passe)$/).fill(sandbox.dev.adminPassword)
  await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).click()
  await page.locator('.member-button').waitFor() // The page of signing in has a heading of its own.
}

async function signedIn(view: View = {}): Promise<{ page: Page; complaints: string[]; context: BrowserContext }> {
  const { page, complaints } = await openPage(browser, { viewport: DESKTOP, ...view })
  await page.goto(sandbox.dev.dashboardUrl)
  await signIn(page)
  return { page, complaints, context: page.context() }
}

/** Every page of the navigation. */
async function pagesOf(page: Page): Promise<string[]> {
  await page.locator('nav a[href]').first().waitFor({ state: 'attached' })
  const links = await page.evaluate<string[]>(
    `[...document.querySelectorAll('nav a[href]')].map((a) => a.getAttribute('href'))`,
  )
  return [...new Set(links.filter((href) => href.startsWith('/')))]
}

const VIEWS: readonly (readonly [string, View])[] = [
  ['a wide screen, light, in English', { viewport: DESKTOP, colorScheme: 'light' }],
  ['a phone, dark, in French', { viewport: PHONE, colorScheme: 'dark', locale: 'fr-CA' }],
]

test.each(VIEWS)(
  'on %s every page is there, accessible, within the policy, and no wider than the screen',
  async (_what, view) => {
    const { page, complaints } = await openPage(browser, view)
    await page.goto(sandbox.dev.dashboardUrl)
    await page.getByRole('button').first().waitFor()
    await expectAccessible(page)
    await signIn(page)
    const pages = await pagesOf(page)
    expect(pages.length).toBeGreaterThanOrEqual(7)
    for (const path of [...pages, '/account']) {
      await page.goto(sandbox.dev.dashboardUrl + path)
      await settled(page)
      await expectAccessible(page)
      const overflow = await page.evaluate<number>(
        `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
      )
      expect([path, overflow]).toEqual([path, 0])
    }
    expect(complaints.filter((line) => !REFUSED.test(line))).toEqual([])
  },
)

test('the browser keeps a cookie that no script reads, and nothing else', async () => {
  const { page, context } = await signedIn()
  for (const path of await pagesOf(page)) {
    await page.goto(sandbox.dev.dashboardUrl + path)
    await settled(page)
  }
  const [cookie, ...more] = await context.cookies()
  expect(more).toEqual([])
  expect(cookie).toMatchObject({
    name: '__Host-ucanpay',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    expires: -1,
  })
  const kept = await page.evaluate<{ local: string[] }>(`(async () => ({
    script: document.cookie,
    session: { ...sessionStorage },
    local: Object.keys(localStorage),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
  }))()`)
  expect(kept).toEqual({
    script: '',
    session: {},
    local: kept.local.filter((name) => name === 'theme'),
    databases: [],
    caches: [],
  })
})

test('a new payment appears by itself, is found by its number, and shows all that happened', async () => {
  const { page } = await signedIn()
  const listening = page.waitForResponse(/\/payments\/stream$/)
  await page.goto(`${sandbox.dev.dashboardUrl}/payments`)
  await Promise.all([listening, settled(page)])
  const outTradeNo = `E2E${Date.now()}`
  await sandbox.post('/payment/unifiedorder', {
    outTradeNo,
    subject: 'Flat white',
    body: 'Flat white',
    totalAmt: 520,
    sceneType: 'MWEB',
    notifyUrl: `${sandbox.dev.shopUrl}/notifications`,
  })
  const row = page.locator('tbody tr', { hasText: 'Flat white' })
  const pill = page.getByRole('button', { name: /1 new/i })
  await pill.or(row).first().waitFor({ timeout: 60_000 })
  await page.getByLabel('Search', { exact: true }).fill(outTradeNo)
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1)
  await row.locator('a').first().click()
  await page.waitForURL(/\/payments\/\d+/)
  await settled(page)
  expect(await page.locator('main').innerText()).toContain(outTradeNo)
  await expectAccessible(page)
})

test('after sign-out neither the back button, nor a kept cookie, nor another tab shows anything', async () => {
  const { page, context } = await signedIn()
  const other = await context.newPage()
  await other.goto(`${sandbox.dev.dashboardUrl}/payments`)
  await settled(other)
  await page.goto(`${sandbox.dev.dashboardUrl}/payments`)
  await settled(page)
  const [kept] = await context.cookies()
  await page.locator('.member-button').click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await other.getByRole('button', { name: 'Sign in' }).waitFor()
  await page.goBack().catch(() => undefined)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  for (const tab of [page, other]) expect(await tab.content()).not.toContain('Latte')
  if (kept) await context.addCookies([kept])
  await page.goto(`${sandbox.dev.dashboardUrl}/payments`)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.content()).not.toContain('Latte')
})

test('a page of another origin can neither act, nor read, nor frame', async () => {
  const { page, context } = await signedIn()
  const evil = await context.newPage()
  await evil.goto(sandbox.dev.shopUrl)
  const outcome = await evil.evaluate(async (url) => {
    const ask = (path: string, init?: RequestInit) =>
      fetch(`${url}${path}`, { credentials: 'include', ...init }).then(
        (reply) => reply.status,
        () => 'not readable',
      )
    return [
      await ask('/dashboard-api/session'),
      await ask('/dashboard-api/sessions/revoke-others', {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'text/plain' },
      }),
    ]
  }, sandbox.dev.dashboardUrl)
  expect(outcome).toEqual(['not readable', 'not readable'])
  await page.goto(`${sandbox.dev.dashboardUrl}/payments`)
  await settled(page)
  expect(page.url()).toContain('/payments')
})

test('an authenticator app is the second step of a sign-in, and opens live mode', async () => {
  const { page, context } = await signedIn()
  const api = (path: string, body: object = {}) =>
    page.evaluate(
      async ([url, text]) => {
        const session = (await (await fetch('/dashboard-api/session')).json()) as { data: { csrfToken: string } }
        const reply = await fetch(`/dashboard-api${url}`, {
          method: 'POST',
          body: text,
          headers: { 'content-type': 'application/json', 'x-csrf-token': session.data.csrfToken },
        })
        return (await reply.json()) as { data: Record<string, string> }
      },
      [path, JSON.stringify(body)] as const,
    )
  await page.goto(`${sandbox.dev.dashboardUrl}/account`)
  await settled(page)
  const { data } = await api('/factors/totp', { name: 'Phone' })
  const code = (): string => generateSync({ secret: data['secret'] ?? '' })
  await api(`/factors/${data['factorId'] ?? ''}/confirm`, { code: code() })

  await context.clearCookies()
  await page.goto(sandbox.dev.dashboardUrl)
  await page.getByLabel('E-mail address').fill(sandbox.dev.adminEmail)
  await page.getByLabel('Password', { exact: true }).fill(sandbox.dev.adminPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const field = page.getByLabel('Code of your authenticator app')
  await field.waitFor()
  await expectAccessible(page)
  // The code that confirmed the app is used up: the next one is 30 seconds away.
  await expect
    .poll(
      async () => {
        if (!(await field.isVisible())) return 'signed in'
        await field.fill(code())
        await page.getByRole('button', { name: 'Continue' }).click()
        await page.waitForTimeout(1_500)
        return (await page.locator('main h1').count()) > 0 && !(await field.isVisible()) ? 'signed in' : 'waiting'
      },
      { timeout: 90_000, interval: 4_000 },
    )
    .toBe('signed in')
  await page.getByRole('button', { name: 'Live' }).click()
  await page.getByText('Live mode: real money.').waitFor()
  const { data: session } = await page.evaluate(
    async () => (await (await fetch('/dashboard-api/session')).json()) as { data: { mode: string } },
  )
  expect(session.mode).toBe('live')
})
