import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { connect, type SecureVersion, type TlsOptions } from 'node:tls'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { issueCertificate, type CertificateWish } from '../../../cli/src/certificates/authority.ts'
import { newAuthority } from '../../test/support/authority.ts'
import { createOutbound, type OutboundReply } from './outbound.ts'

const DAY_MS = 86_400_000
const now = Date.now()
const authority = await newAuthority(new Date(now))
const stranger = await newAuthority(new Date(now))
const extraCa = [authority.certificate.toString('pem')]

const GOOD: CertificateWish = {
  names: ['localhost', 'shop.example'],
  addresses: ['127.0.0.1'],
  notBefore: new Date(now - DAY_MS),
  notAfter: new Date(now + DAY_MS),
}

async function startServer(
  wish: Partial<CertificateWish> = {},
  { issuer = authority, ...options }: TlsOptions & { issuer?: typeof authority } = {},
): Promise<{ port: number; requests: string[]; servernames: unknown[] }> {
  const requests: string[] = []
  const servernames: unknown[] = []
  const { cert, key } = await issueCertificate(issuer, { ...GOOD, ...wish })
  const server = createHttpsServer({ cert, key, ...options }, (request, response) => {
    requests.push(request.headers.host ?? '')
    servernames.push((request.socket as { servername?: unknown }).servername)
    response.end('{"return_code":"SUCCESS"}')
  })
  const port = await listen(server)
  return { port, requests, servernames }
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as { port: number }).port
}

function post(url: string, { ca = extraCa, timeoutMs = 5_000 } = {}): Promise<OutboundReply> {
  const outbound = createOutbound({ extraCa: ca, resolver: () => Promise.resolve(['127.0.0.1']) })
  return outbound.post(url, { headers: {}, body: '{}', mode: 'test', timeoutMs })
}

test('the certificate is checked against the name, although an address is dialled', async () => {
  const { port, requests, servernames } = await startServer()

  expect((await post(`https://shop.example:${port}/n`)).status).toBe(200)
  expect((await post(`https://127.0.0.1:${port}/n`)).status).toBe(200)
  expect(requests).toEqual([`shop.example:${port}`, `127.0.0.1:${port}`])
  expect(servernames).toEqual(['shop.example', false])
})

test.each<[string, Partial<CertificateWish>]>([
  ['expired', { notBefore: new Date(now - 2 * DAY_MS), notAfter: new Date(now - DAY_MS) }],
  ['not valid yet', { notBefore: new Date(now + DAY_MS), notAfter: new Date(now + 2 * DAY_MS) }],
  ['for another name', { names: ['other.example'] }],
  ['for a name below', { names: ['a.shop.example'] }],
  ['for the address only', { names: [] }],
])('a certificate that is %s is refused, and nothing is sent', async (_what, wish) => {
  const { port, requests } = await startServer(wish)

  await expect(post(`https://shop.example:${port}/n`)).rejects.toMatchObject({ reason: 'tls' })
  expect(requests).toEqual([])
})

test('a certificate for the name only is refused where the address was asked for', async () => {
  const { port, requests } = await startServer({ addresses: [] })

  await expect(post(`https://127.0.0.1:${port}/n`)).rejects.toMatchObject({ reason: 'tls' })
  expect(requests).toEqual([])
})

test('a CA that nobody knows is refused', async () => {
  const unknown = await startServer({}, { issuer: stranger })
  const ours = await startServer()

  await expect(post(`https://shop.example:${unknown.port}/n`)).rejects.toMatchObject({ reason: 'tls' })
  await expect(post(`https://shop.example:${ours.port}/n`, { ca: [] })).rejects.toMatchObject({ reason: 'tls' })
})

test.each<[SecureVersion, 'answered' | 'refused']>([
  ['TLSv1', 'refused'],
  ['TLSv1.1', 'refused'],
  ['TLSv1.2', 'answered'],
  ['TLSv1.3', 'answered'],
])('a receiver that speaks nothing newer than %s is %s', async (version, outcome) => {
  const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } as const
  const { port, requests } = await startServer({}, old)
  // That it does speak that version, and would be reached by somebody less careful.
  const careless = connect({ port, host: '127.0.0.1', ca: extraCa, servername: 'shop.example', ...old })
  await once(careless, 'secureConnect')
  expect(careless.getProtocol()).toBe(version)
  careless.destroy()

  if (outcome === 'answered') expect((await post(`https://shop.example:${port}/n`)).status).toBe(200)
  else await expect(post(`https://shop.example:${port}/n`)).rejects.toMatchObject({ reason: 'tls' })
  expect(requests).toHaveLength(outcome === 'answered' ? 1 : 0)
})

test('a receiver that never finishes the handshake is given up in time, and no connection is left', async () => {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    socket.resume()
  })
  const port = await listen(server)

  await expect(post(`https://shop.example:${port}/`, { timeoutMs: 300 })).rejects.toMatchObject({ reason: 'timeout' })
  await expect.poll(() => open.size).toBe(0)
})

test('a receiver that speaks no TLS gets nothing to read', async () => {
  const read: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      read.push(chunk)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    })
  })
  const port = await listen(server)

  await expect(post(`https://shop.example:${port}/`)).rejects.toMatchObject({ reason: 'tls' })
  expect(Buffer.concat(read).toString('latin1')).not.toContain('POST')
})

/** Posts to an address in a process of its own, with this environment. @returns the status, or why there is none */
async function postInChild(url: string, env: Record<string, string>, ca: readonly string[]): Promise<string> {
  const program = `
    const { createOutbound } = await import(${JSON.stringify(new URL('./outbound.ts', import.meta.url).href)})
    const outbound = createOutbound({ extraCa: ${JSON.stringify(ca)} })
    const request = { headers: {}, body: '{}', mode: 'test', timeoutMs: 5000 }
    const outcome = await outbound.post(${JSON.stringify(url)}, request).then((reply) => reply.status, (error) => error.reason)
    console.log(outcome)`
  const child = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { PATH: process.env['PATH'], ...env },
  })
  return child.stdout.trim()
}

test('NODE_TLS_REJECT_UNAUTHORIZED=0 and NODE_OPTIONS loosen nothing', async () => {
  const { port, requests } = await startServer({}, { issuer: stranger })
  const old = await startServer({}, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' })
  const options = { NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT:@SECLEVEL=0' }

  expect(await postInChild(`https://localhost:${port}/`, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, extraCa)).toBe('tls')
  expect(await postInChild(`https://localhost:${old.port}/`, options, extraCa)).toBe('tls')
  expect([...requests, ...old.requests]).toEqual([])
})

test('a proxy of the environment is not used', async () => {
  const { port } = await startServer()
  let seen = 0
  const proxy = createServer((socket) => {
    seen += 1
    socket.destroy()
  })
  const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`
  const env = { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, https_proxy: proxyUrl, NODE_USE_ENV_PROXY: '1' }

  expect(await postInChild(`https://localhost:${port}/`, env, extraCa)).toBe('200')
  expect(seen).toBe(0)
})
