/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- Winston's types name classes where it takes whatever has their shape. */
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import winston from 'winston'
import { requestFields, safeFormat, safeLog, safeLogging, type FieldOptions } from '../src/logging/logging.ts'

const BREAKS = /[\n\r\u2028\u0085\u001b\u202e]/ // eslint-disable-line no-control-regex -- These are what is looked for.

type Line = Record<string, unknown>
/** Says one thing by a library; gives the line as it was written. */
type Say = (fields: object, message: string, options?: FieldOptions) => { raw: string; line: Line; message: unknown }

function kept(): { stream: Writable; raw: () => string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
  return { stream, raw: () => chunks.join('') }
}

const lineOf = (raw: string, name: string): ReturnType<Say> => {
  const line = JSON.parse(raw) as Line
  return { raw, line, message: line[name] }
}
const LIBRARIES: Readonly<Record<string, Say>> = {
  pino: (fields, message, options) => {
    const { stream, raw } = kept()
    pino(safeLogging({ service: 'shop', ...options }), stream).info(fields, message)
    return lineOf(raw(), 'msg')
  },
  winston: (fields, message, options) => {
    const { stream, raw } = kept()
    const format = safeFormat({ service: 'shop', ...options })
    winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] }).info(message, fields)
    return lineOf(raw(), 'message')
  },
  'no library': (fields, message, options) => {
    const lines: string[] = []
    safeLog({ service: 'shop', ...options, write: (line) => lines.push(line) }).info(fields, message)
    return lineOf(lines.join(''), 'msg')
  },
}

describe.each(Object.entries(LIBRARIES))('%s', (_name, say) => {
  test('what is of use is there, and what was left out is named', () => {
    const error = Object.assign(new TypeError('no such order', { cause: new Error('timeout') }), {
      code: 'E_ORDER',
      detail: 'x',
    })
    const { line, message } = say(
      {
        requestId: 'req_1',
        outTradeNo: 'Order1',
        totalAmt: 450,
        status: 200,
        durationMs: 12.5,
        body: { a: 1 },
        req: { method: 'GET', url: '/orders/7?a=b' },
        err: error,
      },
      'paid',
    )
    expect(message).toBe('paid')
    expect(line).toMatchObject({
      ...{ service: 'shop', requestId: 'req_1', outTradeNo: 'Order1', totalAmt: 450, status: 200, durationMs: 12.5 },
      req: { method: 'GET', route: '/orders/:id' },
      err: {
        type: 'TypeError',
        message: 'no such order',
        code: 'E_ORDER',
        cause: { type: 'Error', message: 'timeout' },
      },
    })
    expect((line['err'] as Line)['stack']).toMatch(/^ {4}at .*logging\.test\.ts:/)
    expect(line['left_out']).toContain('body')
    expect(JSON.stringify(line)).toMatch(/"left_out":\[[^\]]*detail"/)
  })

  test('fields of your own are logged, at any depth, and what is in them is still looked at', () => {
    const { line } = say(
      {
        basket: { basketId: 'b_1', lines: [{ sku: 'A-1', email: 'a@example.org' }] },
        note: 'card 4242 4242 4242 4242',
      },
      'put',
      { fields: ['basket', 'basketId', 'lines', 'sku', 'note'] },
    )
    expect(line).toMatchObject({
      basket: { basketId: 'b_1', lines: [{ sku: 'A-1' }] },
      note: 'card [card]',
      left_out: ['basket.lines.email'],
    })
  })

  test('a message of several lines is one line, and forges none', () => {
    const forged = 'done\n{"level":30,"msg":"refund of 900 approved"}\r\nnext\u2028\u001b[2K\u202e\u0085'
    const { raw, message } = say({ requestId: forged }, forged)
    expect(raw.trimEnd().split(BREAKS)).toHaveLength(1)
    expect(message).not.toMatch(BREAKS)
    expect(message).toContain('done\\n{')
  })

  test('numbers that are a card’s, and numbers that were taken apart, are taken out', () => {
    const { line } = say(
      {
        ...{ userId: 4242424242424242, orderId: 4242424242424242n, count: 12, totalAmt: Number.NaN, tries: -0.5 },
        items: ['4242', 4242, '4242', '4242'],
        digits: [4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2],
        sizes: [1, 2, 3],
      },
      'put',
      { fields: ['items', 'digits', 'sizes'] },
    )
    expect(line).toMatchObject({
      userId: '[card]',
      orderId: '[card]',
      count: 12,
      items: '[list]',
      digits: '[list]',
      sizes: [1, 2, 3],
    })
  })

  test('no object brings the logger down, is asked for anything, or makes a line endless', () => {
    const asked: string[] = []
    const circle: Line = { order: {} }
    ;(circle['order'] as Line)['order'] = circle
    let deep: Line = {}
    for (let depth = 0; depth < 10_000; depth++) deep = { order: deep }
    const hostile = {
      order: {
        get status(): string {
          asked.push('getter')
          throw new Error('never')
        },
        order: circle,
      },
      items: Array.from({ length: 100_000 }, (_each, at) => ({ order: at })),
      note: 'x'.repeat(10_000_000),
      err: Object.defineProperty(new Error('e'), 'stack', {
        get: () => {
          throw new Error('never')
        },
      }),
      cause: { toJSON: () => asked.push('toJSON'), [Symbol.toPrimitive]: () => asked.push('toPrimitive') },
      error: Object.assign(Object.create(null) as object, { constructor: null, hasOwnProperty: null }),
      event: new Proxy(
        {},
        {
          get: () => asked.push('proxy'),
          ownKeys: () => {
            throw new Error('never')
          },
          getPrototypeOf: () => {
            throw new Error('never')
          },
        },
      ),
      job: new Date(Number.NaN),
      level: deep,
    }
    const begun = performance.now()
    const { raw, message } = say(hostile, 'said', { fields: ['order', 'items', 'note'] })
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(raw.length).toBeLessThan(60_000)
    expect(message).toBe('said')
    expect(asked).toEqual([])
  })

  test('any object at all is one line of JSON', () => {
    fc.assert(
      fc.property(
        fc.object({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
          withSparseArray: true,
          key: fc.constantFrom('order', 'err', 'req', 'message', 'level', 'stack', 'toJSON', 'left_out', '__proto__'),
        }),
        (given) => {
          const { raw } = say({ order: given, items: [given] }, 'said', { fields: ['order', 'items', 'toJSON'] })
          expect(raw.indexOf('\n')).toBe(raw.length - 1)
          JSON.parse(raw)
        },
      ),
    )
  })

  test('names that stand for secrets or for people are refused, but by a name that says so', () => {
    for (const name of [
      'password',
      'userPassword',
      'cvc',
      'card_number',
      'PAN',
      'Authorization',
      'set-cookie',
      'customerEmail',
      'apiKey',
      'body',
      'req.headers',
      '__proto__',
      'phone',
      'accessToken',
    ])
      expect(() => say({}, '', { fields: [name] }), name).toThrow('dangerouslyLogFields')
    for (const name of ['panel', 'company', 'shipping', 'idempotency', 'basketId']) say({}, '', { fields: [name] })
    const { line } = say({ phone: '12345', email: 'a@example.org' }, 'said', {
      dangerouslyLogFields: ['phone', 'email'],
    })
    expect(line).toMatchObject({ phone: '12345', email: '[email]' })
  })
})

test('pino: bindings added later are cut down as well, and hooks of yours are refused', () => {
  const { stream, raw } = kept()
  const log = pino(safeLogging({ pino: { level: 'debug', msgPrefix: 'shop: ' } }), stream)
  log.setBindings({ email: 'a@example.org', requestId: 'req_1' })
  log.debug('said')
  expect(JSON.parse(raw())).toMatchObject({ msg: 'shop: said', requestId: 'req_1', left_out: ['email'] })
  expect(() => safeLogging({ pino: { hooks: {} } })).toThrow('hooks of pino')
})

test('pino: a serializer that writes no JSON writes nothing', () => {
  const { stream, raw } = kept()
  const broken = { toJSON: () => 'x' }
  const log = pino(safeLogging({ pino: { redact: { paths: ['userId'], censor: () => broken } } }), stream)
  log.info({ userId: 'u' }, 'said')
  expect(raw().split('\n')).toHaveLength(2)
  JSON.parse(raw())
})

test('pino: words of other keys are kept where they are told of', () => {
  const { stream, raw } = kept()
  const log = pino(safeLogging({ pino: { messageKey: 'text', errorKey: 'failure', nestedKey: 'all' } }), stream)
  log.error(new Error('no a@example.org'))
  expect(JSON.parse(raw())).toMatchObject({ text: 'no [email]', all: { failure: { message: 'no [email]' } } })
})

test('winston: templates, an error as the message, and levels of your own', () => {
  const { stream, raw } = kept()
  const log = winston.createLogger({
    levels: { alarm: 0, calm: 1 },
    level: 'calm',
    format: winston.format.combine(safeFormat(), winston.format.splat(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  })
  log.log('calm', '%s paid %d%% of %j', 'Ada', 50, { count: 2, name: 'Ada' }, { requestId: 'req_1' })
  log.log('alarm', new Error('no a@example.org') as never)
  log.log({ level: 'calm', message: { count: 3, email: 'a' } as never })
  const [first, second, third] = raw()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  expect(first).toMatchObject({ level: 'calm', message: 'Ada paid 50% of {"count":2,"left_out":["name"]}' })
  expect(second).toMatchObject({ level: 'alarm', message: 'no [email]', err: { type: 'Error' } })
  expect(third).toMatchObject({ level: 'calm', message: '{"count":3,"left_out":["email"]}' })
})

test('without a library: levels, children, errors alone, and standard error', () => {
  const lines: string[] = []
  const log = safeLog({ level: 'warn', write: (line) => lines.push(line) })
  log.debug('no')
  log.info('no')
  log.child({ requestId: 'req_1', email: 'a' }).warn({ status: 500 }, 'slow')
  log.error(new RangeError('no a@example.org'))
  expect(lines.map((line) => JSON.parse(line) as Line)).toMatchObject([
    { level: 'warn', requestId: 'req_1', status: 500, msg: 'slow', left_out: ['email'] },
    { level: 'error', msg: 'no [email]', err: { type: 'RangeError', message: 'no [email]' } },
  ])
})

test('a request without a route has the words of its path', () => {
  const route = (url: string): unknown => requestFields({ url }).route
  expect(route('/v1/orders/Order1/refunds?x=1')).toBe('/v1/orders/:id/refunds')
  expect(route('https://user:pass@shop.example/a/b#c')).toBe('/a/b')
  expect(route('/reset/3f9ab2/jane@example.org')).toBe('/reset/:id/:id')
})
