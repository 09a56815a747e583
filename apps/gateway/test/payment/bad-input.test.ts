import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { startGateway, testCertificates, type TestGateway } from '../support/gateway.ts'

const CANARY = 'canary7f3a9'

const GOOD: Record<string, Record<string, unknown>> = {
  '/payment/unifiedorder': {
    subject: 'Coffee',
    body: 'One coffee',
    totalAmt: 450,
    sceneType: 'MWEB',
    notifyUrl: 'https://localhost/n',
  },
  '/payment/orderquery': { outTradeNo: 'A1' },
  '/payment/closeorder': { outTradeNo: 'A1' },
  '/payment/reverse': { outTradeNo: 'A1' },
  '/payment/capture': { outTradeNo: 'A1' },
  '/payment/refund': { outTradeNo: 'A1', outRefundNo: 'R1', totalAmt: 450, refundAmt: 1, refundDesc: 'x' },
  '/payment/refundquery': { outRefundNo: 'R1' },
}
const TABLES = ['orders', 'outbox', 'refunds', 'notifications', 'payment_attempts', 'ledger_entries', 'audit_log']

async function counts(gateway: TestGateway): Promise<number[]> {
  return Promise.all(TABLES.map(async (table) => (await gateway.rows(table)).length))
}

/** Raw bodies that no endpoint takes, and what each is answered. */
function rawCases(
  good: object,
): [string, { body: string | Buffer; headers?: Record<string, string> }, number, string][] {
  const json = JSON.stringify(good)
  return [
    ['no body', { body: '' }, 400, 'POST_DATA_EMPTY'],
    ['not JSON', { body: `{"${CANARY}"` }, 400, 'PARAM_ERROR'],
    ['a list', { body: `["${CANARY}"]` }, 400, 'PARAM_ERROR'],
    ['null', { body: 'null' }, 400, 'PARAM_ERROR'],
    ['a text', { body: `"${CANARY}"` }, 400, 'PARAM_ERROR'],
    ['plain text', { body: json, headers: { 'content-type': 'text/plain' } }, 415, 'PARAM_ERROR'],
    ['a form', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'PARAM_ERROR'],
    [
      'another charset',
      { body: json, headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'PARAM_ERROR',
    ],
    ['an encoded body', { body: json, headers: { 'content-encoding': 'gzip' } }, 415, 'PARAM_ERROR'],
    ['not UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) }, 400, 'NOT_UTF8'],
    ['a BOM', { body: `\ufeff${json}` }, 400, 'PARAM_ERROR'],
    ['too large', { body: JSON.stringify({ ...good, subject: 'x'.repeat(70_000) }) }, 413, 'PARAM_ERROR'],
    ['too deep', { body: `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}` }, 400, 'PARAM_ERROR'],
    ['a member twice', { body: json.replace('{', '{"outTradeNo":"B","outTradeNo":"C",') }, 400, 'PARAM_ERROR'],
    [
      'a member twice, once escaped',
      { body: json.replace('{', '{"deviceNo":"B","device\\u004eo":"C",') },
      400,
      'PARAM_ERROR',
    ],
    ['an unknown member', { body: JSON.stringify({ ...good, [CANARY]: 1 }) }, 400, 'PARAM_ERROR'],
    ['__proto__', { body: json.replace('{', '{"__proto__":{"x":1},') }, 400, 'PARAM_ERROR'],
    ['constructor', { body: json.replace('{', '{"constructor":{"x":1},') }, 400, 'PARAM_ERROR'],
    ['a nested value', { body: JSON.stringify({ ...good, nonceStr: { a: CANARY } }) }, 400, 'PARAM_ERROR'],
    ['a NUL', { body: JSON.stringify({ ...good, nonceStr: 'a\u0000b' }) }, 400, 'PARAM_ERROR'],
    ['half a surrogate pair', { body: json.replace('{', '{"nonceStr":"\\ud800",') }, 400, 'PARAM_ERROR'],
    ['a number as text', { body: json.replace('{', '{"nonceStr":7,') }, 400, 'PARAM_ERROR'],
  ]
}

test.each(Object.keys(GOOD))('POST %s refuses every broken body, writes nothing, echoes nothing', async (path) => {
  const gateway = await startGateway({ role: 'api' })
  const before = await counts(gateway)
  for (const [what, init, status, msg] of rawCases(GOOD[path] ?? {})) {
    const reply = await gateway.send('POST', path, init)
    expect([what, reply.status, reply.msg]).toEqual([what, status, msg])
    expect(reply.body).toMatchObject({ code: status, status, requestId: reply.headers['request-id'] })
    expect(Object.keys(reply.body).sort()).toEqual(
      ['code', 'detail', 'error', 'message', 'msg', 'requestId', 'status', 'timestamp'].filter(
        (name) => name in reply.body,
      ),
    )
    expect(reply.text).not.toContain(CANARY)
  }
  const withoutBody = await gateway.send('POST', path, { headers: { 'content-length': '0' } })
  expect(withoutBody.msg).toBe('POST_DATA_EMPTY')
  expect(await counts(gateway)).toEqual(before)
  expect(gateway.log.join('')).not.toContain(CANARY)
})

describe('POST /payment/unifiedorder', () => {
  const good = GOOD['/payment/unifiedorder'] ?? {}

  test('each member that is due is LACK_PARAMS without it', async () => {
    const gateway = await startGateway({ role: 'api' })
    for (const name of Object.keys(good)) {
      const reply = await gateway.post('/payment/unifiedorder', { ...good, [name]: undefined })
      expect([name, reply.status, reply.msg]).toEqual([name, 400, 'LACK_PARAMS'])
      expect(reply.body['detail']).toEqual([{ pointer: `/${name}`, rule: 'required' }])
    }
  })

  test('each member refuses what is out of its bounds', async () => {
    const gateway = await startGateway({ role: 'api' })
    const before = await counts(gateway)
    const bad: [string, string][] = [
      ...[
        '0',
        '-1',
        '4.5',
        '4.0',
        '1e3',
        '450e0',
        '9007199254740993',
        '1000000000000',
        '"450"',
        'true',
        'null',
        '[450]',
      ].map((value): [string, string] => ['totalAmt', value]),
      ...['""', '"a/b"', '"a=b"', '"a&b"', '"a\\nb"', `"${'x'.repeat(31)}"`, '7'].map((value): [string, string] => [
        'subject',
        value,
      ]),
      ...['""', '"a=b"', `"${'x'.repeat(65)}"`].map((value): [string, string] => ['body', value]),
      ...['"cad"', '"XXX"', '""', '1'].map((value): [string, string] => ['currency', value]),
      ...['"WEB"', '"mweb"', '1'].map((value): [string, string] => ['sceneType', value]),
      ...['"a b"', '"a-b"', '"é"', `"${'a'.repeat(33)}"`, '""'].map((value): [string, string] => ['outTradeNo', value]),
      ...['0', '-1', '1.5', '2592001'].map((value): [string, string] => ['expiresIn', value]),
      ...['"javascript:alert(1)"', '"http://example.com/"', '"//example.com"', '"https://a:b@example.com/"'].map(
        (value): [string, string] => ['returnUrl', value],
      ),
      ['captureMode', '"later"'],
      ['deviceNo', `"${'x'.repeat(33)}"`],
      ['notifyUrl', `"https://example.com/${'x'.repeat(250)}"`],
    ]
    for (const [name, value] of bad) {
      const body = JSON.stringify({ ...good, notifyUrl: gateway.receiver.url, [name]: '@@' }).replace('"@@"', value)
      const reply = await gateway.send('POST', '/payment/unifiedorder', { body })
      expect([name, value, reply.status, reply.msg]).toEqual([name, value, 400, 'PARAM_ERROR'])
    }
    expect(await counts(gateway)).toEqual(before)
  })

  test('amounts at their edges pass, in currencies of every kind', async () => {
    const gateway = await startGateway({ role: 'api' })
    for (const [totalAmt, currency] of [
      [1, 'CAD'],
      [999_999_999_999, 'USD'],
      [1, 'JPY'],
      [1, 'KWD'],
    ]) {
      const reply = await gateway.place({ totalAmt, currency })
      expect(reply.data).toMatchObject({ totalAmt, currency })
    }
  })
})

test('a wrong method is 405 with what is allowed, an unknown path 404', async () => {
  const gateway = await startGateway({ role: 'api' })
  for (const path of Object.keys(GOOD)) {
    const reply = await gateway.get(path)
    expect([path, reply.status, reply.msg, reply.headers['allow']]).toEqual([path, 405, 'REQUIRE_POST_METHOD', 'POST'])
  }
  expect(await gateway.get('/payment/nothing')).toMatchObject({ status: 404, msg: 'NOT_FOUND' })
  expect(await gateway.get('/%zz')).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  expect(await gateway.post('/payment/status', {})).toMatchObject({ status: 405 })
})

test('a request that two parsers could read in two ways is not read at all', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { port } = new URL(gateway.apiUrl)
  for (const headers of [
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding : chunked',
  ]) {
    const answer = await raw(
      Number(port),
      `POST /payment/orderquery HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n0\r\n\r\n`,
    )
    expect([headers, answer.slice(0, 12)]).toEqual([headers, 'HTTP/1.1 400'])
  }
})

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: testCertificates.ca }, () =>
      socket.write(text),
    )
    let answer = ''
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
    socket.once('end', () => resolve(answer))
    socket.once('error', reject)
  })
}
