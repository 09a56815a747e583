import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addMember } from '../../apps/gateway/test/support/member.ts'
import { DESKTOP, expectAccessible, PHONE, type View } from '../support/browser.ts'
import { deskOf, openOffice, showWhoOneIs, visit, type Office } from '../support/office.ts'

vi.setConfig({ testTimeout: 180_000 })

const VIEWS: readonly (readonly [string, View, account: string])[] = [
  ['on a wide screen', { viewport: DESKTOP }, '100200300'],
  ['on a phone', { viewport: PHONE, colorScheme: 'dark' }, '400500600'],
]

const mails = mkdtempSync(join(tmpdir(), 'ucanpay-mail-'))
let office: Office
beforeAll(async () => {
  office = await openOffice({ mail: { kind: 'folder', folder: mails } })
})
afterAll(async () => {
  await office.close()
  rmSync(mails, { recursive: true })
})

const mailed = (): string[] =>
  readdirSync(mails)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(mails, name), 'utf8'))

test.each(VIEWS)(
  '%s an owner says where the money goes: after the password, masked, shown for a minute, told to all owners',
  async (_where, view, account) => {
    const { gateway } = office
    const owner = await addMember(gateway)
    const other = await addMember(gateway)
    const { page, context, complaints } = await deskOf(office, owner.email, { ...view, path: '/settings/payouts' })
    await context.clock.install()
    await page.getByRole('button', { name: 'Save the account' }).click()
    await page.getByText('Fill this in.').first().waitFor()
    await page.getByLabel('Account holder').fill('Corner Coffee Ltd.')
    await page.getByLabel('Institution number').fill('0031')
    await page.getByLabel('Transit number').fill('00006')
    await page.getByLabel('Account number').fill(account)
    await page.getByRole('button', { name: 'Save the account' }).click()
    await page.getByText('That is too short, too long, or not a number.').waitFor()
    await expectAccessible(page)
    await page.getByLabel('Institution number').fill('003')

    // Whoever has sat down at an open page since does not have the password.
    gateway.moveClock(6 * 60_000)
    await page.getByRole('button', { name: 'Save the account' }).click()
    await showWhoOneIs(page)
    await page.getByText('Saved. All owners are told by mail.').waitFor()
    await page.getByText(`•••• ${account.slice(-4)}`).waitFor()
    expect(await page.content()).not.toContain(account)
    expect(await page.getByLabel('Account number').inputValue()).toBe('')

    await page.getByRole('button', { name: 'Show for a minute' }).click()
    await page.getByText(account, { exact: true }).waitFor()
    await expectAccessible(page)
    await page.clock.runFor(61_000)
    await page.getByText(account, { exact: true }).waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain(account)

    for (const email of [owner.email, other.email])
      await expect
        .poll(() => mailed().filter((mail) => mail.includes(`To: ${email}`)).length, { timeout: 30_000 })
        .toBeGreaterThan(0)
    expect(mailed().filter((mail) => mail.includes(account))).toEqual([])
    await visit(office, page, '/audit-log')
    expect(await page.content()).not.toContain(account)
    // The one refusal is the server's word that it wants the password.
    expect(complaints.filter((line) => !line.includes('403'))).toEqual([])
  },
)
