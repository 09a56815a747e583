import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { startGateway, type GatewayOptions, type TestGateway } from '../../apps/gateway/test/support/gateway.ts'
import { PASSWORD } from '../../apps/gateway/test/support/member.ts'
import { DESKTOP, expectAccessible, launchBrowser, openPage, type View } from './browser.ts'

/** A gateway with the built pages, whose clock can be moved, and a real browser: for the tests of one file. */
export interface Office {
  readonly gateway: TestGateway
  readonly browser: Browser
  readonly url: string
  close(): Promise<void>
}

/** A page of somebody's, with what its console complained of. */
export interface Desk {
  readonly page: Page
  readonly context: BrowserContext
  readonly complaints: string[]
}

const built = (app: string): string => fileURLToPath(new URL(`../../apps/${app}/dist/`, import.meta.url))

/**
 * Starts both; whoever calls it closes them when the file's tests are over.
 *
 * @param unwanted arguments that the browser is not started with
 */
export async function openOffice(config: GatewayOptions['config'] = {}, unwanted: string[] = []): Promise<Office> {
  const ends: (() => Promise<void>)[] = []
  const [gateway, browser] = await Promise.all([
    startGateway({
      feeBasisPoints: 290,
      config: { dashboardFolder: built('dashboard'), checkoutFolder: built('checkout'), ...config },
      onEnd: (takeDown) => void ends.push(takeDown),
    }),
    launchBrowser(unwanted),
  ])
  return {
    gateway,
    browser,
    url: gateway.config.dashboardUrl,
    async close() {
      await browser.close()
      for (const end of ends) await end()
    },
  }
}

/** Opens a page in a browser profile of its own, where nobody is signed in. */
export async function openDesk({ browser, url }: Office, view: View & { path?: string } = {}): Promise<Desk> {
  const { page, complaints } = await openPage(browser, { viewport: DESKTOP, ...view })
  await page.goto(url + (view.path ?? '/sign-in'))
  return { page, context: page.context(), complaints }
}

/** Gives address and password at the sign-in page. */
export async function givePassword(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The page of somebody who is signed in by password alone. */
export async function deskOf(office: Office, email: string, view: View & { path?: string } = {}): Promise<Desk> {
  const desk = await openDesk(office, { ...view, path: '/sign-in' })
  await givePassword(desk.page, email)
  await inside(desk.page)
  if (view.path !== undefined) await visit(office, desk.page, view.path)
  return desk
}

/** Somebody is signed in, and sees so: the page of signing in has a heading, but no such button. */
export async function inside(page: Page): Promise<void> {
  await page.locator('.member-button').waitFor()
}

/** Nobody is signed in, and the page says so. */
export async function outside(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
}

/** Goes to a page, and waits until it is there. */
export async function visit({ url }: Pick<Office, 'url'>, page: Page, path: string): Promise<void> {
  await page.goto(url + path)
  await settled(page)
}

/** A page is there once nothing of it is a skeleton any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor()
  await expect.poll(() => page.locator('.bone, .bones, [aria-busy=true]').count(), { timeout: 30_000 }).toBe(0)
}

/** Gives the password once more where it is asked for, after a wrong one that says so. */
export async function showWhoOneIs(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Show that it is still you' })
  await dialog.getByLabel('Password', { exact: true }).fill('not this one at all')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByText('This does not fit.').waitFor()
  await expectAccessible(page)
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Signs out as a member does, by the menu. */
export async function signOut(page: Page): Promise<void> {
  await page.locator('.member-button').click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await outside(page)
}

/** Says that a secret that is shown once is stored, and closes it. @returns what was shown */
export async function storeSecret(page: Page): Promise<string> {
  const secret = (await page.locator('pre.secret').innerText()).trim()
  await page.getByLabel('I have stored it').check()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.locator('pre.secret').waitFor({ state: 'detached' })
  return secret
}

/** What a dashboard's page asks of its gateway, as the page itself asks: same origin, cookie, CSRF token. */
export function askAsPage(
  page: Page,
  wanted: { method: 'GET' | 'POST' | 'PUT'; path: string; body?: object },
): Promise<{ status: number; text: string }> {
  return page.evaluate(async ({ method, path, body }) => {
    const session = (await (await fetch('/dashboard-api/session')).json()) as { data?: { csrfToken: string } }
    const reply = await fetch(`/dashboard-api${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-csrf-token': session.data?.csrfToken ?? '' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    return { status: reply.status, text: await reply.text() }
  }, wanted)
}
