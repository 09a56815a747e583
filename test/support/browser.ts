import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type Page } from 'playwright-core'
import { expect } from 'vitest'

/**
 * Starts a real Chromium. Certificates of the development CA are not in its store, so its warning is passed by.
 *
 * @param ignoreDefaultArgs what Playwright would start it with and this test does not want
 */
export function launchBrowser(ignoreDefaultArgs: string[] = []): Promise<Browser> {
  return chromium.launch({
    ignoreDefaultArgs,
    executablePath: process.env['UCANPAY_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

export const PHONE = { width: 360, height: 740 } as const
export const DESKTOP = { width: 1280, height: 800 } as const

/** How a page is looked at. */
export interface View {
  readonly viewport?: { width: number; height: number }
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
}

/** A page of its own, with what its console and its policy complained of. */
export async function openPage(browser: Browser, view: View = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: view.viewport ?? PHONE,
    locale: view.locale ?? 'en-CA',
    colorScheme: view.colorScheme ?? 'light',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

/** WCAG 2.2 AA, as far as a machine can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

/** Fills in the card form as a buyer does. */
export async function typeCard(page: Page, number = '4242424242424242'): Promise<void> {
  await page.getByLabel('Card number').fill(number)
  await page.getByLabel('Expiry date').pressSequentially(`12${String((new Date().getUTCFullYear() + 2) % 100)}`)
  await page.getByLabel('Security code').fill('737')
  await page.getByLabel('Name on card').fill('Ada Lovelace')
}
