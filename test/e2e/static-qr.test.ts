import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { DESKTOP, PHONE, expectAccessible, launchBrowser, openPage, typeCard } from '../support/browser.ts'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../support/sandbox.ts'

vi.setConfig({ testTimeout: 300_000 })

let browser: Browser
let sandbox: Sandbox
const home = newHome()
const REFUSED = /^Failed to load resource: the server responded with a status of 40[134]/

beforeAll(async () => {
  ;[browser, sandbox] = await Promise.all([launchBrowser(), startSandbox(home, await freePorts())])
})

afterAll(async () => {
  await browser.close()
  await sandbox.stop()
  removeHome(home)
})

async function signedIn(): Promise<{ page: Page; complaints: string[] }> {
  const opened = await openPage(browser, { viewport: DESKTOP })
  const { page } = opened
  await page.goto(sandbox.dev.dashboardUrl)
  await page.getByLabel('E-mail address').fill(sandbox.dev.adminEmail)
  await page.getByLabel('Password', { exact: true }).fill(sandbox.dev.adminPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.member-button').waitFor()
  return opened
}

async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor()
  await expect.poll(() => page.locator('.bone, .bones, [aria-busy=true]').count(), { timeout: 30_000 }).toBe(0)
}

/** No wider than the screen, and within the rules for everybody. */
async function expectFits(page: Page): Promise<void> {
  await expectAccessible(page)
  const overflow = await page.evaluate<number>(
    `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
  )
  expect(overflow).toBe(0)
}

/** Makes a code in the dashboard. @returns the address that it encodes */
async function makeCode(page: Page, values: { name: string; fixed?: boolean }): Promise<string> {
  await page.goto(`${sandbox.dev.dashboardUrl}/qr/codes`)
  await settled(page)
  await page.getByRole('button', { name: 'New code' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Make the code' }).click()
  await dialog.getByText('Give it a name.').waitFor()
  await expectFits(page)
  await dialog.getByLabel('Name').fill(values.name)
  await dialog.getByLabel('What for').fill('Coffee & cake')
  await dialog.getByText('Say in 30 characters').waitFor()
  await dialog.getByLabel('What for').fill('Coffee and cake')
  await dialog.getByLabel('Currency').selectOption('CAD')
  if (values.fixed) {
    await dialog.getByLabel('Amount').first().selectOption('fixed')
    await dialog.getByLabel('Amount').nth(1).fill('4.50')
  } else {
    await dialog.getByLabel('At least').fill('1')
    await dialog.getByLabel('At most').fill('50')
  }
  await dialog.getByLabel('Notify').fill(`${sandbox.dev.shopUrl}/notifications`)
  await dialog.getByRole('button', { name: 'Make the code' }).click()
  await page.waitForURL(/\/qr\/codes\/qrc_/)
  await settled(page)
  return page.locator('.qr-link code').innerText()
}

async function saved(page: Page, kind: string): Promise<{ name: string; content: Buffer }> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: kind, exact: true }).click()
  const download = await downloading
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) }
}

test('a code is made, downloaded in three kinds, scanned with a phone and paid; then it is switched off', async () => {
  const { page, complaints } = await signedIn()
  const codeUrl = await makeCode(page, { name: 'Till by the door' })
  expect(codeUrl).toMatch(/\/q\/[0-9A-Za-z_-]{24}$/)
  await expectFits(page)
  const files = [await saved(page, 'SVG'), await saved(page, 'PNG'), await saved(page, 'PDF')]
  expect(files.map(({ name }) => name.replace(/^code-qrc_\w+/, ''))).toEqual(['.svg', '.png', '.pdf'])
  expect(files[0]?.content.toString()).toContain('<svg')
  expect(files[1]?.content.subarray(1, 4).toString()).toBe('PNG')
  expect(files[2]?.content.toString('latin1')).toContain('(Coffee and cake) Tj')

  const buyer = await openPage(browser, { viewport: PHONE, locale: 'fr-CA', colorScheme: 'dark' })
  await buyer.page.goto(codeUrl)
  await expectFits(buyer.page)
  expect(await buyer.page.content()).not.toContain('Till by the door')
  const amount = buyer.page.getByLabel('Montant en CAD')
  const go = buyer.page.getByRole('button', { name: 'Continuer vers le paiement' })
  for (const [typed, said] of [
    ['', 'Entrez le montant que la boutique'],
    ['0,99', 'Entrez un montant de'],
    ['50,01', 'Entrez un montant de'],
    ['12,345', 'Entrez un montant de'],
  ] as const) {
    await amount.fill(typed)
    await go.click()
    await buyer.page.locator('#amount-mistake', { hasText: said }).waitFor()
  }
  await expectFits(buyer.page)
  await amount.fill('12,34')
  await go.dblclick()
  await buyer.page.waitForURL(/\/pay\//)
  expect(await buyer.page.locator('h1 .amount').innerText()).toMatch(/^12,34/)
  await buyer.page.context().close()

  // The very same, in English, to the end.
  const other = await openPage(browser)
  await other.page.goto(codeUrl)
  await other.page.getByLabel('Amount in CAD').fill('8.50')
  await other.page.getByRole('button', { name: 'Continue to payment' }).click()
  await other.page.waitForURL(/\/pay\//)
  await typeCard(other.page)
  await other.page.getByRole('button', { name: 'Pay $8.50' }).click()
  await other.page.getByRole('heading', { name: 'Paid' }).waitFor()

  await page.reload()
  await settled(page)
  const rows = page.locator('tbody tr')
  await expect.poll(() => rows.count()).toBe(2) // Two presses of one form are one order.
  expect(await rows.allInnerTexts()).toEqual([expect.stringMatching(/8\.50[^]*Paid/), expect.stringContaining('12.34')])
  const codePage = page.url()
  await page.getByRole('link', { name: 'All payments by this code' }).click()
  await page.waitForURL(/\/payments\?codeId=/)
  await page
    .getByRole('combobox', { name: 'QR code' })
    .locator('option:checked', { hasText: 'Till by the door' })
    .waitFor({ state: 'attached' })
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByLabel('Status').selectOption('SUCCESS')
  await expect.poll(() => rows.count()).toBe(1)
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(2)
  await page.goto(codePage)

  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('button', { name: 'Switch on' }).waitFor()
  await other.page.goto(codeUrl)
  await other.page.getByRole('heading', { name: 'This code is switched off' }).waitFor()
  await expectFits(other.page)
  await other.page.goto(`${codeUrl.slice(0, -1)}${codeUrl.endsWith('A') ? 'B' : 'A'}`)
  await other.page.getByRole('heading', { name: 'This code leads nowhere' }).waitFor()
  for (const lines of [complaints, buyer.complaints, other.complaints])
    expect(lines.filter((line) => !REFUSED.test(line))).toEqual([])
})

test('of a fixed amount the buyer sees it and enters none, and a code that is switched off meanwhile says so', async () => {
  const { page } = await signedIn()
  const codeUrl = await makeCode(page, { name: 'Vending machine', fixed: true })
  const buyer = await openPage(browser)
  await buyer.page.goto(codeUrl)
  await buyer.page.getByText('$4.50').waitFor()
  expect(await buyer.page.locator('input').count()).toBe(0)
  await expectFits(buyer.page)
  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('button', { name: 'Switch on' }).waitFor()
  await buyer.page.getByRole('button', { name: 'Continue to payment' }).click()
  await buyer.page.getByRole('heading', { name: 'This code is switched off' }).waitFor()
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByRole('button', { name: 'Switch off' }).waitFor()
  await buyer.page.reload()
  await buyer.page.getByRole('button', { name: 'Continue to payment' }).click()
  await buyer.page.waitForURL(/\/pay\//)
  expect(await buyer.page.locator('h1 .amount').innerText()).toBe('$4.50')
})
