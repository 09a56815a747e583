import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addApp, addMember, codeOf, openBrowser } from '../../apps/gateway/test/support/member.ts'
import { plugInAuthenticator } from '../support/authenticator.ts'
import { expectAccessible } from '../support/browser.ts'
import {
  askAsPage,
  deskOf,
  givePassword,
  inside,
  openDesk,
  openOffice,
  outside,
  signOut,
  storeSecret,
  visit,
  type Office,
} from '../support/office.ts'
import { startOtherSite } from '../support/other-site.ts'

vi.setConfig({ testTimeout: 180_000 })

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

const HALF_MINUTE = 30_000

test('a passkey is added, named, signed in with, and removed; a key whose count went back is refused', async () => {
  const { email } = await addMember(office.gateway)
  const { page } = await deskOf(office, email, { path: '/account/security' })
  const key = await plugInAuthenticator(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByText('Give it a name.').waitFor()
  await expectAccessible(page)
  await dialog.getByLabel('What do you call it?').fill('Blue key')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  const codes = (await storeSecret(page)).split('\n')
  expect(codes).toHaveLength(10)
  await page.getByRole('cell', { name: 'Blue key Passkey' }).waitFor()
  expect(await key.credentials()).toMatchObject([{ rpId: 'localhost', signCount: 1 }])

  const usePasskey = async (): Promise<void> => {
    await signOut(page)
    await givePassword(page, email)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
  }
  await usePasskey()
  await inside(page)
  const seen = async (): Promise<number | undefined> => (await key.credentials())[0]?.signCount
  const stored = () => office.gateway.rows<{ sign_count: number }>(`passkeys where name = 'Blue key'`)
  expect((await stored())[0]?.sign_count).toBe(await seen())

  await key.setCount(50)
  await usePasskey()
  await inside(page)
  const count = (await stored())[0]?.sign_count
  expect(count).toBeGreaterThan(50)
  await key.setCount(10) // A copy of the key, which has not seen what the key itself has done since.
  await usePasskey()
  await page.getByText('The passkey was not accepted').waitFor()
  await expectAccessible(page)
  expect((await stored())[0]?.sign_count).toBe(count)
  const [refusal] = await office.gateway.rows<{ after: string }>(
    `audit_log where action = 'member.second-factor-refused'`,
  )
  expect(refusal).toBeDefined()

  await page.getByRole('button', { name: 'Recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Continue' }).click()
  await inside(page)
  await visit(office, page, '/account/security')
  await page.getByRole('button', { name: 'Remove Blue key' }).click()
  await dialog.getByText('It is your last one').waitFor()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('You have no second factor yet.').waitFor()
  await signOut(page)
  await givePassword(page, email)
  await inside(page) // There is no second step any more.
})

test('a passkey that another origin asked for is refused, by the gateway where the browser allows it', async () => {
  const { email } = await addMember(office.gateway)
  const { page, context } = await deskOf(office, email, { path: '/account/security' })
  await plugInAuthenticator(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('What do you call it?').fill('Phished key')
  await page.getByRole('button', { name: 'Continue' }).click()
  await storeSecret(page)
  await signOut(page)
  await givePassword(page, email)
  await page.getByRole('button', { name: 'Use a passkey' }).waitFor()
  const cookies = await context.cookies()

  // The phisher has the password, passes the gateway's challenge on to a page of their own, and the answer back.
  const other = await startOtherSite()
  try {
    const phisher = openBrowser(office.gateway)
    const ask = async (): Promise<unknown> => {
      phisher.cookie = cookies[0]?.value
      const first = await phisher.signIn(email)
      expect(first.data).toMatchObject({ next: 'second-factor' })
      return (await phisher.post('/sign-in/passkey/options')).data['options']
    }
    const signAt = async (origin: string, options: unknown): Promise<unknown> => {
      await page.goto(origin)
      return page.evaluate(async (asked) => {
        const { challenge, rpId, allowCredentials } = asked as {
          challenge: string
          rpId: string
          allowCredentials: { id: string }[]
        }
        const bytes = (text: string): ArrayBuffer =>
          Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0)).buffer
        const credentials = (
          navigator as unknown as { credentials: { get(wanted: object): Promise<{ toJSON(): unknown }> } }
        ).credentials
        try {
          const given = await credentials.get({
            publicKey: {
              challenge: bytes(challenge),
              rpId,
              userVerification: 'required',
              allowCredentials: allowCredentials.map(({ id }) => ({ type: 'public-key', id: bytes(id) })),
            },
          })
          return given.toJSON()
        } catch (error) {
          return (error as Error).name
        }
      }, options)
    }
    expect(await signAt(other.crossSite, await ask())).toBe('SecurityError')
    const signed = await signAt(other.sameSite, await ask()) // The same host, so the browser goes along with it.
    expect(signed).toMatchObject({ type: 'public-key' })
    expect((await phisher.post('/sign-in/passkey', { response: signed })).status).toBe(401)
    const honest = await signAt(`${office.url}/sign-in`, await ask())
    expect((await phisher.post('/sign-in/passkey', { response: honest })).status).toBe(200) // The very same, from ours.
  } finally {
    await other.close()
  }
})

test('an authenticator app is added by its secret, and a code of it is taken once', async () => {
  const { gateway } = office
  const { email } = await addMember(gateway)
  const { page } = await deskOf(office, email, { path: '/account/security' })
  await page.getByRole('button', { name: 'Add an authenticator app' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What do you call it?').fill('Work phone')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  const secret = (await dialog.locator('.account-secret code').innerText()).trim()
  await dialog.getByRole('img', { name: /QR code/ }).waitFor()
  await dialog.getByLabel('Code of the app').fill('000000')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await dialog.getByText('This code does not fit.').waitFor()
  await expectAccessible(page)
  await dialog.getByLabel('Code of the app').fill(codeOf(secret, gateway.clock.now()))
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await storeSecret(page)
  expect(await page.content()).not.toContain(secret) // Its one showing is over.

  gateway.moveClock(HALF_MINUTE) // The code that confirmed it is used up.
  const code = codeOf(secret, gateway.clock.now())
  const enter = async (): Promise<void> => {
    await signOut(page)
    await givePassword(page, email)
    await page.getByLabel('Code of your authenticator app').fill(code)
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  await enter()
  await inside(page)
  await enter()
  await page.getByText('This code does not fit.').waitFor()
  await expectAccessible(page)
})

test('each recovery code lets in once', async () => {
  const { gateway } = office
  const { email } = await addMember(gateway)
  const app = openBrowser(gateway)
  await app.signIn(email)
  const { recoveryCodes } = await addApp(gateway, app)
  const { page } = await openDesk(office)
  const enter = async (code: string): Promise<void> => {
    await givePassword(page, email)
    await page.getByRole('button', { name: 'Recovery code' }).click()
    await page.getByLabel('Recovery code').fill(code)
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  await enter(recoveryCodes[0] ?? '')
  await inside(page)
  await visit(office, page, '/account/security')
  await page.getByText('9 of 10 left').waitFor()
  await signOut(page)
  await enter(recoveryCodes[0] ?? '')
  await page.getByText('This code does not fit.').waitFor()
  expect((await askAsPage(page, { method: 'GET', path: '/payments' })).status).toBe(401)
  await page.getByRole('button', { name: 'Start over' }).click()
  await outside(page)
  await enter(recoveryCodes[1] ?? '')
  await inside(page)
})
