import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, createSecureContext } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { newAuthority } from '../../test/support/authority.ts'
import { issueCertificate } from '../../../cli/src/certificates/authority.ts'
import { createMailer, MailError } from './mail.ts'

const MAIL = { id: 'lnk_1', to: 'grace@example.com', subject: 'Hello', text: 'A link' }
const authority = await newAuthority()
const leafFor = (names: string[]) =>
  issueCertificate(authority, {
    names,
    addresses: [],
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
  })
const ca = authority.certificate.toString('pem')

interface Received {
  readonly commands: string[]
  readonly port: number
}

/** A mail server of a few lines, on loopback: implicit TLS, STARTTLS, or in the clear alone. */
async function mailServer(kind: 'tls' | 'starttls' | 'clear', names = ['localhost']): Promise<Received> {
  const tls = await leafFor(names)
  const commands: string[] = []
  const speak = (socket: Socket | TLSSocket, secured: boolean, greet: boolean): void => {
    let data = false
    let rest = ''
    if (greet) socket.write('220 localhost ESMTP\r\n')
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString()
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (data) {
          commands.push(line)
          if (line !== '.') continue
          data = false
          socket.write('250 taken\r\n')
          continue
        }
        commands.push(line)
        const word = line.slice(0, 4).toUpperCase()
        if (word === 'EHLO')
          socket.write(kind === 'starttls' && !secured ? '250-localhost\r\n250 STARTTLS\r\n' : '250 localhost\r\n')
        else if (word === 'STAR' && kind === 'clear') socket.write('502 no such command\r\n')
        else if (word === 'STAR') {
          socket.write('220 go ahead\r\n')
          socket.removeAllListeners('data')
          speak(new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) }), true, false)
          return
        } else if (word === 'DATA') {
          data = true
          socket.write('354 go on\r\n')
        } else if (word === 'QUIT') socket.end('221 bye\r\n')
        else socket.write('250 fine\r\n')
      }
    })
  }
  const server =
    kind === 'tls'
      ? createTlsServer(tls, (socket) => speak(socket, true, true))
      : createServer((socket) => speak(socket, false, true))
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { commands, port: (server.address() as { port: number }).port }
}

test.each(['tls', 'starttls'] as const)('a mail goes by %s, with the certificate verified', async (kind) => {
  const { commands, port } = await mailServer(kind)
  const scheme = kind === 'tls' ? 'smtps' : 'smtp'
  const mailer = createMailer({
    kind: 'smtp',
    url: `${scheme}://localhost:${port}`,
    from: 'UCanPay <no-reply@example.org>',
    extraCa: [ca],
  })
  await mailer.send(MAIL)
  mailer.close()
  expect(commands).toContain('RCPT TO:<grace@example.com>')
  expect(commands).toContain('Message-ID: <lnk_1@localhost>')
  expect(commands).toContain('A link')
})

test('a server in the clear, of another name or of an unknown authority is told nothing', async () => {
  const [clear, other, unknown] = [
    await mailServer('clear'),
    await mailServer('tls', ['mail.example']),
    await mailServer('tls'),
  ]
  const send = (url: string, extraCa: string[]) =>
    createMailer({ kind: 'smtp', url, from: 'no-reply@example.org', extraCa }).send(MAIL)
  await expect(send(`smtp://localhost:${clear.port}`, [ca])).rejects.toThrow(MailError)
  await expect(send(`smtps://localhost:${other.port}`, [ca])).rejects.toThrow(MailError)
  await expect(send(`smtps://localhost:${unknown.port}`, [])).rejects.toThrow(MailError)
  for (const { commands } of [clear, other, unknown])
    expect(commands.filter((line) => /MAIL|RCPT|AUTH|DATA/.test(line))).toEqual([])
})

test('what a server says of a failure stays out of ours', async () => {
  const mailer = createMailer({
    kind: 'smtp',
    url: 'smtps://user:secret-word@localhost:1',
    from: 'a@example.org',
    extraCa: [],
  })
  const error = await mailer.send(MAIL).catch((caught: unknown) => caught as MailError)
  expect(error).toMatchObject({ name: 'MailError', message: 'the mail was not taken', code: 'ESOCKET' })
  expect(JSON.stringify(error)).not.toContain('secret')
})
