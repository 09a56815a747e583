import { request as plainRequest } from 'node:http'
import { connect } from 'node:tls'
import { FAILURES } from '@ucanpay/wire/failures'
import { expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startGateway, testCertificates, type TestGateway } from '../support/gateway.ts'

const BODY = '{"outTradeNo":"none"}'

/** What came back over a socket: the last answer, because some are preceded by a 100. */
interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How many answers there were. */
  readonly answers: number
}

/** Sends bytes as they are, and reads until the gateway hangs up. */
function raw(origin: string, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const port = Number(new URL(origin).port)
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: testCertificates.ca }, () =>
      socket.write(bytes),
    )
    let text = ''
    socket.setTimeout(8_000, () => socket.destroy(new Error(`no end after: ${text.slice(0, 100)}`)))
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.once('end', () => resolve(parse(text)))
    socket.once('error', reject)
  })
}

function parse(text: string): RawAnswer {
  const answers = text.split(/(?=HTTP\/1\.1 \d{3} )/).filter((part) => !part.startsWith('HTTP/1.1 100 '))
  const [head = '', body = ''] = (answers.at(-1) ?? '').split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [line.split(':', 1)[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
    answers: answers.length,
  }
}

/** That it is the contract's failure, whole (contract §1, §5). */
function expectFailure(answer: RawAnswer, what: string, expected: [number, string]): void {
  const body = JSON.parse(answer.body) as Record<string, unknown>
  expect([what, answer.status, body['msg']]).toEqual([what, ...expected])
  expect(answer.headers, what).toMatchObject({
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-type': 'application/json; charset=utf-8',
    'request-id': body['requestId'],
  })
  expect(body, what).toMatchObject({ code: expected[0], status: expected[0] })
  expect(body['message']).toBe(FAILURES[body['msg'] as keyof typeof FAILURES].message)
}

/** The parts of a good request, to be spoilt. */
function partsOf({ merchant }: TestGateway): { host: string; json: string } {
  return {
    host: `Host: localhost\r\nAuthorization: Bearer ${merchant.secretKey}\r\nConnection: close\r\n`,
    json: `Content-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  }
}

test('what is not HTTP, or could be read in two ways, gets the failure of the contract and no route sees it', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { host, json } = partsOf(gateway)
  const line = 'POST /payment/orderquery HTTP/1.1\r\n'
  const chunked = `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
  const broken: Record<string, string> = {
    'two lengths': `${line}${host}Content-Length: 21\r\n${json}`,
    'two lengths in one': `${line}${host}Content-Length: 21, 21\r\n\r\n${BODY}`,
    'a length and chunks': `${line}${host}Content-Length: 5\r\n${chunked}0\r\n\r\n`,
    'a length with a sign': `${line}${host}Content-Length: +21\r\n\r\n${BODY}`,
    'a length below nothing': `${line}${host}Content-Length: -1\r\n\r\n`,
    'a length in hex': `${line}${host}Content-Length: 0x15\r\n\r\n${BODY}`,
    'a length beyond all': `${line}${host}Content-Length: 99999999999999999999999\r\n\r\n${BODY}`,
    'a space before the colon': `${line}${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    'chunks that are not': `${line}${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'two codings': `${line}${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    'two coding headers': `${line}${host}Transfer-Encoding: identity\r\n${chunked}0\r\n\r\n`,
    'a coding before the chunks': `${line}${host}${chunked.replace('chunked', 'identity, chunked')}0\r\n\r\n`,
    'a folded line': `${line}${host}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
    'bare line feeds': `${line}${host}${json}`.replaceAll('\r\n', '\n'),
    'a bare line feed in a header': `${line}${host}X-A: b\nX-B: c\r\n${json}`,
    'a bare return in a header': `${line}${host}X-A: b\rX-B: c\r\n${json}`,
    'a NUL in a header': `${line}${host}X-A: b\0c\r\n${json}`,
    'a size that is none': `${line}${host}${chunked}zz\r\n${BODY}\r\n0\r\n\r\n`,
    'chunks with bare line feeds': `${line}${host}${chunked}15\n${BODY}\n0\n\n`,
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HTTP/1.2': `GET /healthz HTTP/1.2\r\n${host}\r\n`,
    'a TLS record': '\x16\x03\x01\x02\x00\x01\r\n',
    'a method that is none': `FOO /payment/orderquery HTTP/1.1\r\n${host}${json}`,
    'a method in small letters': `post /payment/orderquery HTTP/1.1\r\n${host}${json}`,
    'no slash': `POST payment/orderquery HTTP/1.1\r\n${host}${json}`,
    'slashes the other way': `POST \\payment\\orderquery HTTP/1.1\r\n${host}${json}`,
    'one header too long': `GET /healthz HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`,
    'too many headers': `GET /healthz HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(3_000)}\r\n`,
    'no host': `${line}${host.replace('Host: localhost\r\n', '')}${json}`,
    'two hosts': `${line}${host}Host: elsewhere\r\n${json}`,
    'two keys': `${line}${host}Authorization: Bearer other\r\n${json}`,
    'two types': `${line}${host}Content-Type: text/plain\r\n${json}`,
    'a path that cannot be decoded': `GET /users/%zz HTTP/1.1\r\n${host}\r\n`,
    'a path that is not UTF-8': `GET /users/%ff HTTP/1.1\r\n${host}\r\n`,
  }
  for (const [what, bytes] of Object.entries(broken)) {
    expectFailure(await raw(gateway.apiUrl, bytes), what, [400, 'PARAM_ERROR'])
  }
  const routes = gateway.log.filter((entry) => entry.includes('"msg":"request"') && entry.includes('"status":2'))
  expect(routes).toEqual([])
})

test('what follows a broken request on its connection is not read', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { host, json } = partsOf(gateway)
  const hidden = `POST /payment/unifiedorder HTTP/1.1\r\n${host}${json.replace(BODY, JSON.stringify(gateway.order()))}`
  for (const start of ['Content-Length: 5\r\nTransfer-Encoding: chunked', 'Content-Length: 0\r\nContent-Length: 4']) {
    const bytes = `POST /payment/orderquery HTTP/1.1\r\n${host}${start}\r\n\r\n0\r\n\r\n${hidden}`
    const answer = await raw(gateway.apiUrl, bytes)
    expect([answer.status, answer.answers]).toEqual([400, 1])
  }
  expect(await gateway.rows('orders')).toEqual([])
})

test('methods that no route has are refused; what is allowed is told, also where the address names an object', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { host } = partsOf(gateway)
  const addresses: [string, string][] = [
    ['/payment/orderquery', 'POST'],
    ['/payment/status', 'GET'],
    ['/users', 'GET, POST'],
    ['/users/usr_none', 'DELETE, GET, PUT'],
    ['/v1/api-keys/key_none/roll', 'POST'],
    ['/healthz', 'GET'],
  ]
  for (const [path, allow] of addresses) {
    for (const method of ['TRACE', 'PATCH', 'OPTIONS', 'PROPFIND', 'LOCK', 'PURGE']) {
      const answer = await raw(gateway.apiUrl, `${method} ${path} HTTP/1.1\r\n${host}\r\n`)
      expectFailure(answer, `${method} ${path}`, [405, 'REQUIRE_POST_METHOD'])
      expect([path, answer.headers['allow']]).toEqual([path, allow])
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  }
  const tunnel = await raw(gateway.apiUrl, `CONNECT example.com:443 HTTP/1.1\r\n${host}\r\n`)
  expectFailure(tunnel, 'CONNECT', [405, 'REQUIRE_POST_METHOD'])
  expectFailure(await raw(gateway.apiUrl, `OPTIONS * HTTP/1.1\r\n${host}\r\n`), 'OPTIONS *', [404, 'NOT_FOUND'])
})

test('an address that is nearly a route is none', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { host, json } = partsOf(gateway)
  const near = [
    '//payment//orderquery',
    '//payment/orderquery',
    '/payment//orderquery',
    '/payment/orderquery/',
    '/payment/orderquery//',
    '/payment/./orderquery',
    '/x/../payment/orderquery',
    '/x/%2e%2e/payment/orderquery',
    '/payment/%2e/orderquery',
    '/payment%2Forderquery',
    '/payment%5Corderquery',
    '/payment/orderquery%00',
    '/payment/orderquery%20',
    '/payment/orderquery%0d%0aX-A:%20b',
    '/payment/orderquery;a=b',
    '/payment/orderquery.json',
    '/PAYMENT/ORDERQUERY',
    '/Payment/orderquery',
    '/payment/orderquer%C4%B1',
    '/payment/%25orderquery',
    'https://localhost//payment/orderquery',
    'https://localhost@localhost/x/../payment/orderquery',
  ]
  for (const path of near) {
    const answer = await raw(gateway.apiUrl, `POST ${path} HTTP/1.1\r\n${host}${json}`)
    expectFailure(answer, path, [404, 'NOT_FOUND'])
  }
  // RFC 9112 §3.2.2: a server has to take the absolute form, too. It means the same route, and no other.
  const absolute = `POST https://localhost/payment/orderquery HTTP/1.1\r\n${host}${json}`
  expectFailure(await raw(gateway.apiUrl, absolute), 'absolute', [404, 'ORDERNOTEXIST'])
})

test('expectations and upgrades change nothing', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { host, json } = partsOf(gateway)
  for (const header of ['Expect: magic', 'Expect: 100-continue', 'Upgrade: h2c', 'Upgrade: websocket']) {
    const answer = await raw(gateway.apiUrl, `POST /payment/orderquery HTTP/1.1\r\n${host}${header}\r\n${json}`)
    expectFailure(answer, header, [404, 'ORDERNOTEXIST'])
  }
})

test('a NUL in an address is refused before a database sees it', async () => {
  const gateway = await startGateway()
  const call = (path: string) => gateway.get(path)
  for (const path of ['/users/%00', '/v1/api-keys/%00', '/users?startingAfter=%00', '/v1/api-keys?startingAfter=%00']) {
    expect(await call(path), path).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  }
  expect(await call('/users?email=%00%00%00')).toMatchObject({ status: 400 })
  expect((await call(`/users/${'a'.repeat(15_000)}`)).msg).toBe('PARAM_ERROR')
  const challenge = `${gateway.checkoutUrl}/sandbox-bank/challenges/%00`
  expect((await gateway.get(challenge, { key: null })).status).toBe(400)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  expect((await gateway.send('POST', challenge, { key: null, headers, body: 'answer=confirm' })).status).toBe(400)
})

test('a body that comes in chunks hides no key', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { key, apiKeyId } = await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [] })
  const body = JSON.stringify({ apiKey: key })
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  const head = 'POST /payment/orderquery HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
  const typed = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
  expectFailure(await raw(gateway.apiUrl, `${head}${typed}${chunk}`), 'no key', [401, 'NOAUTH'])
  expect(await gateway.rows('alerts')).toMatchObject([{ kind: 'key-in-body', target: apiKeyId }])
})

test('a body over plain HTTP that is larger than any may be is answered, too', async () => {
  const httpPort = await freePort()
  await startGateway({ role: 'api', config: { httpPort } })
  const status = await new Promise((resolve, reject) => {
    const sent = plainRequest({ port: httpPort, host: '127.0.0.1', path: '/', method: 'POST' }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    })
    sent.on('error', reject)
    sent.end('x'.repeat(100_000))
  })
  expect(status).toBe(403)
})
