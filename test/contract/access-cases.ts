import { sign } from 'node:crypto'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { expect } from 'vitest'
import { expectHeaders, expectRefusal, fresh, without, type Cases } from './speak.ts'

/** Every endpoint, with something to send. */
const ENDPOINTS: readonly (readonly ['GET' | 'POST', string, object?])[] = [
  ['POST', '/payment/unifiedorder', {}],
  ['POST', '/payment/orderquery', {}],
  ['GET', '/payment/status'],
  ['POST', '/payment/closeorder', {}],
  ['POST', '/payment/reverse', {}],
  ['POST', '/payment/capture', {}],
  ['POST', '/payment/refund', {}],
  ['POST', '/payment/refundquery', {}],
  ['GET', '/payment/refund/status'],
  ['POST', '/v1/payments', {}],
  ['GET', '/v1/payments'],
  ['GET', '/v1/payments/1'],
  ['POST', '/v1/payments/1/capture', {}],
  ['POST', '/v1/payments/1/cancel', {}],
  ['POST', '/v1/refunds', {}],
  ['GET', '/v1/refunds'],
  ['GET', '/v1/refunds/1'],
]

const closed: Record<string, Cases[string]> = {}
for (const [method, path, body] of ENDPOINTS) {
  const init = body ? { body: JSON.stringify(body) } : {}
  closed[`${method} ${path} opens for no wrong key and no wrong scope`] = async (c) => {
    const typo = `${c.target.apiKey.slice(0, -1)}${c.target.apiKey.endsWith('0') ? '1' : '0'}`
    for (const key of [null, 'x', typo]) expectRefusal(await c.send(method, path, { ...init, key }), 'NOAUTH')
    const lacking = await c.target.addKey('rk', ['reports:read'])
    expectRefusal(await c.send(method, path, { ...init, key: lacking }), 'NOAUTH', { status: 403 })
  }
  closed[`${method} ${path} answers no other method`] = async (c) => {
    const answer = await c.send('DELETE', path)
    expectRefusal(answer, 'REQUIRE_POST_METHOD')
    expect(String(answer.headers['allow']).split(', ')).toContain(method)
  }
}

/** Keys, addresses, methods, headers (contract §1, §2, §5). */
export const accessCases: Cases = {
  ...closed,
  'a key stands in the header Authorization and nowhere else': async (c) => {
    for (const authorization of [c.target.apiKey, `Basic ${c.target.apiKey}`, `bearer ${c.target.apiKey}`]) {
      expectRefusal(await c.get('/v1/payments', { key: null, headers: { authorization } }), 'NOAUTH')
    }
  },
  'a key in an address is refused, and opens nothing any more': async (c) => {
    const key = await c.target.addKey('sk', [])
    c.ok(await c.get('/v1/payments', { key }))
    expectRefusal(await c.get(`/v1/payments?outTradeNo=${key}`), 'NOAUTH', { limited: false })
    expectRefusal(await c.get('/v1/payments', { key }), 'NOAUTH')
  },
  'a key in an address is found behind percent-encoding': async (c) => {
    const key = await c.target.addKey('sk', [])
    expectRefusal(await c.get(`/v1/payments?outTradeNo=${key.replaceAll('_', '%5F')}`), 'NOAUTH', { limited: false })
    expectRefusal(await c.get('/v1/payments', { key }), 'NOAUTH')
  },
  'a key in a body is refused, and opens nothing any more': async (c) => {
    const key = await c.target.addKey('sk', [])
    expectRefusal(await c.post('/payment/unifiedorder', c.order({ subject: key })), 'NOAUTH')
    expectRefusal(await c.get('/v1/payments', { key }), 'NOAUTH')
  },
  'a key in the body alone is refused, and opens nothing any more': async (c) => {
    const key = await c.target.addKey('sk', [])
    expectRefusal(await c.post('/payment/orderquery', { apiKey: key }, { key: null }), 'NOAUTH')
    expectRefusal(await c.get('/v1/payments', { key }), 'NOAUTH')
  },
  'a secret key does not come from a browser': async (c) => {
    for (const headers of [{ origin: 'https://shop.example' }, { 'sec-fetch-mode': 'cors' }]) {
      expectRefusal(await c.get('/v1/payments', { headers }), 'NOAUTH', { status: 403 })
    }
  },
  'a publishable key opens no endpoint of a server': async (c) => {
    const key = await c.target.addKey('pk', [])
    expectRefusal(await c.get('/v1/payments', { key }), 'NOAUTH', { status: 403 })
  },
  'a restricted key does what its scopes say': async (c) => {
    const key = await c.target.addKey('rk', ['payments:read'])
    c.ok(await c.get('/v1/payments', { key }))
    expectRefusal(await c.post('/payment/unifiedorder', c.order(), { key }), 'NOAUTH', { status: 403 })
    expectRefusal(await c.post('/v1/refunds', {}, { key }), 'NOAUTH', { status: 403 })
  },
  'a body that names another merchant is refused': async (c) => {
    const answer = await c.post('/payment/orderquery', { merchantId: 'Somebody', outTradeNo: 'A' })
    expectRefusal(answer, 'NOAUTH', { status: 403 })
  },
  'an address that leads nowhere is NOT_FOUND': async (c) => {
    for (const path of ['/nowhere', '/payment', '/payment/status/', '/Payment/status', '/v1/payments/1/nothing']) {
      expectRefusal(await c.get(path), 'NOT_FOUND')
    }
  },
  'an address that cannot be decoded is PARAM_ERROR': async (c) => {
    expect(await c.get('/v1/payments/%zz')).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  },
  'the public keys are published with their kid': async (c) => {
    const { status, body } = await c.get('/.well-known/jwks.json', { key: null })
    expect(status).toBe(200)
    const keys = body['keys'] as Record<string, unknown>[]
    expect(keys.map(({ kty, use, alg }) => ({ kty, use, alg }))).toEqual([
      { kty: 'RSA', use: 'sig', alg: 'RS256' },
      { kty: 'OKP', use: 'sig', alg: 'EdDSA' },
    ])
    for (const key of keys) {
      expect(key['kid']).toEqual(expect.any(String))
      expect(key).not.toHaveProperty('d')
    }
  },
  'the probe answers anybody': async (c) => {
    const { status, body, headers } = await c.get('/healthz', { key: null })
    expect([status, body]).toEqual([200, { status: 'ok' }])
    expect(headers['strict-transport-security']).toBeDefined()
  },
}

const PATH = '/payment/orderquery'

/** Signatures of requests (contract §3). */
export const signatureCases: Cases = {
  'a good signature is let in on every kind of route': async (c) => {
    const order = c.order()
    c.ok(await c.post('/payment/unifiedorder', c.signed('/payment/unifiedorder', order)))
    const { outTradeNo } = order as { outTradeNo: string }
    c.ok(await c.post(PATH, c.signed(PATH, { outTradeNo })))
    const cancel = `/v1/payments/${outTradeNo}/cancel`
    c.ok(await c.post(cancel, c.signed(cancel, {})))
  },
  'a signature of another endpoint is refused': async (c) => {
    const { outTradeNo } = await c.place()
    expectRefusal(await c.post(PATH, c.signed('/payment/closeorder', { outTradeNo })), 'SIGNERROR')
    const other = `/v1/payments/${outTradeNo}/capture`
    expectRefusal(await c.post(`/v1/payments/${outTradeNo}/cancel`, c.signed(other, {})), 'SIGNERROR')
  },
  'a member that is changed, added or removed breaks it': async (c) => {
    const { outTradeNo } = await c.place()
    const good = () => c.signed(PATH, { outTradeNo })
    const broken = [
      { ...good(), outTradeNo: `${outTradeNo}x` },
      { ...good(), ucpOrderNo: '1' },
      without(good(), 'timestamp'),
    ]
    for (const body of broken) expectRefusal(await c.post(PATH, body), 'SIGNERROR')
  },
  'a sign that is no signature is refused': async (c) => {
    const good = c.signed(PATH, { outTradeNo: 'A' })
    for (const bad of ['', 'x', 'A'.repeat(1025), 7, null, `${String(good['sign'])}=`]) {
      expectRefusal(await c.post(PATH, { ...good, sign: bad }), 'SIGNERROR')
    }
  },
  'MD5 is refused, with and without a sign': async (c) => {
    expectRefusal(await c.post(PATH, { outTradeNo: 'A', signType: 'MD5' }), 'SIGNERROR')
    expectRefusal(await c.post(PATH, c.signed(PATH, { outTradeNo: 'A', signType: 'MD5' })), 'SIGNERROR')
  },
  'a kind that the account has no key of is refused': async (c) => {
    expectRefusal(await c.post(PATH, c.signed(PATH, { outTradeNo: 'A', signType: 'ED25519' })), 'SIGNERROR')
  },
  'a signature needs a nonce of 1 to 32 characters': async (c) => {
    const unsaid = without(c.signed(PATH, { outTradeNo: 'A' }), 'nonceStr')
    expectRefusal(await c.post(PATH, unsaid), 'LACK_PARAMS', { detail: ['/nonceStr', 'required'] })
    for (const nonceStr of ['', 'n'.repeat(33), 7]) {
      const answer = await c.post(PATH, c.signed(PATH, { outTradeNo: 'A', nonceStr }))
      expectRefusal(answer, 'PARAM_ERROR', { detail: ['/nonceStr', 'maxLength'] })
    }
  },
  'a nonce is used once': async (c) => {
    const { outTradeNo } = await c.place()
    const body = c.signed(PATH, { outTradeNo })
    c.ok(await c.post(PATH, body))
    expectRefusal(await c.post(PATH, body), 'SIGNERROR')
  },
  'a nonce without a time is used once, too': async (c) => {
    const { outTradeNo } = await c.place()
    const body = c.signed(PATH, { outTradeNo, timestamp: '' })
    delete body['timestamp']
    c.ok(await c.post(PATH, body))
    expectRefusal(await c.post(PATH, body), 'SIGNERROR')
  },
  'of ten at once with one nonce one is let in': async (c) => {
    const { outTradeNo } = await c.place()
    const body = c.signed(PATH, { outTradeNo })
    const answers = await Promise.all(Array.from({ length: 10 }, () => c.post(PATH, body)))
    expect(answers.map(({ msg }) => msg).sort()).toEqual([...Array<string>(9).fill('SIGNERROR'), 'SUCCESS'])
  },
  'a refused request has used up its nonce': async (c) => {
    const outTradeNo = fresh()
    const body = c.signed(PATH, { outTradeNo })
    expectRefusal(await c.post(PATH, body), 'ORDERNOTEXIST')
    expectRefusal(await c.post(PATH, body), 'SIGNERROR')
  },
  'a time is within 300 s and of RFC 3339': async (c) => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    for (const timestamp of [at(-310_000), at(310_000), '2026-01-01', `${Date.now()}00000000`, 'x'.repeat(24)]) {
      expectRefusal(await c.post(PATH, c.signed(PATH, { outTradeNo: 'A', timestamp })), 'SIGNERROR')
    }
    const { outTradeNo } = await c.place()
    for (const ms of [-290_000, 290_000]) c.ok(await c.post(PATH, c.signed(PATH, { outTradeNo, timestamp: at(ms) })))
  },
  'a text that can be read as two members is refused': async (c) => {
    const signed = c.signed(PATH, { nonceStr: 'n&outTradeNo=A', signType: 'RSA' })
    expectRefusal(await c.post(PATH, signed), 'SIGNERROR')
  },
  'an empty member and a null are not signed': async (c) => {
    const all = { nonceStr: fresh(), signType: 'RSA', outTradeNo: fresh() }
    const text = Buffer.from(stringToSign(all, PATH))
    const body = { ...all, ucpOrderNo: '', sign: sign('sha256', text, c.target.privateKey).toString('base64') }
    expectRefusal(await c.post(PATH, body), 'PARAM_ERROR', { detail: ['/ucpOrderNo', 'minLength'] })
  },
  'a signature is looked at before the rest of the body': async (c) => {
    const answer = await c.post(PATH, { ...c.signed(PATH, { outTradeNo: 'A' }), unknown: 1 })
    expectRefusal(answer, 'SIGNERROR')
    expectHeaders(answer)
  },
}
