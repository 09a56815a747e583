import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createPlainServer, request as requestPlain } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { onTestFinished } from 'vitest'
import { issueCertificate } from '../../../../apps/cli/src/certificates/authority.ts'
import { newAuthority } from '../../../../apps/gateway/test/support/authority.ts'

const DAY_MS = 86_400_000

/** What a site answered. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** What a caller sends; a string is one header, a list is several of the name. */
export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

/** A site that a test opened: `ask` sends what is asked for, and nothing that a browser would add. */
export interface Site {
  readonly url: string
  readonly ask: (path: string, asked?: Asked) => Promise<Reply>
}

const identity = newAuthority().then(async (ca) => {
  const at = (days: number): Date => new Date(Date.now() + days * DAY_MS)
  const names = { names: ['localhost', 'shop.example'], addresses: [] }
  return {
    ...(await issueCertificate(ca, { ...names, notBefore: at(-1), notAfter: at(1) })),
    ca: ca.certificate.toString('pem'),
  }
})

/** Serves over HTTPS with a certificate that `ask` verifies. */
export async function secureSite(listener: RequestListener): Promise<Site> {
  const { key, cert, ca } = await identity
  const port = await listen(createServer({ key, cert }, listener))
  return { url: `https://localhost:${port}`, ask: (path, asked = {}) => send({ port, path, ca }, asked) }
}

/** Serves over plain HTTP. */
export async function plainSite(listener: RequestListener): Promise<Site> {
  const port = await listen(createPlainServer(listener))
  return { url: `http://localhost:${port}`, ask: (path, asked = {}) => send({ port, path, ca: undefined }, asked) }
}

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function send(to: { port: number; path: string; ca: string | undefined }, asked: Asked): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = asked
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      servername: 'localhost',
      agent: false,
      method,
      headers: { host: 'shop.example', ...headers },
    }
    const outgoing =
      to.ca === undefined ? requestPlain({ ...options, ...to }) : request({ ...options, ...to, ca: to.ca })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      incoming.on('error', reject)
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }))
    })
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error('no answer')))
    outgoing.end(body)
  })
}
