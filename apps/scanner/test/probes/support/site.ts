import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createPlain, type RequestListener, type Server } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createAuthority, issueCertificate } from '../../../../cli/src/certificates/authority.ts'

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const DAY_MS = 86_400_000

/** A site with real TLS on loopback; what it does not say is as it should be. */
export interface SiteWish {
  readonly answer?: RequestListener
  /** What plain HTTP answers; a redirect to https where absent. */
  readonly plain?: RequestListener
  /** What `/.well-known/security.txt` says; undefined leaves it to `answer`. */
  readonly securityText?: string | undefined
  readonly name?: string
  /** Days from now. */
  readonly valid?: readonly [from: number, to: number]
  readonly tls?: ServerOptions
}

export interface TestSite {
  readonly url: string
  /** What was asked for, in order, over either. */
  readonly asked: string[]
  connections(): number
  audit(...args: string[]): Promise<{ code: number; out: string; err: string }>
  /** Rules and messages. */
  found(...args: string[]): Promise<string[]>
}

export const GOOD_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
}

export async function startSite(wish: SiteWish = {}): Promise<TestSite> {
  const root = mkdtempSync(join(tmpdir(), 'ucanpay-probes-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [from, to] = wish.valid ?? [-1, 90]
  const day = (days: number): Date => new Date(Date.now() + days * DAY_MS)
  const ca = await createAuthority({ name: 'CN=Test CA', notBefore: day(-400), notAfter: day(400) })
  const dates = { notBefore: day(from), notAfter: day(to) }
  const issued = await issueCertificate(ca, { names: [wish.name ?? 'localhost'], addresses: [], ...dates })
  writeFileSync(join(root, 'ca.pem'), ca.certificate.toString('pem'))
  const asked: string[] = []
  const good = `Contact: mailto:security@shop.example\nExpires: ${day(200).toISOString()}\n`
  const securityText = 'securityText' in wish ? wish.securityText : good
  const answer: RequestListener =
    wish.answer ?? ((_request, response) => response.writeHead(200, GOOD_HEADERS).end('hi'))
  const server = createServer({ ...issued, ...wish.tls }, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (request.url === '/.well-known/security.txt' && securityText !== undefined)
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(securityText)
    else answer(request, response)
  })
  let connections = 0
  server.on('connection', () => (connections += 1))
  const port = await listen(server)
  const plain = createPlain((request, response) => {
    asked.push(`plain ${request.method} ${request.url}`)
    if (wish.plain) wish.plain(request, response)
    else response.writeHead(308, { location: `https://localhost:${port}${request.url}` }).end()
  })
  const plainPort = await listen(plain)
  const url = `https://localhost:${port}/`
  const audit: TestSite['audit'] = (...args) =>
    new Promise((resolve) => {
      const own = [MAIN, url, '--http-port', String(plainPort), ...args]
      const child = execFile(process.execPath, own, { cwd: root }, (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err })
      })
      child.stdin?.end()
    })
  return {
    url,
    asked,
    connections: () => connections,
    audit,
    async found(...args) {
      const { out, err } = await audit('--yes', '--ca', 'ca.pem', '--format', 'json', ...args)
      if (out === '') throw new Error(err)
      const { findings } = JSON.parse(out) as { findings: { ruleId: string; message: string }[] }
      return findings.map(({ ruleId, message }) => `${ruleId}: ${message}`)
    },
  }
}

/** A self-signed certificate as OpenSSL makes it. */
export function selfSigned(...args: string[]): { cert: string; key: string } {
  const root = mkdtempSync(join(tmpdir(), 'ucanpay-weak-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const own = ['req', '-x509', '-nodes', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...own, '-days', '90', '-keyout', 'key.pem', '-out', 'cert.pem', ...args], {
    cwd: root,
    stdio: 'pipe',
  })
  return { cert: readFileSync(join(root, 'cert.pem'), 'utf8'), key: readFileSync(join(root, 'key.pem'), 'utf8') }
}

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => open.add(socket))
  // A client that breaks off is what several of the tests are about.
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}
