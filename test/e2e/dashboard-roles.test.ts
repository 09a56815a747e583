import { request } from 'undici'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Role } from '@ucanpay/wire/dashboard/roles'
import { CANARIES, findCanary } from '../../apps/gateway/test/support/canaries.ts'
import type { PlacedOrder } from '../../apps/gateway/test/support/client.ts'
import { addMember } from '../../apps/gateway/test/support/member.ts'
import { expectAccessible } from '../support/browser.ts'
import { askAsPage, deskOf, openOffice, settled, visit, type Office } from '../support/office.ts'

vi.setConfig({ testTimeout: 180_000 })

/** What each role sees and may do, as docs/dashboard.md promises; written out here, and not taken from the product. */
interface Promised {
  readonly pages: string
  readonly rights: string
  /** Buttons of pages that change something. */
  readonly buttons: string
}
const EVERYTHING: Promised = {
  pages:
    'Home, Payments, Refunds, Customers, QR codes, Reports, Notifications, API keys, Request log, Audit log, Evidence, Team, Settings',
  rights: [
    'payments:read payments:write refunds:write customers:read customers:reveal customers:erase keys:read keys:write',
    'notifications:read notifications:write logs:read reports:read audit:read members:read members:write',
    'settings:read settings:write payouts:read payouts:write evidence:export',
  ].join(' '),
  buttons:
    'Refund, Capture, Reverse, Show in full, Erase for good, Make a key, Rotate the secret, Invite somebody, Save',
}
const PROMISED: Readonly<Record<Role, Promised>> = {
  owner: EVERYTHING,
  admin: EVERYTHING,
  developer: {
    pages: 'Home, Payments, Refunds, Reports, Notifications, API keys, Request log, Settings',
    rights:
      'payments:read keys:read keys:write notifications:read notifications:write logs:read reports:read settings:read',
    buttons: 'Make a key, Rotate the secret',
  },
  finance: {
    pages: 'Home, Payments, Refunds, Customers, QR codes, Reports, Settings',
    rights: 'payments:read payments:write refunds:write customers:read reports:read settings:read payouts:read',
    buttons: 'Refund, Capture, Reverse',
  },
  support: {
    pages: 'Home, Payments, Refunds, Customers, Notifications',
    rights: 'payments:read refunds:write customers:read customers:reveal notifications:read notifications:write',
    buttons: 'Refund, Show in full',
  },
  auditor: {
    pages:
      'Home, Payments, Refunds, Reports, Notifications, API keys, Request log, Audit log, Evidence, Team, Settings',
    rights:
      'payments:read keys:read notifications:read logs:read reports:read audit:read members:read settings:read evidence:export',
    buttons: '',
  },
}

const ADDRESSES: Readonly<Record<string, string>> = {
  Home: '/',
  Payments: '/payments',
  Refunds: '/refunds',
  Customers: '/customers',
  'QR codes': '/qr',
  Reports: '/reports',
  Notifications: '/notifications',
  'API keys': '/api-keys',
  'Request log': '/logs',
  'Audit log': '/audit-log',
  Evidence: '/evidence',
  Team: '/team',
  Settings: '/settings',
}

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly right: string
}

let office: Office
let operations: Operation[]
let paid: PlacedOrder
let held: PlacedOrder
let userId: string

beforeAll(async () => {
  office = await openOffice()
  const { gateway, url } = office
  ;[paid, held] = [await gateway.paidOrder(), await gateway.paidOrder({ captureMode: 'manual' })]
  await gateway.refund(paid)
  const { email, phone, name } = CANARIES
  const made = await gateway.post('/users', { name, email, phone, address: `${CANARIES.text} Street 9` })
  userId = String(made.data['userId'])
  await gateway.post('/payment/orderquery', { outTradeNo: 'None1' }) // A failure, for the request log.
  const reply = await request(`${url}/dashboard-api/openapi.json`, { dispatcher: gateway.agent })
  const { paths } = (await reply.body.json()) as { paths: Record<string, Record<string, { 'x-right'?: string }>> }
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { 'x-right': right }]) =>
      right === undefined ? [] : [{ method: method.toUpperCase() as Operation['method'], path, right }],
    ),
  )
})
afterAll(() => office.close())

const namesOf = (list: string): string[] => (list === '' ? [] : list.split(', '))

/** The buttons that change something, of all pages where there are any. */
async function buttonsOf(page: Page, pages: readonly string[]): Promise<string[]> {
  const seen: string[] = []
  const look = async (path: string, names: readonly string[]): Promise<void> => {
    await visit(office, page, path)
    for (const name of names)
      if ((await page.getByRole('main').getByRole('button', { name, exact: true }).count()) > 0) seen.push(name)
  }
  await look(`/payments/${paid.ucpOrderNo}`, ['Refund'])
  await look(`/payments/${held.ucpOrderNo}`, ['Capture', 'Reverse'])
  if (pages.includes('Customers')) await look(`/customers/${userId}`, ['Show in full', 'Erase for good'])
  if (pages.includes('API keys')) await look('/api-keys', ['Make a key'])
  if (pages.includes('Notifications')) await look('/notifications/endpoints', ['Rotate the secret'])
  if (pages.includes('Team')) await look('/team', ['Invite somebody'])
  if (pages.includes('Settings')) await look('/settings', ['Save'])
  return seen
}

test.each(Object.entries(PROMISED))(
  '%s: the navigation, the buttons, the addresses and the calls are what the role may',
  async (role, promised) => {
    const { gateway } = office
    const { email } = await addMember(gateway, role as Role)
    const { page } = await deskOf(office, email, { path: '/payments' })
    const links = await page.locator('nav a[href]').allInnerTexts()
    expect([role, links.map((text) => text.trim())]).toEqual([role, namesOf(promised.pages)])
    expect([role, await buttonsOf(page, links)]).toEqual([role, namesOf(promised.buttons)])

    const closed = Object.keys(ADDRESSES).filter((name) => !links.includes(name))
    for (const name of closed) {
      const path = ADDRESSES[name] ?? ''
      await visit(office, page, path)
      await page.getByText('Your role does not allow this.').first().waitFor()
      for (const kind of ['email', 'phone', 'name', 'text'] as const)
        expect([path, findCanary(kind, await page.content())]).toEqual([path, []])
    }
    if (closed.length > 0) await expectAccessible(page)

    expect(operations.length).toBeGreaterThan(30)
    const rights = promised.rights.split(' ')
    for (const { method, path, right } of operations) {
      const filled = path.replace('/dashboard-api', '').replace(/\{\w+\}/g, 'none1')
      const { status, text } = await askAsPage(page, { method, path: filled })
      expect([role, method, path, status === 403]).toEqual([role, method, path, !rights.includes(right)])
      if (status === 403) expect(JSON.parse(text)).toMatchObject({ msg: 'NOAUTH' })
    }
  },
)

test('an auditor reads every page and every answer without meeting a customer’s data once', async () => {
  const { gateway } = office
  const owner = await deskOf(office, (await addMember(gateway)).email, { path: `/customers/${userId}` })
  await owner.page.getByRole('button', { name: 'Show in full' }).click()
  await owner.page.getByText(CANARIES.email).waitFor() // They are there, and the log tells that somebody looked.
  const { page } = await deskOf(office, (await addMember(gateway, 'auditor')).email)
  const bodies: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.url().includes('/dashboard-api/') && !response.url().endsWith('/stream'))
      bodies.push(response.text().catch(() => ''))
  })
  const read: string[] = []
  const pages = namesOf(PROMISED.auditor.pages).map((name) => ADDRESSES[name] ?? '')
  for (const path of [
    ...pages,
    `/payments/${paid.ucpOrderNo}`,
    '/notifications/endpoints',
    `/audit-log?target=${userId}`,
  ]) {
    await visit(office, page, path)
    read.push(await page.content())
  }
  await visit(office, page, '/audit-log?action=customer.revealed')
  await settled(page)
  expect(await page.getByRole('main').innerText()).toContain(userId)
  for (const path of ['/audit-log/export', '/reports/payments?from=2020-01-01T00:00:00Z&to=2020-12-31T00:00:00Z'])
    read.push((await askAsPage(page, { method: 'GET', path })).text)
  for (const path of ['/customers', `/customers/${userId}`])
    expect((await askAsPage(page, { method: 'GET', path })).status).toBe(403)
  expect((await askAsPage(page, { method: 'POST', path: `/customers/${userId}/reveal` })).status).toBe(403)
  const everything = [...read, ...(await Promise.all(bodies))].join('\n')
  expect(everything.length).toBeGreaterThan(50_000)
  for (const kind of ['email', 'phone', 'name', 'text'] as const) expect(findCanary(kind, everything)).toEqual([])
})
