import fc from 'fast-check'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { assertSendable, safeTransport, SensitiveDataError } from '../src/mail/mail.ts'

/** Composes mails and sends none: what a server would be handed is what comes back. */
const transport = safeTransport(createTransport({ streamTransport: true, buffer: true }))
const send = (mail: SendMailOptions): Promise<{ message: Buffer }> =>
  transport.sendMail({ from: 'Cup Shop <orders@cups.example>', to: 'Ada King <ada@example.org>', ...mail }) as Promise<{
    message: Buffer
  }>

/** What of an ordinary mail is another in each. */
interface Values {
  readonly order: string
  readonly tracking: string
  readonly amount: string
  readonly date: string
  readonly uuid: string
  readonly phone: string
}

const page = (title: string, body: string): string => `<!doctype html><html><head><title>${title}</title><style>
  .a{color:#411111;width:4111px;margin:0 0 41px} @media (max-width:600px){.b{padding:12px 24px}}</style></head>
  <body style="font-size:16px;line-height:24px"><table width="600" cellpadding="0"><tr><td><img src="https://cdn.cups.example/4111/logo@2x.png?v=20261125"
  width="120" alt="Cup Shop"></td></tr><tr><td>${body}</td></tr></table>
  <p>Cup Shop Ltd, 411 King St W, Toronto ON M5V 1K4 · <a href="mailto:help@cups.example">help@cups.example</a> · +1 416 555 0143</p></body></html>`

const MAILS: Readonly<Record<string, (values: Values) => SendMailOptions>> = {
  'order confirmation': ({ order, amount, date, uuid }) => ({
    subject: `Your order ${order} is confirmed`,
    text: `Hello Ada,\n\nthank you for order ${order} of ${date}.\n\n2 x Cup, blue (SKU 4111-22-3)   ${amount}\nShipping   $4.50\nTotal   ${amount}\n\nPaid with Visa ending in 4242 (expires 12/27).\nTransaction ${uuid}\nShip to: Ada King, 12 Rue de la Paix, 75002 Paris, France`,
    html: page(
      `Order ${order}`,
      `<h1>Thank you, Ada</h1><table><tr><td>Order</td><td>${order}</td></tr><tr><td>Date</td><td>${date}</td></tr>
      <tr><td>2</td><td>Cup &amp; saucer</td><td>${amount}</td></tr><tr><td>Card</td><td>•••• 4242</td></tr></table>
      <a href="https://cups.example/orders/${uuid}?utm_source=mail&amp;utm_campaign=20261125&amp;h=9b74c9897bac770ffc029102a200c5de">See your order</a>`,
    ),
  }),
  shipping: ({ order, tracking, date }) => ({
    subject: `Order ${order} is on its way`,
    text: `Your parcel left us on ${date}.\nTracking number: ${tracking}\nhttps://track.example/?id=${tracking}\nEstimated delivery: Friday, 27 November 2026, 09:00-12:00.`,
    html: page(
      'On its way',
      `<p>Tracking number <b>${tracking}</b></p><p>UPS 1Z999AA10123456784 · USPS 9400 1000 0000 0000 0000 00</p>`,
    ),
  }),
  refund: ({ order, amount, uuid }) => ({
    subject: `Your refund of ${amount}`,
    text: `We have refunded ${amount} for order ${order} to your card ending in 4242. Reference ${uuid}. It takes 5 to 10 working days.\nRefund number: 20${order}`,
  }),
  newsletter: ({ date, uuid }) => ({
    subject: 'Black Friday: 20% off 4,000 cups',
    html: page(
      'Black Friday',
      `<p>Until ${date}: code CUPS2026. Born in Toronto, loved since 1984.</p><p>Our cards and security codes guide:
      your CVC is the 3 digits on the back of your card.</p><a href="https://cups.example/u/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U">Unsubscribe</a>
      <img src="https://open.example/${uuid}.gif" width="1" height="1">`,
    ),
    list: { unsubscribe: `https://cups.example/u/${uuid}` },
    headers: { 'X-Campaign-Id': uuid, 'Feedback-ID': '1.us-east-1.aBcDeFgHiJkLmNoPqRsTuVwXyZ:AmazonSES' },
  }),
  'password reset': ({ uuid }) => ({
    subject: 'Reset your password',
    text: `Somebody asked for a new password. Reset your password: https://cups.example/reset/${uuid}?t=9b74c9897bac770ffc029102a200c5de\nYour password: unchanged until then. We never ask for your password or PIN.`,
  }),
  'confirmation code': () => ({
    subject: '482913 is your code',
    text: 'Your sign-in code is 482913. It is good for 10 minutes.',
  }),
  'a German invoice': ({ order, amount, date, phone }) => ({
    subject: `Rechnung ${order}`,
    text: `Guten Tag,\nanbei die Rechnung ${order} vom ${date} über ${amount}. USt-IdNr. DE136695976, Steuernummer 12/345/67890, HRB 12345 B.\nFragen? ${phone}, Mo-Fr 9-17 Uhr.\nKundennummer 10048813, Artikel 4006381333931.`,
    attachments: [
      {
        filename: `Rechnung-${order}.pdf`,
        content: Buffer.from(`%PDF-1.4\n1 0 obj<<>>stream\nBT (Rechnung ${order}) Tj ET\nendstream\n%%EOF`),
      },
    ],
  }),
  'a French reminder': ({ order, amount, phone }) => ({
    subject: `Votre panier vous attend`,
    text: `Bonjour, votre commande n° ${order} (${amount}) n'est pas encore payée. SIRET 732 829 320 00074, TVA FR 40 303 265 045. Appelez le ${phone}.`,
  }),
  'an answer of the help desk': ({ order, phone, uuid }) => ({
    subject: `Re: [#${order}] Where is my cup?`,
    inReplyTo: `<${uuid}@cups.example>`,
    references: [`<${uuid}@cups.example>`, '<CAF4242x4242y@mail.gmail.com>'],
    text: `Hi Ada,\n\nplease call ${phone} or +44 20 7946 0958.\n\nOn Wed, 25 Nov 2026 at 18:04, Ada King <ada@example.org> wrote:\n> My order ${order} has not come.\n> IMEI/serial: C02XK1JLJGH5`,
  }),
  'a daily report': ({ amount, date }) => ({
    subject: `Sales of ${date}`,
    text: `Orders 4111, refunds 12, ${amount}.`,
    attachments: [
      {
        filename: 'sales.csv',
        content: `time,orders,amount\n${date}T00:00:00.000Z,4111,1234.56\n1764093600000,5105,99.00\n`,
      },
    ],
  }),
  'an invitation': ({ date }) => ({
    subject: 'Tasting',
    icalEvent: {
      method: 'REQUEST',
      content: `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:20261125T180456Z-4111@cups.example\r\nDTSTART:20261127T090000Z\r\nDTSTAMP:20261125T180456Z\r\nATTENDEE:mailto:ada@example.org\r\nSUMMARY:${date}\r\nEND:VEVENT\r\nEND:VCALENDAR`,
    },
  }),
}

const digits = (least: number, most = least): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((each) => each.join(''))
const VALUES: fc.Arbitrary<Values> = fc.record({
  order: fc.oneof(
    digits(4, 10),
    digits(20),
    digits(6).map((number) => `CUP-${number}`),
    fc.tuple(digits(3), digits(7), digits(7)).map((parts) => parts.join('-')),
  ),
  tracking: fc.oneof(
    digits(10),
    digits(12),
    digits(20),
    digits(22),
    digits(14).map((number) => `00${number}0000`),
    digits(9).map((number) => `RR${number}CA`),
  ),
  amount: fc
    .tuple(fc.constantFrom('$', '€ ', 'CAD '), fc.integer({ min: 1, max: 9_999_999 }))
    .map(([sign, cents]) => sign + (cents / 100).toLocaleString('en', { minimumFractionDigits: 2 })),
  date: fc
    .date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  uuid: fc.uuid(),
  phone: fc.oneof(
    digits(7).map((number) => `+49 30 ${number}`),
    digits(8).map((number) => `+33 1 ${number.replace(/../g, '$& ').trim()}`),
    digits(7).map((number) => `(416) ${number.slice(0, 3)}-${number.slice(3)}`),
  ),
})

describe('an ordinary mail arrives', () => {
  test.each(Object.entries(MAILS))('%s, whatever its numbers are', async (_name, mail) => {
    for (const values of fc.sample(VALUES, { numRuns: 150, seed: 11 })) {
      const sent = await send(mail(values)).catch((error: unknown) =>
        expect.fail(`${String(error)} ${JSON.stringify(values)}`),
      )
      expect(sent.message.length).toBeGreaterThan(100)
    }
  })

  test('and is refused as soon as it holds a card number', async () => {
    const [values] = fc.sample(VALUES, { numRuns: 1, seed: 11 })
    for (const mail of Object.values(MAILS)) {
      const given = mail(values ?? expect.fail())
      for (const part of ['text', 'html'] as const)
        if (typeof given[part] === 'string')
          await expect(send({ ...given, [part]: `${given[part]} 4242 4242 4242 4242` })).rejects.toThrow(
            SensitiveDataError,
          )
    }
  })
})

describe('a message by another channel', () => {
  test.each<[string, unknown, string]>([
    ['a text', 'paid with 4242424242424242', 'a card number in the message'],
    [
      'a member',
      { text: 'new order', attachments: [{ fields: [{ value: 'ada@example.org' }] }] },
      'an e-mail address of somebody else in value',
    ],
    ['a name', { ['4242424242424242']: 1 }, 'a card number in a name in the message'],
    ['a number', { total: 4242424242424242 }, 'a card number in total'],
    ['an address', new URL('https://shop.example/?c=4242%204242%204242%204242'), 'a card number in the message'],
    ['parameters', new URLSearchParams({ c: '4242424242424242' }), 'a card number in the message'],
    ['pieces', { a: '4242 4242', b: '4242 4242' }, 'a card number in the message'],
    ['what toJSON makes', { order: { toJSON: () => ({ cvc: 'CVC 123' }) } }, 'a security code of a card in cvc'],
    ['a map', new Map([['a', '4242424242424242']]), 'a card number in a'],
    ['bytes', Buffer.from('4242424242424242'), 'a card number in the message'],
    ['a key', ['curl', `Authorization: Bearer ${'aB3'.repeat(10)}`], 'a key, a token or credentials in the message'],
    ['a proxy', new Proxy({}, {}), 'something that cannot be looked into'],
  ])('is refused for %s, without its value', (_what, message, words) => {
    const send = (): void => assertSendable(message)
    expect(send).toThrow(SensitiveDataError)
    expect(send).toThrow(words)
    for (const value of ['4242', 'ada@', 'aB3']) expect(send).not.toThrow(value)
  })

  test('without sensitive data passes, and with what is one’s own', () => {
    const circle: Record<string, unknown> = { text: 'Order 1234567 paid, 12.50 CAD, see https://shop.example/orders/7' }
    assertSendable(circle)
    assertSendable(
      { text: 'ask help@shop.example', account: 'DE89 3704 0044 0532 0130 00' },
      { ownDomains: ['shop.example'], ownIbans: ['DE89370400440532013000'] },
    )
    assertSendable('born on 7 December 1984', { dangerouslyAllow: ['birth-date'] })
    circle['self'] = circle
    expect(() => assertSendable(circle)).toThrow(SensitiveDataError)
    expect(() => assertSendable('ask a@notshop.example', { ownDomains: ['shop.example'] })).toThrow('e-mail address')
  })
})

test('no page takes long to look through, however it is broken', () => {
  for (const piece of ['<!--', '<a b="', "<a b='x' ", '<br', '&#x34;', '=?a?B?', 'a@b.', '(', '[<41>']) {
    const begun = performance.now()
    assertSendable({ text: piece.repeat(50_000 / piece.length) }, { dangerouslyAllow: ['email-address'] })
    expect(performance.now() - begun, piece).toBeLessThan(4_000)
  }
})
