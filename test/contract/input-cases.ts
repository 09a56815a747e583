import {
  CaptureRequest,
  OrderRequest,
  RefundQueryRequest,
  RefundRequest,
  UnifiedOrderRequest,
  signatureMembers,
} from '@ucanpay/wire/payment-requests'
import { CapturePaymentBody, CreateRefundBody, PaymentsQuery, RefundsQuery } from '@ucanpay/wire/rest-schemas'
import { expect } from 'vitest'
import { expectRefusal, fresh, without, type Cases, type Speaker } from './speak.ts'

interface Rule {
  readonly type: 'string' | 'integer'
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly string[]
  readonly format?: string
}

interface Described {
  readonly properties: object
  readonly required?: readonly string[] | undefined
}

/** Bodies that are accepted, as far as their shape goes. */
const BODIES: readonly (readonly [path: string, schema: Described, good: (c: Speaker) => Record<string, unknown>])[] = [
  ['/payment/unifiedorder', UnifiedOrderRequest, (c) => c.order()],
  ['/v1/payments', UnifiedOrderRequest, (c) => c.order()],
  ['/payment/orderquery', OrderRequest, () => ({ outTradeNo: 'A1' })],
  ['/payment/closeorder', OrderRequest, () => ({ outTradeNo: 'A1' })],
  ['/payment/reverse', OrderRequest, () => ({ outTradeNo: 'A1' })],
  ['/payment/capture', CaptureRequest, () => ({ outTradeNo: 'A1' })],
  ['/payment/refund', RefundRequest, () => refund()],
  ['/payment/refundquery', RefundQueryRequest, () => ({ outRefundNo: 'R1' })],
  ['/v1/payments/A1/capture', CapturePaymentBody, () => ({})],
  ['/v1/refunds', CreateRefundBody, () => refund()],
]
const QUERIES: readonly (readonly [path: string, schema: Described])[] = [
  ['/v1/payments', PaymentsQuery],
  ['/v1/refunds', RefundsQuery],
]

function refund(): Record<string, unknown> {
  return { outTradeNo: fresh(), outRefundNo: fresh(), totalAmt: 450, refundAmt: 1, refundDesc: 'cold' }
}

/** Values that break a rule, and the rule that is told of. */
function broken(rule: Rule): [value: unknown, rule: string][] {
  const cases: [unknown, string][] = [
    [null, 'type'],
    [true, 'type'],
    [[], 'type'],
    [{}, 'type'],
  ]
  if (rule.type === 'integer') {
    cases.push(['7', 'type'])
    if (rule.minimum !== undefined) cases.push([rule.minimum - 1, 'minimum'], [-1, 'minimum'])
    if (rule.maximum !== undefined) cases.push([rule.maximum + 1, 'maximum'])
    return cases
  }
  cases.push([7, 'type'])
  if (rule.minLength !== undefined) cases.push(['', 'minLength'])
  if (rule.maxLength !== undefined) cases.push(['1'.repeat(rule.maxLength + 1), 'maxLength'])
  if (rule.pattern !== undefined) cases.push(['a\n', 'pattern'], ['\u007f', 'pattern'])
  if (rule.enum) cases.push(['x', 'enum'], ['', 'enum'])
  if (rule.format) cases.push(['2026-02-30T00:00:00Z', 'format'], ['2026-02-03', 'format'], ['soon', 'format'])
  return cases
}

const memberCases: Record<string, Cases[string]> = {}
for (const [path, schema, good] of BODIES) {
  for (const [name, rule] of Object.entries(schema.properties) as [string, Rule][]) {
    if (name in signatureMembers) continue
    memberCases[`${path} refuses a bad ${name}`] = async (c) => {
      for (const [value, told] of broken(rule)) {
        const answer = await c.post(path, { ...good(c), [name]: value })
        expectRefusal(answer, 'PARAM_ERROR', { detail: [`/${name}`, told] })
      }
    }
  }
  memberCases[`${path} refuses what is missing, unknown, or no object`] = async (c) => {
    for (const name of schema.required ?? []) {
      expectRefusal(await c.post(path, without(good(c), name)), 'LACK_PARAMS', { detail: [`/${name}`, 'required'] })
    }
    const unknown = await c.post(path, { ...good(c), mode: 'live' })
    expectRefusal(unknown, 'PARAM_ERROR', { detail: ['', 'additionalProperties'] })
    for (const body of ['null', '[]', '"x"', '7']) {
      expectRefusal(await c.send('POST', path, { body }), 'PARAM_ERROR', { detail: ['', 'type'] })
    }
  }
}
for (const [path, schema] of QUERIES) {
  for (const [name, rule] of Object.entries(schema.properties) as [string, Rule][]) {
    memberCases[`${path}?${name}= refuses a bad value`] = async (c) => {
      for (const [value, told] of broken(rule).filter(([one]) => typeof one === 'string')) {
        const answer = await c.get(`${path}?${name}=${encodeURIComponent(String(value))}`)
        expectRefusal(answer, 'PARAM_ERROR', { detail: [`/${name}`, told] })
      }
      const twice = await c.get(`${path}?${name}=1&${name}=1`)
      expectRefusal(twice, 'PARAM_ERROR', { detail: [`/${name}`, 'type'] })
    }
  }
  memberCases[`${path} refuses an unknown parameter`] = async (c) => {
    expectRefusal(await c.get(`${path}?x=1`), 'PARAM_ERROR', { detail: ['', 'additionalProperties'] })
  }
}

const PATH = '/payment/orderquery'
const send = (c: Speaker, body: string | Buffer, headers: Record<string, string> = {}) =>
  c.send('POST', PATH, { body, headers })

/** What bodies may be made of (contract §1, §5). */
export const inputCases: Cases = {
  ...memberCases,
  'a path parameter has a shape, too': async (c) => {
    expectRefusal(await c.get(`/v1/payments/${'1'.repeat(65)}`), 'PARAM_ERROR', { detail: ['/id', 'maxLength'] })
    expectRefusal(await c.get('/v1/payments/a%20b'), 'PARAM_ERROR', { detail: ['/id', 'pattern'] })
    expectRefusal(await c.post('/v1/payments/a%20b/cancel', {}), 'PARAM_ERROR', { detail: ['/id', 'pattern'] })
  },
  'no body is POST_DATA_EMPTY, where one is needed': async (c) => {
    expectRefusal(await c.send('POST', PATH), 'POST_DATA_EMPTY')
    expectRefusal(await send(c, ''), 'POST_DATA_EMPTY')
  },
  'a body that is not UTF-8 is NOT_UTF8': async (c) => {
    expectRefusal(await send(c, Buffer.from('{"outTradeNo":"\xe9"}', 'latin1')), 'NOT_UTF8')
  },
  'another type, charset or encoding is 415': async (c) => {
    const json = '{"outTradeNo":"A1"}'
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'json']
    for (const type of types) {
      expectRefusal(await send(c, json, { 'content-type': type }), 'PARAM_ERROR', { status: 415 })
    }
    expectRefusal(await send(c, json, { 'content-encoding': 'gzip' }), 'PARAM_ERROR', { status: 415 })
    const spelled = await send(c, json, { 'content-type': 'Application/JSON; Charset="UTF-8"' })
    expectRefusal(spelled, 'ORDERNOTEXIST')
  },
  'a body of more than 64 KiB is 413': async (c) => {
    const answer = await send(c, JSON.stringify({ outTradeNo: 'x'.repeat(66_000) }))
    expectRefusal(answer, 'PARAM_ERROR', { status: 413 })
  },
  'JSON with two readings is refused': async (c) => {
    const bodies: [body: string, rule: string][] = [
      ['{"outTradeNo":', 'syntax'],
      ['\ufeff{}', 'syntax'],
      ['{"outTradeNo":"A","outTradeNo":"B"}', 'duplicate-member'],
      ['{"outTradeNo":"A","outTrade\\u004eo":"B"}', 'duplicate-member'],
      ['{"captureAmt":1e3}', 'number'],
      ['{"captureAmt":1.0}', 'number'],
      ['{"captureAmt":9007199254740993}', 'number'],
      ['{"__proto__":{}}', 'forbidden-member'],
      ['{"constructor":1}', 'forbidden-member'],
      ['{"outTradeNo":"\\u0000"}', 'text'],
      ['{"outTradeNo":"\\ud800"}', 'text'],
      ['{"a":[[[[1]]]]}', 'depth'],
    ]
    for (const [body, rule] of bodies) expectRefusal(await send(c, body), 'PARAM_ERROR', { detail: ['', rule] })
  },
  'notifications go to no address inside, by whatever spelling': async (c) => {
    const addresses = [
      'http://shop.example/n',
      'https://shop.example/n?x=1',
      'https://shop.example/n#x',
      'https://user@shop.example/n',
      'https://10.0.0.1/n',
      'https://169.254.169.254/n',
      'https://[::ffff:127.0.0.1]/n',
      'https://[fe80::1]/n',
      'https://0xa000001/n',
      'https://shop.internal/n',
      'https://intranet/n',
      'https:///shop.example/n',
      'ftp://localhost/n',
      'shop.example/n',
    ]
    for (const notifyUrl of addresses) {
      const answer = await c.post('/payment/unifiedorder', c.order({ notifyUrl }))
      expectRefusal(answer, 'PARAM_ERROR', { detail: ['/notifyUrl', 'address'] })
    }
  },
  'notifications go to public hosts, and in test mode to this machine': async (c) => {
    for (const notifyUrl of [
      'https://93.184.216.34/n',
      'http://localhost:1/n',
      'http://127.9.9.9/n',
      'http://[::1]/',
    ]) {
      c.ok(await c.post('/payment/unifiedorder', c.order({ notifyUrl })))
    }
  },
  'a buyer is sent back by https, and in test mode to this machine': async (c) => {
    for (const returnUrl of ['http://shop.example/', 'javascript:alert(1)', 'https://u:p@shop.example/', '/back']) {
      const answer = await c.post('/payment/unifiedorder', c.order({ returnUrl }))
      expectRefusal(answer, 'PARAM_ERROR', { detail: ['/returnUrl', 'format'] })
    }
    for (const returnUrl of ['https://shop.example/back?order=1', 'http://localhost:3000/']) {
      c.ok(await c.post('/payment/unifiedorder', c.order({ returnUrl })))
    }
  },
  'a card number is kept nowhere but in the vault': async (c) => {
    const number = '4242 4242 4242 4242'
    for (const name of ['subject', 'body', 'deviceNo']) {
      const answer = await c.post('/payment/unifiedorder', c.order({ [name]: number }))
      expectRefusal(answer, 'PARAM_ERROR', { detail: [`/${name}`, 'cardNumber'] })
    }
    const answer = await c.post('/payment/refund', { ...refund(), refundDesc: number })
    expectRefusal(answer, 'PARAM_ERROR', { detail: ['/refundDesc', 'cardNumber'] })
  },
  'characters are counted, not bytes': async (c) => {
    const { data } = await c.post('/v1/payments', c.order({ subject: '🍵'.repeat(30), body: 'é'.repeat(64) }))
    expect(data).toMatchObject({ subject: '🍵'.repeat(30), body: 'é'.repeat(64) })
    const answer = await c.post('/v1/payments', c.order({ subject: '🍵'.repeat(31) }))
    expectRefusal(answer, 'PARAM_ERROR', { detail: ['/subject', 'maxLength'] })
  },
}
