import { createServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { newAuthority } from '../../../../apps/gateway/test/support/authority.ts'
import { issueCertificate } from '../../../../apps/cli/src/certificates/authority.ts'

/** A mail server on loopback that keeps what it is told. */
export interface SmtpServer {
  readonly port: number
  /** The authority that its certificate is of, PEM. */
  readonly ca: string
  /** Each message as it came over the wire, its headers included. */
  readonly messages: string[]
  readonly commands: string[]
}

/** By TLS from the first byte, by STARTTLS, or in the clear alone. Its certificate is for `localhost`. */
export async function startSmtp(kind: 'tls' | 'starttls' | 'clear' = 'tls'): Promise<SmtpServer> {
  const authority = await newAuthority()
  const day = 86_400_000
  const tls = await issueCertificate(authority, {
    ...{
      names: ['localhost'],
      addresses: [],
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
    },
  })
  const messages: string[] = []
  const commands: string[] = []
  const offered = (secured: boolean): string =>
    kind === 'starttls' && !secured ? '250-localhost\r\n250 STARTTLS\r\n' : '250 localhost\r\n'
  const speak = (socket: Socket, secured: boolean): void => {
    let data: string | undefined
    let rest = ''
    const line = (text: string): void => {
      if (data !== undefined) {
        if (text !== '.') return void (data += `${text.replace(/^\./, '')}\n`)
        messages.push(data)
        data = undefined
        return void socket.write('250 taken\r\n')
      }
      commands.push(text)
      const word = text.slice(0, 4).toUpperCase()
      if (word === 'STAR' && kind === 'clear') return void socket.write('502 no such command\r\n')
      if (word === 'DATA') data = ''
      if (word === 'STAR' && kind === 'starttls') {
        socket.write('220 go ahead\r\n')
        socket.removeAllListeners('data')
        speak(new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) }), true)
      } else
        socket.write(
          word === 'DATA'
            ? '354 go on\r\n'
            : word === 'EHLO'
              ? offered(secured)
              : word === 'QUIT'
                ? '221 bye\r\n'
                : '250 fine\r\n',
        )
    }
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const each of lines) line(each)
    })
  }
  const greet = (socket: Socket): void => {
    socket.write('220 localhost ESMTP\r\n')
    speak(socket, kind === 'tls')
  }
  const server = kind === 'tls' ? createTlsServer(tls, greet) : createServer(greet)
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return {
    port: (server.address() as { port: number }).port,
    ca: authority.certificate.toString('pem'),
    messages,
    commands,
  }
}
