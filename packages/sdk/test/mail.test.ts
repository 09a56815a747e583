import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { deflateSync, gzipSync } from 'node:zlib'
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer'
import { describe, expect, onTestFinished, test } from 'vitest'
import { safeTransport, sensitiveFilter, SensitiveDataError, type SafeTransportOptions } from '../src/mail/mail.ts'
import { startSmtp } from './support/smtp-server.ts'

const CARD = '4242424242424242'
const SPACED = '4242 4242 4242 4242'
const HEAD = { from: 'Shop <shop@shop.example>', to: 'Ada <ada@example.org>', subject: 'Your order' }

interface Post {
  readonly transport: Transporter
  readonly messages: readonly string[]
  /** Sends, and gives what was found; undefined where it arrived. */
  readonly send: (mail: SendMailOptions) => Promise<string[] | undefined>
}

/** A shop's post: the real nodemailer, by TLS to a real server. */
async function openPost(options: SafeTransportOptions = {}): Promise<Post> {
  const { port, ca, messages } = await startSmtp()
  const transport = safeTransport(createTransport({ host: 'localhost', port, secure: true, tls: { ca } }), options)
  onTestFinished(() => transport.close())
  const send = async (mail: SendMailOptions): Promise<string[] | undefined> => {
    const before = messages.length
    try {
      await transport.sendMail({ ...HEAD, ...mail })
      expect(messages).toHaveLength(before + 1)
      return undefined
    } catch (error) {
      expect(messages).toHaveLength(before)
      if (!(error instanceof SensitiveDataError)) throw error
      for (const secret of ['4242', 'hunter', 'ucp_sk', 'DE89']) expect(error.message).not.toContain(secret)
      return error.findings.map(({ kind, part }) => `${kind} in ${part}`)
    }
  }
  return { transport, messages, send }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const qp = (text: string): string =>
  text.replace(/./gs, (sign) => `=${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
const wide = (text: string): string => text.replace(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))

/** A PDF of one page, as libraries write it. */
function pdf(content: string, compressed = true): Buffer {
  const body = compressed ? deflateSync(content) : Buffer.from(content)
  const filter = compressed ? '/Filter /FlateDecode ' : ''
  return Buffer.concat([
    Buffer.from(`%PDF-1.4\n1 0 obj\n<< ${filter}/Length ${body.length} >>\nstream\n`),
    body,
    Buffer.from('\nendstream\nendobj\n%%EOF\n'),
  ])
}

test.each<[string, SendMailOptions, string]>([
  ['the text', { text: `You paid with ${CARD}.` }, 'card-number in text'],
  ['the subject', { subject: `Card ${SPACED}` }, 'card-number in subject'],
  [
    'a page, with elements between',
    { html: '<p>4242<b>4242</b>4242<!-- x --><span>4242</span></p>' },
    'card-number in html',
  ],
  ['a page, as entities', { html: CARD.replace(/./g, (digit) => `&#x3${digit};`) }, 'card-number in html'],
  ['a page, with soft hyphens', { html: '4242&shy;4242&#8203;4242&zwnj;4242' }, 'card-number in html'],
  ['an attribute', { html: `<img src="x" data-card='${CARD}'>` }, 'card-number in html'],
  ['a comment', { html: `<!-- ${SPACED} -->` }, 'card-number in html'],
  [
    'an address of a page',
    { html: `<a href="https://shop.example/?c=${CARD.replace(/.{4}/g, '$&%20')}">x</a>` },
    'card-number in html',
  ],
  ['full-width digits', { text: wide(SPACED) }, 'card-number in text'],
  ['base64 of somebody else', { text: base64(`{"number":"${CARD}"}`) }, 'card-number in text'],
  ['quoted-printable of somebody else', { text: qp(SPACED) }, 'card-number in text'],
  ['a name of the reader', { to: { name: SPACED, address: 'ada@example.org' } }, 'card-number in addresses'],
  ['a header', { headers: { 'X-Card': CARD } }, 'card-number in headers'],
  ['the name of a header', { headers: { [`X-${CARD}`]: 'x' } }, 'card-number in headers'],
  ['a header of several', { headers: [{ key: 'X-A', value: CARD }] }, 'card-number in headers'],
  ['a list', { list: { unsubscribe: { url: 'https://shop.example', comment: CARD } } }, 'card-number in headers'],
  ['another form', { alternatives: [{ contentType: 'text/x-web', content: SPACED }] }, 'card-number in alternative 1'],
  ['a form for watches', { text: 'a', watchHtml: `<b>${CARD}</b>` }, 'card-number in watchHtml'],
  ['an invitation', { icalEvent: { content: `DESCRIPTION:${CARD}` } }, 'card-number in icalEvent'],
  ['a file', { attachments: [{ filename: 'a.csv', content: `a;${CARD}` }] }, 'card-number in attachment 1'],
  [
    'a file in base64',
    { attachments: [{ filename: 'a.csv', content: base64(SPACED), encoding: 'base64' }] },
    'card-number in attachment 1',
  ],
  [
    'a file in UTF-16',
    { attachments: [{ content: Buffer.from(`\ufeff${SPACED}`, 'utf16le') }] },
    'card-number in attachment 1',
  ],
  [
    'a file’s name',
    { attachments: [{ filename: `${CARD}.png`, content: 'x' }] },
    'card-number in the name of attachment 1',
  ],
  [
    'a stream',
    { attachments: [{ content: Readable.from([SPACED.slice(0, 9), SPACED.slice(9)]) }] },
    'card-number in attachment 1',
  ],
  ['a text that is a stream', { text: Readable.from([SPACED]) }, 'card-number in text'],
  [
    'an address that is data',
    { attachments: [{ path: `data:text/plain;base64,${base64(CARD)}` }] },
    'card-number in attachment 1',
  ],
  [
    'a part as it is',
    { attachments: [{ raw: `Content-Type: text/plain\r\n\r\n${CARD}` }] },
    'card-number in attachment 1',
  ],
  [
    'a PDF',
    { attachments: [{ filename: 'a.pdf', content: pdf(`BT (${SPACED}) Tj ET`) }] },
    'card-number in attachment 1',
  ],
  [
    'a PDF, apart',
    { attachments: [{ filename: 'a.pdf', content: pdf('BT [(4242 42) -12 (42 4242) 3 ( 4242)] TJ ET') }] },
    'card-number in attachment 1',
  ],
  [
    'a PDF, in hex',
    { attachments: [{ filename: 'a.pdf', content: pdf(`BT <${Buffer.from(CARD).toString('hex')}> Tj ET`, false) }] },
    'card-number in attachment 1',
  ],
  [
    'what calls itself a picture',
    { attachments: [{ filename: 'a.png', contentType: 'image/png', content: CARD }] },
    'card-number in attachment 1',
  ],
  ['a raw message', { raw: `Subject: =?utf-8?B?${base64(SPACED)}?=\r\n\r\nx` }, 'card-number in raw'],
  [
    'a raw message in base64',
    {
      raw: `Content-Transfer-Encoding: base64\r\n\r\n${base64(`<p>4242<b>4242</b>42424242 ${'and so on '.repeat(20)}</p>`).replace(/.{76}/g, '$&\r\n')}`,
    },
    'card-number in raw',
  ],
  [
    'a PDF in a raw message',
    {
      raw: `A: b\r\n\r\n${pdf(`BT (${SPACED}) Tj (${'x'.repeat(90)}) Tj ET`)
        .toString('base64')
        .replace(/.{76}/g, '$&\r\n')}\r\n`,
    },
    'card-number in raw',
  ],
  [
    'an archive',
    { attachments: [{ filename: 'a.zip', content: Buffer.from('PK\x03\x04aaaa') }] },
    'unreadable in attachment 1',
  ],
  ['a compressed file', { attachments: [{ filename: 'a.gz', content: gzipSync(CARD) }] }, 'unreadable in attachment 1'],
  ['what has to be fetched', { attachments: [{ href: 'http://127.0.0.1/a' }] }, 'unreadable in attachment 1'],
  ['what has to be fetched, as a path', { html: { path: 'https://127.0.0.1/a' } }, 'unreadable in html'],
  [
    'a stream that never ends',
    {
      attachments: [
        {
          content: Readable.from(
            (function* () {
              for (;;) yield 'x'.repeat(100_000)
            })(),
          ),
        },
      ],
    },
    'unreadable in attachment 1',
  ],
  ['a security code', { text: 'card ending in 4242, CVC: 123' }, 'security-code in text'],
  ['a key', { text: `key ucp_sk_live_${'aB3'.repeat(12)}xy` }, 'key in text'],
  ['a key of somebody else', { html: `<code>ghp_${'aB3'.repeat(12)}</code>` }, 'key in html'],
  ['a password', { html: '<b>Your password</b> is: <i>hunter2!</i>' }, 'password in html'],
  ['an account', { text: 'IBAN DE89 3704 0044 0532 0130 00' }, 'iban in text'],
  ['a national number', { text: 'CPF 529.982.247-25' }, 'national-id in text'],
  ['a date of birth', { text: 'Date of birth: 1984-12-07' }, 'birth-date in text'],
  [
    'addresses of many',
    { text: ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`).join() },
    'email-address in text',
  ],
])('sensitive data in %s is refused', async (_where, mail, finding) => {
  const { send } = await openPost()
  expect(await send(mail)).toContain(finding)
})

test('a file is refused for what is in it, and what was looked at is what is sent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-mail-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'order.txt')
  const { transport, send, messages } = await openPost()
  writeFileSync(path, `paid with ${SPACED}`)
  expect(await send({ attachments: [{ path }] })).toEqual(['card-number in attachment 1'])
  writeFileSync(path, 'two cups')
  // Whoever changes it after the look changes nothing.
  transport.use('compile', (_mail, done) => {
    writeFileSync(path, SPACED)
    done()
  })
  expect(await send({ attachments: [{ path }] })).toBeUndefined()
  expect(messages[0]).toContain('filename=order.txt')
  expect(messages[0]).toContain(base64('two cups'))
  transport.options = { ...transport.options }
  await expect(send({ attachments: [{ path }], disableFileAccess: true })).resolves.toEqual([
    'unreadable in attachment 1',
  ])
})

test('what another plug-in writes into the mail after the first look is looked at as well', async () => {
  const { transport, send } = await openPost()
  let html: unknown = `<p>${CARD}</p>`
  transport.use('compile', (mail, done) => {
    mail.data.html = html as string
    done()
  })
  expect(await send({ text: 'x' })).toEqual(['card-number in html'])
  html = Readable.from([CARD])
  expect(await send({ text: 'x' })).toEqual(['unreadable in html'])
})

test('what is put together by nodemailer arrives whole', async () => {
  const { send, messages } = await openPost({
    ownDomains: ['shop.example'],
    ownIbans: ['DE89 3704 0044 0532 0130 00'],
    dangerouslySendTypes: ['application/zip'],
  })
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const sent = await send({
    text: Readable.from(['Thank ', 'you']),
    html: { content: Buffer.from('<p>Pay to DE89370400440532013000, ask a@shop.example</p>') },
    attachments: [
      { filename: 'invoice.pdf', content: pdf('BT (Invoice 7) Tj ET') },
      { filename: 'logo.png', cid: 'logo', content: png.toString('hex'), encoding: 'hex' },
      { filename: 'a.zip', contentType: 'application/zip', content: Buffer.from('PK\x03\x04\0\0') },
    ],
    icalEvent: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' },
  })
  expect(sent).toBeUndefined()
  const [message = ''] = messages
  for (const part of [
    'Thank you',
    'a@shop.example',
    'invoice.pdf',
    base64(pdf('BT (Invoice 7) Tj ET').toString('latin1')).slice(0, 20),
    png.toString('base64').slice(0, 20),
    'method=REQUEST',
  ])
    expect(message).toContain(part)
  expect(await send({ raw: 'From: shop@shop.example\r\nTo: ada@example.org\r\n\r\nHello' })).toBeUndefined()
  expect(messages[1]).toContain('Hello')
})

test('by itself the filter is a plug-in, and kinds are let through by a name that says so', async () => {
  const { port, ca, messages } = await startSmtp()
  const open = (filter: ReturnType<typeof sensitiveFilter>): Transporter =>
    createTransport({ host: 'localhost', port, secure: true, tls: { ca } }).use('compile', filter)
  await expect(open(sensitiveFilter()).sendMail({ ...HEAD, text: CARD })).rejects.toThrow(
    'The message was not sent. It holds a card number in text. Write the last four',
  )
  await open(sensitiveFilter({ dangerouslyAllow: ['birth-date'] })).sendMail({
    ...HEAD,
    text: 'Date of birth: 1984-12-07',
  })
  expect(messages).toHaveLength(1)
})

describe('a mail server', () => {
  test.each([
    [
      { tls: { rejectUnauthorized: false }, secure: true },
      "name a CA of your own by tls: { ca: readFileSync('ca.pem') }",
    ],
    [{ tls: { checkServerIdentity: () => undefined }, secure: true }, 'not verified'],
    [{ tls: { minVersion: 'TLSv1' as const }, secure: true }, "minVersion: 'TLSv1.2'"],
    [{ port: 587 }, 'requireTLS: true'],
    [{ port: 587, secure: false }, 'requireTLS: true'],
    [{ port: 587, requireTLS: true, ignoreTLS: true }, 'without ignoreTLS'],
    [{ port: 587, requireTLS: true, opportunisticTLS: true }, 'without ignoreTLS'],
    [{ port: 587, pool: true as const }, 'requireTLS: true'],
    [{ url: 'smtp://mail.shop.example:587' }, 'requireTLS: true'],
    [{ url: 'smtps://mail.shop.example/?tls.rejectUnauthorized=false' }, 'not verified'],
  ])('by %o is refused, with the line to write instead', (options, words) => {
    expect(() => safeTransport(createTransport({ host: 'mail.shop.example', ...options }))).toThrow(words)
  })

  test('by TLS, by STARTTLS and of a known service is taken', () => {
    for (const options of [
      { port: 465 },
      { secure: true },
      { port: 587, requireTLS: true },
      { service: 'gmail' },
      { url: 'smtps://mail.shop.example' },
    ])
      safeTransport(createTransport({ host: 'mail.shop.example', ...options }))
    safeTransport(createTransport({ jsonTransport: true }))
    safeTransport(createTransport({ host: 'localhost', port: 1025 }), { dangerouslyAllowPlainSmtp: true })
  })

  test('whose certificate is of nobody known, or that offers no TLS, gets nothing, whatever the environment says', async () => {
    const [unknown, clear, starttls] = [await startSmtp(), await startSmtp('clear'), await startSmtp('starttls')]
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    onTestFinished(() => void Reflect.deleteProperty(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED'))
    const send = (options: object): Promise<unknown> =>
      safeTransport(createTransport({ host: 'localhost', ...options })).sendMail({ ...HEAD, text: 'Hello' })
    await expect(send({ port: unknown.port, secure: true })).rejects.toThrow(
      /certificate|self-signed|unable to verify/i,
    )
    await expect(send({ port: clear.port, requireTLS: true })).rejects.toThrow(/STARTTLS/)
    await expect(send({ port: starttls.port, requireTLS: true })).rejects.toThrow(
      /certificate|self-signed|unable to verify/i,
    )
    expect(
      [unknown, clear, starttls].flatMap(({ messages, commands }) => [
        ...messages,
        ...commands.filter((line) => line.startsWith('MAIL')),
      ]),
    ).toEqual([])
    await send({ port: starttls.port, requireTLS: true, tls: { ca: starttls.ca } })
    expect(starttls.messages[0]).toContain('Hello')
  })
})
