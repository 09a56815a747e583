import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addMember } from '../../apps/gateway/test/support/member.ts'
import { deskOf, givePassword, inside, openOffice, outside, settled, signOut, type Office } from '../support/office.ts'

vi.setConfig({ testTimeout: 180_000 })

const CANARY = 'Juniper cordial 8c2'

let office: Office
beforeAll(async () => {
  office = await openOffice()
  await office.gateway.place({ subject: CANARY })
})
afterAll(() => office.close())

/** Holds back a part of the page's code, as a slow network does. @returns lets it through */
async function holdBack(page: Page, chunk: string): Promise<() => void> {
  let letThrough: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letThrough = resolve))
  await page.route(`**/assets/${chunk}-*.js`, async (route) => {
    await held
    await route.continue().catch(() => undefined) // The page may be left by then.
  })
  return letThrough
}

/** A tab that has its answers and lacks its code; `seen` counts how often it has shown what they hold. */
async function answeredTab(context: BrowserContext): Promise<{ tab: Page; seen: () => number; draw: () => void }> {
  const tab = await context.newPage()
  let count = 0
  await tab.exposeFunction('tellSeen', () => {
    count++
  })
  await tab.addInitScript(`new MutationObserver(() => {
    if (document.body?.innerText.includes('${CANARY}')) tellSeen()
  }).observe(document, { subtree: true, childList: true, characterData: true })`)
  const draw = await holdBack(tab, 'common')
  const answers = ['session', 'payments?'].map(async (path) => {
    const answer = await tab.waitForResponse((response) => response.url().includes(`/dashboard-api/${path}`))
    expect([path, answer.status()]).toEqual([path, 200])
    await answer.finished()
  })
  await tab.goto(`${office.url}/payments`, { waitUntil: 'commit' })
  await Promise.all(answers)
  return { tab, seen: () => count, draw }
}

function focused(page: Page): Promise<string> {
  return page.evaluate(`document.activeElement.innerText`)
}

test('the first list is there with the page, from the answers that were asked for before its code', async () => {
  const { email } = await addMember(office.gateway)
  const { context } = await deskOf(office, email)
  const { tab, seen, draw } = await answeredTab(context)
  const asked: string[] = []
  tab.on('request', (request) => asked.push(new URL(request.url()).pathname))
  draw()
  await tab.getByText(CANARY).waitFor()
  await settled(tab)
  expect(seen()).toBeGreaterThan(0)
  expect(asked.filter((path) => /\/(?:session|payments)$/.test(path))).toEqual([])
})

test('a sign-out in another tab, after the answers and before the page is drawn, leaves nothing to be seen', async () => {
  const { email } = await addMember(office.gateway)
  const { page, context } = await deskOf(office, email)
  const { tab, seen, draw } = await answeredTab(context)
  await signOut(page)
  draw()
  await outside(tab)
  expect(seen()).toBe(0)
})

test('whoever signs in in another tab meanwhile sees their own, and nothing of whose answers came before', async () => {
  const { gateway } = office
  const { email } = await addMember(gateway)
  const stranger = await gateway.addMerchant()
  const theirs = 'Their own rosehip 5d1'
  await gateway.place({ subject: theirs }, { key: stranger.secretKey })
  const other = await addMember(gateway, 'owner', stranger.merchantId)
  const { page, context } = await deskOf(office, email)
  const { tab, seen, draw } = await answeredTab(context)
  await signOut(page)
  await givePassword(page, other.email)
  await inside(page)
  draw()
  await tab.getByText(theirs).waitFor()
  expect(seen()).toBe(0)
})

test('an answer that never comes leaves no blank page', async () => {
  const { email } = await addMember(office.gateway)
  const { page } = await deskOf(office, email)
  let answer: () => void = () => undefined
  const held = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/dashboard-api/session', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${office.url}/payments`)
  await page.locator('.skeleton .bone').first().waitFor()
  expect(await page.content()).not.toContain(CANARY)
  answer()
  await page.getByText(CANARY).waitFor()
})

test('an address that leads on to another is followed from a fresh start', async () => {
  const { email } = await addMember(office.gateway)
  const { page } = await deskOf(office, email)
  await page.goto(`${office.url}/account`)
  await settled(page)
  expect(new URL(page.url()).pathname).toBe('/account/security')
})

test('a menu and a dialog that are wanted before their code is there open when it comes, by mouse and by key', async () => {
  const { email } = await addMember(office.gateway)
  const { page } = await deskOf(office, email)
  let come = await holdBack(page, 'overlays')
  await page.goto(`${office.url}/api-keys`)
  await settled(page)
  const make = page.getByRole('button', { name: 'Make a key' })
  await make.click()
  await page.locator('.member-button').focus()
  await page.keyboard.press('ArrowDown')
  expect(await page.getByRole('dialog').or(page.getByRole('menu')).count()).toBe(0)
  come()
  await page.getByRole('dialog').getByLabel('Name').fill('Shop')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  come = await holdBack(page, 'overlays')
  await page.goto(`${office.url}/api-keys`)
  await settled(page)
  await page.locator('.member-button').focus()
  await page.keyboard.press('ArrowDown')
  come()
  await expect.poll(() => focused(page)).toBe('Account and security')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await make.click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => focused(page)).toBe('Make a key')
})

test('a session that ends while a dialog is on its way ends at the sign-in page', async () => {
  const { email } = await addMember(office.gateway)
  const { page, context } = await deskOf(office, email)
  const come = await holdBack(page, 'overlays')
  await page.goto(`${office.url}/api-keys`)
  await settled(page)
  await page.getByRole('button', { name: 'Make a key' }).click()
  await context.clearCookies()
  await page.getByRole('link', { name: 'Payments' }).click()
  await outside(page)
  come()
  await outside(page)
  expect(await page.content()).not.toContain(CANARY)
})

test('code that cannot be loaded is told of, and the page can be loaded again', async () => {
  const { email } = await addMember(office.gateway)
  const { page } = await deskOf(office, email)
  await page.route('**/assets/overlays-*.js', (route) => route.abort())
  await page.goto(`${office.url}/api-keys`)
  await settled(page)
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('alert').getByText('This page has failed').waitFor()
  await page.unroute('**/assets/overlays-*.js')
  await page.getByRole('button', { name: 'Load again' }).click()
  await settled(page)
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('dialog').getByLabel('Name').waitFor()
})

test('where the page itself does not come, it says so and can be loaded again', async () => {
  const { email } = await addMember(office.gateway)
  const { context } = await deskOf(office, email)
  const page = await context.newPage()
  await page.route('**/assets/common-*.js', (route) => route.abort())
  await page.goto(`${office.url}/payments`)
  const again = page.getByRole('alert').getByRole('link', { name: 'Load again' })
  await again.waitFor()
  await page.unroute('**/assets/common-*.js')
  await again.click()
  await page.getByText(CANARY).waitFor()
})
