import type { BrowserContext, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addMember } from '../../apps/gateway/test/support/member.ts'
import { DESKTOP, expectAccessible } from '../support/browser.ts'
import { askAsPage, givePassword, inside, openOffice, outside, signOut, visit, type Office } from '../support/office.ts'

vi.setConfig({ testTimeout: 180_000 })

/** What only somebody who is signed in may see. */
const CANARY = 'Saffron bun 7c1'
const MINUTE = 60_000

let office: Office
beforeAll(async () => {
  // Chromium keeps pages that one has left, as it does for everybody; Playwright would turn that off.
  office = await openOffice({}, ['--disable-back-forward-cache'])
  await office.gateway.place({ subject: CANARY })
})
afterAll(() => office.close())

/** A browser whose clock, and the gateway's, can be moved; somebody is signed in and looks at the payments. */
async function clocked(): Promise<{
  page: Page
  context: BrowserContext
  email: string
  pass: (ms: number) => Promise<void>
}> {
  const { email } = await addMember(office.gateway)
  const context = await office.browser.newContext({ ignoreHTTPSErrors: true, viewport: DESKTOP, locale: 'en-CA' })
  await context.clock.install()
  const page = await context.newPage()
  await page.goto(`${office.url}/sign-in?next=%2Fpayments`)
  await givePassword(page, email)
  await page.getByText(CANARY).waitFor()
  const pass = async (ms: number): Promise<void> => {
    office.gateway.moveClock(ms)
    await context.clock.runFor(ms)
  }
  return { page, context, email, pass }
}

const warning = (page: Page) => page.getByRole('dialog', { name: 'Are you still there?' })

test('after 13 minutes the page warns and counts down; who stays, stays; after 15 it shows nothing of the merchant’s', async () => {
  const { page, email, pass } = await clocked()
  await pass(12 * MINUTE)
  expect(await warning(page).count()).toBe(0)
  await pass(MINUTE + 5_000)
  const timer = warning(page).getByRole('timer')
  await timer.waitFor()
  const left = async (): Promise<number> => {
    const [, minutes, seconds] = /(\d):(\d\d)/.exec(await timer.innerText()) ?? []
    return Number(minutes) * 60 + Number(seconds)
  }
  const before = await left()
  expect(before).toBeGreaterThan(30)
  expect(before).toBeLessThan(120)
  await pass(20_000)
  await expect.poll(left).toBeLessThanOrEqual(before - 20)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await warning(page).waitFor({ state: 'detached' })
  await pass(12 * MINUTE)
  expect(await warning(page).count()).toBe(0)
  await page.getByText(CANARY).waitFor()
  await pass(3 * MINUTE + 5_000)
  await outside(page)
  await page.getByText('Your session has ended.').waitFor()
  for (const secret of [CANARY, email, office.gateway.merchant.merchantId])
    expect(await page.content()).not.toContain(secret)
  await expectAccessible(page)
  await givePassword(page, email)
  await page.getByText(CANARY).waitFor() // Where one was.
  expect(new URL(page.url()).pathname).toBe('/payments')
})

test('what the page does by itself keeps nobody signed in; what the member does, does', async () => {
  const { page, pass } = await clocked()
  for (let at = 0; at < 14; at++) await pass(MINUTE) // The list asks for what is new all the while.
  await warning(page).waitFor()
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await warning(page).waitFor({ state: 'detached' })
  const go = async (name: string): Promise<void> => {
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  for (let at = 0; at < 16; at++) {
    await pass(MINUTE)
    await go(at % 2 === 0 ? 'Refunds' : 'Payments') // Both have been read before.
  }
  expect(await warning(page).count()).toBe(0)
  await page.getByText(CANARY).waitFor()
})

test('after twelve hours it is over, whatever one does', async () => {
  const { page, pass } = await clocked()
  for (let passed = 0; passed < 11 * 60 + 48; passed += 12) {
    await pass(12 * MINUTE)
    expect((await askAsPage(page, { method: 'POST', path: '/session/extend' })).status).toBe(200)
  }
  await page.getByText(CANARY).waitFor()
  await pass(12 * MINUTE + 5_000)
  await outside(page)
  expect(await page.content()).not.toContain(CANARY)
})

test('a laptop that slept shows nothing of before while it asks, and nothing afterwards', async () => {
  const { page, context } = await clocked()
  let answer: () => void = () => undefined
  const held = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/dashboard-api/session', async (route) => {
    await held // The network is not back yet, as after a sleep.
    await route.continue()
  })
  office.gateway.moveClock(20 * MINUTE)
  await context.clock.setSystemTime(Date.now() + office.gateway.clock.movedMs + 20 * MINUTE) // No timer runs meanwhile.
  await page.evaluate(`dispatchEvent(new Event('focus'))`)
  await expect.poll(() => page.content()).not.toContain(CANARY)
  answer()
  await outside(page)
  expect(await page.content()).not.toContain(CANARY)
})

test('two tabs: what is done in one keeps the other from warning, and signing out of one clears the other', async () => {
  const { page, context, pass } = await clocked()
  const other = await context.newPage()
  await visit(office, other, '/refunds')
  await other.evaluate(`{
    window.warned = 0
    new MutationObserver(() => { if (document.querySelector('.countdown')) window.warned++ })
      .observe(document, { subtree: true, childList: true })
  }`)
  await pass(12 * MINUTE)
  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
  const asks: Request[] = []
  other.on('request', (request) => {
    if (request.url().endsWith('/dashboard-api/session')) asks.push(request)
  })
  await pass(50_000)
  for (let step = 0; step < 20; step++) {
    await pass(1_000)
    await inside(other) // What it asked for is known here by now.
    for (const request of asks) await (await request.response())?.finished() // The network is as quick as it is.
  }
  expect(asks.length).toBeGreaterThan(0)
  expect(await other.evaluate(`window.warned`)).toBe(0)
  await inside(other)
  await signOut(page)
  await outside(other)
  expect(await other.content()).not.toContain(CANARY)
})

test('neither the back button nor a page that the browser kept shows anything after sign-out', async () => {
  const { page, context } = await clocked()
  const other = await context.newPage()
  await visit(office, other, '/payments')
  await other.getByText(CANARY).waitFor()
  await other.goto('about:blank') // Chromium may keep the page as it was.
  await signOut(page)
  await other.goBack()
  await outside(other)
  expect(await other.content()).not.toContain(CANARY)
  for (let at = 0; at < 3; at++) {
    await page.goBack().catch(() => undefined)
    expect(await page.content()).not.toContain(CANARY)
  }
})
