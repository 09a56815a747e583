import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { DESKTOP, PHONE, expectAccessible, launchBrowser, openPage, typeCard } from '../support/browser.ts'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../support/sandbox.ts'

let browser: Browser
let sandbox: Sandbox
const home = newHome()
/** Where the README's pictures come from: `UCANPAY_SCREENSHOTS=docs/images npm test -- test/e2e`. */
const pictures = process.env['UCANPAY_SCREENSHOTS']

beforeAll(async () => {
  if (pictures) mkdirSync(pictures, { recursive: true })
  ;[browser, sandbox] = await Promise.all([launchBrowser(), startSandbox(home, await freePorts())])
})

afterAll(async () => {
  await browser.close()
  await sandbox.stop()
  removeHome(home)
})

async function placed(values: object = {}): Promise<Record<string, string>> {
  const { body } = await sandbox.post('/payment/unifiedorder', {
    subject: 'Latte',
    body: 'A large latte',
    totalAmt: 450,
    sceneType: 'MWEB',
    notifyUrl: `${sandbox.dev.shopUrl}/notifications`,
    ...values,
  })
  return body['data'] as unknown as Record<string, string>
}

/** As the order's own page would. @returns the status of what the buyer sees then */
async function askForReceipt(page: Page, email: string): Promise<number> {
  const [order] = JSON.parse(readFileSync(join(home, 'shop', 'orders.json'), 'utf8')) as { number: string }[]
  const answer = await page.context().request.post(`${sandbox.dev.shopUrl}/orders/${order?.number ?? ''}/receipt`, {
    form: { email },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  return answer.status()
}

function letterOf(file: string): string {
  const text = readFileSync(file, 'utf8')
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  return `${header('To')}: ${header('Subject')}`
}

describe('a buyer', () => {
  test('buys a coffee in the shop, pays, sees it paid, and gets it refunded', async () => {
    const { page, complaints } = await openPage(browser)
    await page.goto(sandbox.dev.shopUrl)
    await expectAccessible(page)
    if (pictures) await page.screenshot({ path: `${pictures}/shop.png` })
    await page.getByRole('button', { name: 'Buy Latte for $4.50' }).click()

    await page.getByRole('heading', { name: 'Latte $4.50' }).waitFor()
    expect(await askForReceipt(page, 'early@buyers.example')).toBe(409) // Nobody has paid: it would be a way to mail others.
    await expectAccessible(page)
    await typeCard(page)
    if (pictures) await page.screenshot({ path: `${pictures}/checkout.png`, fullPage: true })
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByRole('heading', { name: 'Paid' }).waitFor()
    if (pictures) await page.screenshot({ path: `${pictures}/paid.png` })
    // Without this the page goes back by itself after five seconds, which on a slow machine is while it is looked at.
    await page.getByRole('button', { name: 'Stay here' }).click()
    await expectAccessible(page)
    // Once, in the banner that says which card to try.
    expect((await page.content()).replaceAll(/\s/g, '').split('4242424242424242')).toHaveLength(2)
    await page.getByRole('link', { name: 'Return to Corner Coffee' }).click()

    await page.getByRole('heading', { name: 'Paid' }).waitFor()
    expect(page.url()).toContain(sandbox.dev.shopUrl)
    await expectAccessible(page)
    await page.getByLabel('E-mail for the receipt').fill('ada.canary@buyers.example')
    await page.getByRole('button', { name: 'Send it' }).click()
    await page.getByText('Receipts of this order go to the address that you gave.').waitFor()
    expect(await askForReceipt(page, 'other@buyers.example')).toBe(200) // And nothing goes there: one address an order.
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Refund' }).click()
    await page.getByRole('heading', { name: 'Refunded' }).waitFor()
    await page.goto(sandbox.dev.shopUrl)
    await page.getByText('Refunded').waitFor()
    expect(complaints).toEqual([])

    // The buyer got both letters, and the shop's own files and the sandbox's log hold nobody's address.
    const mail = join(home, 'shop', 'mail')
    await expect
      .poll(() =>
        readdirSync(mail)
          .map((file) => letterOf(join(mail, file)))
          .sort(),
      )
      .toEqual(['ada.canary@buyers.example: Your coffee', 'ada.canary@buyers.example: Your refund'])
    for (const file of [join(home, 'shop', 'orders.json'), sandbox.dev.logFile]) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/ada\.canary|YWRhLmNhbmFy/)
    }
    expect(JSON.parse(readFileSync(join(home, 'shop', 'orders.json'), 'utf8'))).toMatchObject([
      { state: 'refunded', email: expect.stringMatching(/^ucs/) as string },
    ])
  })

  test('goes back to the shop without a click', async () => {
    const { page } = await openPage(browser)
    const { payUrl = '' } = await placed({ returnUrl: `${sandbox.dev.shopUrl}/` })
    await page.goto(payUrl)
    await typeCard(page)
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.waitForURL(`${sandbox.dev.shopUrl}/`)
  })

  test('is declined, and pays with another card', async () => {
    const { page, complaints } = await openPage(browser, { viewport: DESKTOP, colorScheme: 'dark' })
    const { payUrl = '', outTradeNo } = await placed()
    await page.goto(payUrl)
    await typeCard(page, '4000000000000002')
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByText('Your card was declined').waitFor()
    await expectAccessible(page)
    const { body } = await sandbox.post('/payment/orderquery', { outTradeNo })
    expect(body['data']).toMatchObject({ tradeStatus: 'PAYERROR' })

    await typeCard(page)
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByRole('heading', { name: 'Paid' }).waitFor()
    expect(complaints).toEqual([])
  })

  test.each([
    ['4000000000009995', 'not enough money'],
    ['4000000000000119', 'nothing was taken'],
    ['4000000000000341', 'Your card was declined'],
  ])('is told why the card %s did not work', async (number, words) => {
    const { page } = await openPage(browser)
    const { payUrl = '' } = await placed()
    await page.goto(payUrl)
    await typeCard(page, number)
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByText(words).waitFor()
  })

  test('confirms a challenge at the bank, and has paid', async () => {
    const { page, complaints } = await openPage(browser)
    const { payUrl = '' } = await placed()
    await page.goto(payUrl)
    await typeCard(page, '4000000000003220')
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByRole('heading', { name: 'Confirm your payment' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: 'Paid' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('refuses a challenge, and is asked for another card', async () => {
    const { page } = await openPage(browser)
    const { payUrl = '' } = await placed()
    await page.goto(payUrl)
    await typeCard(page, '4000000000003220')
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByRole('button', { name: 'Refuse' }).click()
    await page.getByText('could not confirm that it is you').waitFor()
    await page.getByRole('button', { name: 'Pay $4.50' }).waitFor()
  })

  test('waits while the acquirer is silent, and has paid once it is known', async () => {
    const { page } = await openPage(browser)
    const { payUrl = '', outTradeNo } = await placed()
    await page.goto(payUrl)
    await typeCard(page, '4000000000006405') // The sandbox acts and its answer is lost.
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    await page.getByRole('heading', { name: 'Paid' }).waitFor()
    const { body } = await sandbox.post('/payment/orderquery', { outTradeNo })
    expect(body['data']).toMatchObject({ tradeStatus: 'SUCCESS' })
  })

  test('is told of mistakes next to the fields, before anything is sent', async () => {
    const { page } = await openPage(browser)
    const { payUrl = '' } = await placed()
    let sent = 0
    page.on('request', (request) => void (sent += request.method() === 'POST' ? 1 : 0))
    await page.goto(payUrl)
    await page.getByLabel('Card number').fill('4242424242424241')
    await page.getByLabel('Expiry date').pressSequentially('0120')
    await page.getByRole('button', { name: 'Pay $4.50' }).click()
    for (const words of [
      'This is not a card number',
      'This card has expired',
      'Enter the security code',
      'Enter the name',
    ]) {
      await page.getByText(words).waitFor()
    }
    expect(await page.locator(':focus').getAttribute('id')).toBe('number')
    expect(await page.getByLabel('Card number').getAttribute('aria-invalid')).toBe('true')
    await expectAccessible(page)
    if (pictures) await page.screenshot({ path: `${pictures}/checkout-mistakes.png`, fullPage: true })
    expect(sent).toBe(0)
  })

  test('pays with the keyboard alone', async () => {
    const { page } = await openPage(browser, { viewport: DESKTOP })
    const { payUrl = '' } = await placed()
    await page.goto(payUrl)
    await page.getByLabel('Card number').focus()
    await page.keyboard.type('4242 4242 4242 4242')
    await page.keyboard.press('Tab')
    await page.keyboard.type('12/30')
    await page.keyboard.press('Tab')
    await page.keyboard.type('737')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Ada Lovelace')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Paid' }).waitFor()
  })

  test('is spoken to in French', async () => {
    const { page } = await openPage(browser, { locale: 'fr-CA' })
    const { payUrl = '' } = await placed()
    await page.goto(payUrl)
    await page.getByRole('button', { name: /Payer 4,50.\$/ }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    await expectAccessible(page)
  })

  test('finds a closed order closed, an expired one closed, and an unknown one unknown', async () => {
    const { page } = await openPage(browser, { colorScheme: 'dark' })
    const closed = await placed()
    await sandbox.post('/payment/closeorder', { outTradeNo: closed['outTradeNo'] })
    await page.goto(closed['payUrl'] ?? '')
    await page.getByRole('heading', { name: 'This order is closed' }).waitFor()
    await expectAccessible(page)
    const short = await placed({ expiresIn: 1 })
    await page.waitForTimeout(1_100)
    await page.goto(short['payUrl'] ?? '')
    await page.getByRole('heading', { name: 'This order is closed' }).waitFor()
    await page.goto(`${closed['payUrl'] ?? ''}x`)
    await page.getByRole('heading', { name: 'There is no such order' }).waitFor()
    await expectAccessible(page)
  })

  test('scans the code of an order on another device, and the till sees it paid', async () => {
    const till = await openPage(browser, { viewport: DESKTOP })
    const { payUrl = '' } = await placed({ sceneType: 'NATIVE' })
    await till.page.goto(`${payUrl}/qr`)
    await till.page.getByRole('img', { name: 'QR code of the payment page' }).waitFor()
    await expectAccessible(till.page)
    if (pictures) await till.page.screenshot({ path: `${pictures}/qr.png` })
    const phone = await openPage(browser, { viewport: PHONE })
    await phone.page.goto(payUrl)
    await typeCard(phone.page)
    await phone.page.getByRole('button', { name: 'Pay $4.50' }).click()
    await till.page.getByRole('heading', { name: 'Paid' }).waitFor()
    expect(till.complaints).toEqual([])
  })
})
