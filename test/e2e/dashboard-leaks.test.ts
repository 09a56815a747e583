import type { Page, Response } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { CANARIES, findCanary, type CanaryKind } from '../../apps/gateway/test/support/canaries.ts'
import { addMember, codeOf, PASSWORD } from '../../apps/gateway/test/support/member.ts'
import { deskOf, openOffice, settled, storeSecret, visit, type Office } from '../support/office.ts'

vi.setConfig({ testTimeout: 240_000 })

/** A number that the sandbox's bank takes, typed by a buyer. */
const CARD = CANARIES.card
/** What belongs to another merchant of the same gateway, in every field that a page could show. */
const THEIRS = 'Qx7Theirs9Kz'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

/** A merchant who is as busy as ours, on the same gateway and in the same database. */
async function addBusyStranger(): Promise<string[]> {
  const { gateway } = office
  const stranger = await gateway.addMerchant()
  const key = stranger.secretKey
  const placed = await gateway.place({ subject: THEIRS, body: THEIRS, outTradeNo: THEIRS }, { key })
  await gateway.pay(placed.data['payUrl'], { number: CARD })
  await gateway.post(
    '/payment/refund',
    { outTradeNo: THEIRS, outRefundNo: `${THEIRS}R`, totalAmt: 450, refundAmt: 1, refundDesc: THEIRS },
    { key },
  )
  const user = await gateway.post('/users', { name: THEIRS, email: `${THEIRS}@example.org` }, { key })
  await gateway.post('/payment/orderquery', { outTradeNo: `${THEIRS}None` }, { key })
  const member = await addMember(gateway, 'owner', stranger.merchantId)
  return [
    THEIRS,
    stranger.merchantId,
    stranger.apiKeyId,
    stranger.secretKey,
    stranger.webhookSecret,
    String(placed.data['ucpOrderNo']),
    String(user.data['userId']),
    member.memberId,
    member.email,
  ]
}

/** Everything that a page asks and is answered, by address. */
function listen(page: Page): { asked: string[]; answered: Promise<readonly [string, string]>[] } {
  const heard = { asked: [] as string[], answered: [] as Promise<readonly [string, string]>[] }
  page.on('request', (request) => heard.asked.push(`${request.method()} ${request.url()}`))
  page.on('response', (response: Response) => {
    if (response.url().endsWith('/stream')) return // It never ends; what it brings is what the list brings.
    heard.answered.push(
      response.text().then(
        (text) => [response.url(), text] as const,
        () => [response.url(), ''] as const,
      ),
    )
  })
  return heard
}

/** What a browser keeps of a site, in each of the places that it has. */
function keptBy(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(`(async () => ({
    cookies: document.cookie,
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    directory: await (async () => {
      const names = []
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name)
      return names
    })(),
  }))()`)
}

test('no page, answer, address or store of the browser’s holds a card, a key, a secret, or what is another merchant’s', async () => {
  const { gateway } = office
  const theirs = await addBusyStranger()
  const placed = await gateway.place({ subject: 'Ours' })
  await gateway.pay(placed.data['payUrl'], { number: CARD })
  const ucpOrderNo = String(placed.data['ucpOrderNo'])
  await gateway.refund({ ...(placed.data as unknown as Parameters<typeof gateway.refund>[0]) })
  const user = await gateway.post('/users', { name: CANARIES.name, email: CANARIES.email, phone: CANARIES.phone })
  await gateway.send('POST', '/payment/unifiedorder', { body: JSON.stringify(gateway.order({ subject: CARD })) })
  await gateway.get(`/payment/status?outTradeNo=${CARD}`)
  await gateway.get('/payment/status?outTradeNo=Wrong1', { key: CANARIES.key })
  await gateway.receiver.waitFor(3)
  const { email } = await addMember(gateway)

  const desk = await deskOf(office, email)
  const { page } = desk
  const heard = listen(page)
  const shown: string[] = []
  const look = async (): Promise<void> => {
    await settled(page)
    shown.push(await page.content())
  }

  // What is shown once: here it is, and then nowhere.
  await visit(office, page, '/account/security')
  await page.getByRole('button', { name: 'Add an authenticator app' }).click()
  await page.getByLabel('What do you call it?').fill('Phone')
  await page.getByRole('button', { name: 'Continue' }).click()
  const totpSecret = (await page.locator('.account-secret code').innerText()).trim()
  await page.getByLabel('Code of the app').fill(codeOf(totpSecret, gateway.clock.now()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const recoveryCodes = (await storeSecret(page)).split('\n')
  await visit(office, page, '/api-keys')
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Shop')
  await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
  const apiKey = await storeSecret(page)
  await visit(office, page, '/notifications/endpoints')
  await page.getByRole('button', { name: 'Rotate the secret' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate the secret' }).click()
  const webhookSecret = await storeSecret(page)
  const once = { totpSecret, apiKey, webhookSecret, recovery: recoveryCodes[0] ?? '' }
  for (const [name, secret] of Object.entries(once)) {
    const bodies = (await Promise.all(heard.answered)).filter(([, body]) => body.includes(secret))
    expect([name, bodies.length]).toEqual([name, 1])
  }
  await look()

  const before = heard.answered.length
  const pages = await page
    .locator('nav a[href]')
    .evaluateAll((links) =>
      links.map((link) => (link as unknown as { getAttribute(name: string): string }).getAttribute('href')),
    )
  for (const path of [...pages, '/account/security', '/notifications/endpoints']) {
    await page.goto(office.url + path)
    await look()
  }
  const firstOf = async (path: string): Promise<void> => {
    await visit(office, page, path)
    await page.locator('tbody tr a').first().click()
    await page.waitForURL((url) => url.pathname.length > path.length + 1)
    await look()
  }
  for (const path of ['/notifications', '/logs', '/refunds']) await firstOf(path)
  await page.goto(`${office.url}/payments/${ucpOrderNo}`)
  await look()
  await page.goto(`${office.url}/customers/${String(user.data['userId'])}`)
  await look()
  for (const stranger of ['/payments/', '/customers/', '/notifications/', '/logs/'])
    for (const id of theirs.slice(5, 7)) {
      await page.goto(`${office.url}${stranger}${id}`)
      await page.getByRole('alert').waitFor()
    }
  for (const q of [theirs[5] ?? '', THEIRS]) {
    await page.goto(`${office.url}/payments?q=${q}`)
    await page.getByText('No payment fits').waitFor()
  }

  const answers = await Promise.all(heard.answered)
  const later = answers.slice(before).map(([, body]) => body)
  const everything = [...shown, ...later, JSON.stringify(await keptBy(page))].join('\n')
  expect(everything.length).toBeGreaterThan(200_000)
  for (const kind of ['card', 'key', 'email', 'phone', 'name'] satisfies CanaryKind[])
    expect(findCanary(kind, everything)).toEqual([])
  for (const secret of [
    ...Object.values(once),
    ...recoveryCodes,
    gateway.merchant.secretKey,
    gateway.merchant.webhookSecret,
    PASSWORD,
  ])
    expect(everything).not.toContain(secret)
  expect(everything).not.toMatch(/"(?:cvc|cvv|securityCode|security_code|cardNumber|pan)"\s*:/i)
  for (const value of theirs) expect(everything.includes(value) ? value : '').toBe('')

  const addresses = heard.asked.join('\n')
  expect(heard.asked.every((line) => line.includes(` ${office.url}/`) || / (?:data|blob):/.test(line))).toBe(true)
  for (const secret of [...Object.values(once), gateway.merchant.secretKey, PASSWORD, email])
    expect(addresses).not.toContain(secret)
  const csrf = /"csrfToken":"([\w-]{43})"/.exec(answers.map(([, body]) => body).join('\n'))?.[1] ?? 'none'
  expect([csrf.length, addresses.includes(csrf)]).toEqual([43, false])
  const [cookie] = await desk.context.cookies()
  expect(everything).not.toContain(cookie?.value)
  expect(await keptBy(page)).toEqual({
    cookies: '',
    local: {},
    session: {},
    databases: [],
    caches: [],
    workers: 0,
    directory: [],
  })
})
