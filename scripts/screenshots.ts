/** `npm run screenshots`: makes the pictures of docs/images anew, from six days of a small shop on a gateway of its own. */
import assert from 'node:assert'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createApiKey } from '@ucanpay/gateway/domain/api-keys/create-api-key'
import { acceptInvitation } from '@ucanpay/gateway/domain/members/accept-invitation'
import { inviteMember } from '@ucanpay/gateway/domain/members/invite-member'
import { mintLinkToken } from '@ucanpay/gateway/domain/members/links'
import { chromium, type Browser, type Page } from 'playwright-core'
import { Agent } from 'undici'
import { openBenchGateway, type BenchGateway } from '../bench/support/bench-gateway.ts'
import { freePorts } from '../test/support/sandbox.ts'
import { seedShop } from './screenshots/seed-shop.ts'

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url))
const PASSWORD = 'corner-Staple-42-lighthouse'
const MINUTE_MS = 60_000
const DAYS_MS = 6 * 86_400_000
const TEAM = [
  ['maya@cornercoffee.example', 'Maya Laurent', 'owner'],
  ['tom@cornercoffee.example', 'Tom Becker', 'developer'],
  ['ines@cornercoffee.example', 'Inês Duarte', 'finance'],
  ['audit@northwind.example', 'Ruth Adler', 'auditor'],
] as const

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 780 }

const built = (app: string): string => fileURLToPath(new URL(`../apps/${app}/dist/`, import.meta.url))
let movedMs = -DAYS_MS
const first = await freePorts()
const bench = await openBenchGateway(
  {
    apiPort: first,
    checkoutPort: first + 1,
    dashboardPort: first + 2,
    checkoutUrl: `https://localhost:${first + 1}`,
    dashboardUrl: `https://localhost:${first + 2}`,
    dashboardFolder: built('dashboard'),
    checkoutFolder: built('checkout'),
    limits: { perKeyPerS: 10_000, perIpPerS: 10_000, failuresInARow: 100 },
  },
  { clock: { now: () => new Date(Date.now() + movedMs) } },
)
const ca = readFileSync(bench.caFile, 'utf8')
const receiver = createServer({ cert: bench.config.tlsCert, key: bench.config.tlsKey }, (request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"return_code":"SUCCESS"}')
})
let browser: Browser | undefined
try {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  await bench.gateway.start()
  await addTeam(bench)
  const secretKey = await addKey(bench)
  const story = await seedShop({
    agent: new Agent({ connect: { ca } }),
    apiUrl: `https://localhost:${first}`,
    secretKey,
    notifyUrl: `https://localhost:${port}/notifications`,
    goBackTo: (minutesAgo) => void (movedMs = -minutesAgo * MINUTE_MS),
  })
  await mkdir(IMAGES, { recursive: true })
  browser = await chromium.launch({
    executablePath: process.env['UCANPAY_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--hide-scrollbars'],
  })
  const desk = await open(browser, { viewport: DESKTOP, colorScheme: 'light' })
  const night = await open(browser, { viewport: DESKTOP, colorScheme: 'dark' })
  const phone = await open(browser, { viewport: PHONE, colorScheme: 'light' })
  await desk.goto(`${bench.config.dashboardUrl}/sign-in`)
  await take(desk, 'dashboard-sign-in')
  for (const page of [desk, night, phone]) await signIn(page)
  await picture(desk, '/?days=7', 'dashboard-home')
  await picture(night, '/?days=7', 'dashboard-home-dark')
  await picture(phone, '/?days=7', 'dashboard-home-phone')
  await picture(desk, '/payments', 'dashboard-payments')
  await picture(phone, '/payments', 'dashboard-payments-phone')
  await picture(desk, `/payments/${story.told}`, 'dashboard-payment')
  await picture(night, `/payments/${story.told}`, 'dashboard-payment-dark')
  await picture(desk, '/api-keys', 'dashboard-api-keys')
  await picture(desk, '/notifications', 'dashboard-notifications')
  await picture(desk, '/audit-log', 'dashboard-audit-log')
  await picture(desk, '/reports', 'dashboard-reports')
  await picture(desk, '/qr', 'dashboard-qr')
  await picture(desk, '/team', 'dashboard-team')
  await checkout(browser, story.open['payUrl'] ?? '')
} finally {
  await browser?.close()
  receiver.close()
  receiver.closeAllConnections()
  await bench.stop()
}

async function addTeam({ gateway: { deps }, merchantId }: BenchGateway): Promise<void> {
  const now = new Date(Date.now() + movedMs)
  const caller = { merchantId, mode: 'test', actor: 'operator', requestId: null, now } as const
  const { pepper } = deps.listening
  for (const [email, name, role] of TEAM) {
    const { linkId } = await inviteMember(deps, caller, { email, role, byMail: false })
    const minted = await mintLinkToken({ tx: deps.db, pepper }, caller, linkId)
    assert(minted, 'a link that was just made is good')
    await acceptInvitation({ ...deps, pepper }, { token: minted.token, name, password: PASSWORD }, caller)
  }
}

async function addKey({ gateway: { deps }, merchantId }: BenchGateway): Promise<string> {
  const now = new Date(Date.now() + movedMs)
  const caller = { merchantId, mode: 'test', actor: 'operator', requestId: null, now } as const
  const { pepper } = deps.listening
  const wanted = { kind: 'sk', mode: 'test', name: 'Shop server', scopes: [], expiresInDays: 90, pepper } as const
  return (await deps.db.transaction((tx) => createApiKey(tx, caller, wanted))).key
}

interface Look {
  readonly viewport: { width: number; height: number }
  readonly colorScheme: 'light' | 'dark'
}

async function open(running: Browser, look: Look): Promise<Page> {
  const context = await running.newContext({
    ...look,
    ignoreHTTPSErrors: true,
    locale: 'en-CA',
    reducedMotion: 'reduce',
  })
  return context.newPage()
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${bench.config.dashboardUrl}/sign-in`)
  await page.getByLabel('E-mail address').fill(TEAM[0][0])
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator('.member-button').waitFor()
}

/** A picture of a page, once nothing of it is on its way; a chart is drawn a moment later. */
async function picture(page: Page, path: string, name: string): Promise<void> {
  const wanted = path.startsWith('/?') ? '.home-plot canvas' : 'main h1'
  await page.goto(bench.config.dashboardUrl + path)
  await page.locator(wanted).first().waitFor()
  await page.locator('.bone, .bones, [aria-busy=true]').first().waitFor({ state: 'detached' })
  await take(page, name)
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => document.activeElement?.blur())')
  await page.screenshot({ path: `${IMAGES}${name}.png`, animations: 'disabled' })
}

/** The checkout on a phone: a card typed in, and what it looks like once paid. */
async function checkout(running: Browser, payUrl: string): Promise<void> {
  const page = await open(running, { viewport: { width: 360, height: 740 }, colorScheme: 'light' })
  await page.goto(payUrl)
  await page.getByLabel('Card number').fill('4242424242424242')
  await page.getByLabel('Expiry date').pressSequentially(`12${String((new Date().getUTCFullYear() + 2) % 100)}`)
  await page.getByLabel('Security code').fill('737')
  await page.getByLabel('Name on card').fill('Ada Lovelace')
  await page.evaluate('document.activeElement?.blur()')
  await page.screenshot({ path: `${IMAGES}checkout.png`, fullPage: true })
  await page.getByRole('button', { name: /^Pay/ }).click()
  await page.getByRole('heading', { name: 'Paid' }).waitFor()
  await take(page, 'paid')
}
