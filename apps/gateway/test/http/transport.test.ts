import { connect as connectPlain } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { startGateway, testCertificates } from '../support/gateway.ts'

test('every kind of answer carries the headers of the contract', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data
  const replies = await Promise.all([
    gateway.place(),
    gateway.get('/nothing'),
    gateway.get('/healthz', { key: null }),
    gateway.get('/openapi.json', { key: null }),
    gateway.get('/reference', { key: null }),
    gateway.get(String(payUrl), { key: null }),
    gateway.get(`${gateway.checkoutUrl}/nothing`, { key: null }),
    gateway.send('POST', '/payment/orderquery', { key: null, body: '{' }),
  ])
  for (const { headers } of replies) {
    expect(headers).toMatchObject({
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['request-id']).toMatch(/^req_[0-9a-z]{26}$/)
    expect(headers['content-security-policy']).not.toMatch(/unsafe/)
    expect(headers['content-security-policy']).toContain('frame-ancestors')
  }
  const page = replies[5]
  for (const name of [
    'referrer-policy',
    'permissions-policy',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
  ]) {
    expect(page.headers[name]).toBeDefined()
  }
})

test('text of an order cannot break out of the page that shows it', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place({ subject: '<!--<script>alert(1)//'.slice(0, 30).replaceAll('/', '') })).data
  const page = await gateway.get(String(payUrl), { key: null })
  expect(page.text).not.toContain('<script>alert')
  expect(page.text).toContain('\\u003cscript>alert')
})

test('a connection on which nothing is said ends without a word, one that stops half-way with the reason', async () => {
  const gateway = await startGateway({ role: 'api' })
  const port = Number(new URL(gateway.apiUrl).port)
  const heardAfter = (said: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const parts: string[] = []
      const options = { port, host: '127.0.0.1', servername: 'localhost', ca: testCertificates.ca }
      const socket = connect(options, () => said !== '' && socket.write(said))
      socket.on('data', (part) => parts.push(String(part)))
      socket.once('error', reject)
      socket.once('close', () => resolve(parts.join('')))
    })
  const [silent, halting] = await Promise.all([heardAfter(''), heardAfter('GET /healthz HTTP/1.1\r\nHost: loc')])
  expect(silent).toBe('')
  expect(halting).toMatch(/^HTTP\/1\.1 400 /)
  expect(halting).toContain('"msg":"PARAM_ERROR"')
})

describe('TLS', () => {
  const attempt = (port: number, options: ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(
        { port, host: '127.0.0.1', servername: 'localhost', ca: testCertificates.ca, ...options },
        () => {
          resolve(`${socket.getProtocol() ?? ''} ${socket.getCipher().name}`)
          socket.destroy()
        },
      )
      socket.once('error', () => resolve('refused'))
    })

  test('1.3, and 1.2 with forward secrecy and authenticated encryption; nothing else', async () => {
    const gateway = await startGateway({ role: 'api' })
    const port = gateway.config.apiPort
    expect(await attempt(port, {})).toMatch(/^TLSv1\.3/)
    const at12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    expect(await attempt(port, at12)).toMatch(/^TLSv1\.2 ECDHE-.*(GCM|CHACHA20)/)
    expect(await attempt(port, { ...at12, ciphers: 'ECDHE-ECDSA-AES256-SHA384:AES256-GCM-SHA384:AES128-SHA' })).toBe(
      'refused',
    )
    for (const ecdhCurve of ['X25519', 'P-256', 'P-384'])
      expect(await attempt(port, { ecdhCurve })).toMatch(/^TLSv1\.3/)
    for (const ecdhCurve of ['ffdhe2048', 'ffdhe3072', 'P-521']) {
      expect([ecdhCurve, await attempt(port, { ecdhCurve })]).toEqual([ecdhCurve, 'refused'])
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect(await attempt(port, old)).toBe('refused')
  })

  test('plain HTTP gets no answer', async () => {
    const gateway = await startGateway({ role: 'api' })
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connectPlain(gateway.config.apiPort, '127.0.0.1', () => {
        socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      })
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      socket.once('close', () => resolve(text))
      socket.once('error', () => resolve(text))
    })
    expect(answer).not.toContain('HTTP/1.1 200')
  })
})

test('the description names every endpoint of the contract, and nothing twice', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { body } = await gateway.get('/openapi.json', { key: null })
  const paths = body['paths'] as Record<string, Record<string, { operationId: string }>>
  expect(body['openapi']).toBe('3.1.0')
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/payment/unifiedorder',
      '/payment/orderquery',
      '/payment/closeorder',
      '/payment/reverse',
      '/payment/capture',
      '/payment/refund',
      '/payment/refundquery',
      '/payment/status',
      '/payment/refund/status',
      '/.well-known/jwks.json',
      '/healthz',
      '/readyz',
    ]),
  )
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
  expect(new Set(ids).size).toBe(ids.length)
  expect(JSON.stringify(body)).not.toContain('"$id"')
})

test('the probes tell how it stands', async () => {
  const gateway = await startGateway({ role: 'api' })
  expect(await gateway.get('/healthz', { key: null })).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await gateway.get('/readyz', { key: null })).toMatchObject({ status: 200, body: { status: 'ready' } })
  gateway.gateway.deps.drain()
  expect(await gateway.get('/readyz', { key: null })).toMatchObject({ status: 503, body: { status: 'draining' } })
})
