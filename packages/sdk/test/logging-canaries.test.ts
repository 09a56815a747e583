/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- Winston's types name classes where it takes whatever has their shape. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import fastify from 'fastify'
import { pino, type Logger } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import winston from 'winston'
import { CANARIES, findCanary, type CanaryKind } from '../../../apps/gateway/test/support/canaries.ts'
import { requestFields, safeFormat, safeLog, safeLogging } from '../src/logging/logging.ts'

/** A logger of any library, in the same words for all. */
interface Library {
  readonly say: (message: string, fields: object) => void
  readonly put: (template: string, ...args: unknown[]) => void
  readonly fail: (error: unknown, message?: string) => void
  readonly child: (fields: Record<string, unknown>) => Library
}
type Open = () => { library: Library; written: () => Promise<string> }

const FIELDS = ['order', 'items', 'note']
/** An address, since a field may be asked for by its name. */
const OPTIONS = { service: 'shop', fields: FIELDS }

class Kept extends Writable {
  readonly chunks: Buffer[] = []
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(Buffer.from(chunk))
    done()
  }
  text = (): Promise<string> => Promise.resolve(Buffer.concat(this.chunks).toString('latin1'))
}

const ofPino = (logger: Pick<Logger, 'info' | 'error' | 'child'>): Library => ({
  say: (message, fields) => logger.info(fields, message),
  // Pino's types reckon with a template that is written out.
  put: (template, ...args) => logger.info(template as '%s', ...(args as [unknown])),
  fail: (error, message) => {
    if (message === undefined) logger.error(error)
    else logger.error(error as object, message)
  },
  child: (fields) => ofPino(logger.child(fields)),
})
const ofWinston = (logger: winston.Logger): Library => ({
  say: (message, fields) => void logger.info(message, fields),
  put: (template, ...args) => void logger.info(template, ...args),
  fail: (error, message) => {
    if (message === undefined) logger.error(error)
    else logger.error(message, error)
  },
  child: (fields) => ofWinston(logger.child(fields)),
})
/** It has no templates: what would be put into one is said. */
const ofPlain = (log: ReturnType<typeof safeLog>): Library => ({
  say: (message, fields) => log.info(fields, message),
  put: (template, ...args) => log.info({ items: args }, template),
  fail: (error, message) => log.error(error as object, message),
  child: (fields) => ofPlain(log.child(fields)),
})

function winstonWith(format: winston.Logform.Format, own?: winston.Logform.Format): ReturnType<Open> {
  const stream = new Kept()
  const transports = [new winston.transports.Stream({ stream, ...(own ? { format: own } : {}) })]
  return { library: ofWinston(winston.createLogger({ format, transports })), written: stream.text }
}

const LIBRARIES: Readonly<Record<string, Open>> = {
  pino: () => {
    const stream = new Kept()
    return { library: ofPino(pino(safeLogging(OPTIONS), stream)), written: stream.text }
  },
  'pino with serializers, mixin, formatters and redaction of a stranger': () => {
    const stream = new Kept()
    let last: unknown
    const options = safeLogging({
      ...OPTIONS,
      pino: {
        serializers: {
          order: () => last,
          requestId: () => last,
          msg: (message: string) => `${message}!`,
        },
        mixin: () => ({ note: last, email: last }),
        formatters: { log: (fields: object) => ({ ...fields, order: last, body: last }) },
        redact: ['nothing'],
      },
    })
    const keep = (library: Library): Library => ({
      say: (message, fields) => {
        last = fields
        library.say(message, fields)
      },
      put: (template, ...args) => {
        last = args
        library.put(template, ...args)
      },
      fail: (error, message) => {
        last = error
        library.fail(error, message)
      },
      child: (fields) => {
        last = fields
        return keep(library.child(fields))
      },
    })
    return { library: keep(ofPino(pino(options, stream))), written: stream.text }
  },
  'pino whose child has its own serializers and formatters': () => {
    const stream = new Kept()
    const logger = pino(safeLogging(OPTIONS), stream).child(
      {},
      {
        serializers: { order: (order: unknown) => order },
        formatters: { log: (fields) => fields, bindings: (all) => all },
        redact: ['a'],
      },
    )
    return { library: ofPino(logger), written: stream.text }
  },
  "pino's transport in a thread": () => {
    const folder = mkdtempSync(join(tmpdir(), 'ucanpay-log-'))
    const file = join(folder, 'log')
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const target = { target: 'pino/file', options: { destination: file } }
    const logger = pino(safeLogging({ ...OPTIONS, pino: { transport: { targets: [target] } } }))
    let count = 0
    const counting =
      <T extends unknown[]>(log: (...args: T) => void) =>
      (...args: T): void => {
        count++
        log(...args)
      }
    const counted = ({ say, put, fail, child }: Library): Library => ({
      ...{ say: counting(say), put: counting(put), fail: counting(fail) },
      child: (fields) => counted(child(fields)),
    })
    const read = (): string => {
      try {
        return readFileSync(file, 'latin1')
      } catch {
        return '' // It has not been made yet.
      }
    }
    const written = async (): Promise<string> => {
      await expect.poll(() => read().split('\n').length - 1).toBe(count)
      return read()
    }
    return { library: counted(ofPino(logger)), written }
  },
  Fastify: () => {
    const stream = new Kept()
    const app = fastify({ logger: { ...safeLogging(OPTIONS), stream } })
    return { library: ofPino(app.log as Logger), written: stream.text }
  },
  winston: () => winstonWith(safeFormat(OPTIONS)),
  'winston with splat and metadata': () =>
    winstonWith(winston.format.combine(safeFormat(OPTIONS), winston.format.splat(), winston.format.metadata())),
  "winston with a transport's own printf": () =>
    winstonWith(
      safeFormat(OPTIONS),
      winston.format.printf(
        (info) => `${info.level} ${String(info.message)} ${JSON.stringify(info)} ${String(info['stack'])}`,
      ),
    ),
  "winston with a transport's own simple": () =>
    winstonWith(
      safeFormat(OPTIONS),
      winston.format.combine(winston.format.errors({ stack: true }), winston.format.simple()),
    ),
  'no library': () => {
    const lines: string[] = []
    const library = ofPlain(safeLog({ ...OPTIONS, write: (line) => lines.push(line) }))
    return { library, written: () => Promise.resolve(lines.join('')) }
  },
}

const FORMED: readonly CanaryKind[] = ['card', 'key', 'email', 'phone']
const ALL = Object.keys(CANARIES) as CanaryKind[]

class Customer {
  constructor(value: string) {
    Object.assign(this, { email: value, requestId: value })
  }
  toJSON(): object {
    return { leaked: Object.values(this) as unknown }
  }
}
const pgError = (value: string): Error =>
  Object.assign(new Error(`invalid input syntax for type uuid: "${value}"`), {
    ...{ severity: 'ERROR', code: '22P02', detail: `Key (email)=(${value})`, where: value, parameters: [value] },
  })
const thrown = (value: string): unknown => {
  try {
    return JSON.parse(`{"a": ${value}`)
  } catch (error) {
    return error
  }
}
const withName = (value: string): object => ({ [value]: 1, order: { [value]: { [value]: value } } })
const typed = (value: string): object => ({
  order: {
    a: Buffer.from(value),
    b: new Uint8Array(Buffer.from(value)),
    c: new Map([[value, value]]),
    d: new Set([value]),
  },
  items: [Buffer.from(value), new Map([['a', value]]), new URL(`https://shop.example/?a=${encodeURIComponent(value)}`)],
})

/** Where a value of a known form may stand, which is anywhere. */
const ANYWHERE: Readonly<Record<string, (library: Library, value: string) => void>> = {
  message: (library, value) => library.say(`paid by ${value} today`, {}),
  'an allowed field': (library, value) =>
    library.say('said', { requestId: value, order: { note: value }, items: [value, [value]] }),
  'an error message': (library, value) => library.fail(new Error(`no ${value} here`), 'failed'),
  'an error alone': (library, value) => library.fail(new TypeError(value)),
  'a cause': (library, value) =>
    library.fail(new Error('outer', { cause: new Error(value, { cause: new Error(value) }) }), 'failed'),
  'errors of an error': (library, value) => library.fail(new AggregateError([new Error(value)], value), 'failed'),
  'an error in a field': (library, value) =>
    library.say('failed', { err: new Error(value), order: { error: new Error(value) } }),
  'a template': (library, value) => library.put(`%s ${value} %d`, value, 1),
  'a template of texts': (library, value) => library.put('%s and %s%s', value, value.slice(0, 5), value.slice(5)),
  encodings: (library, value) =>
    library.say(
      `${Buffer.from(value).toString('base64')} ${Buffer.from(value).toString('hex')} ${encodeURIComponent(value)}`,
      {
        requestId: Buffer.from(`?${value}`).toString('base64url'),
      },
    ),
  'children of children': (library, value) =>
    library
      .child({ requestId: value })
      .child({ order: { note: [value] } })
      .say(value, {}),
}
/** Where any value may stand, since the place alone keeps it out. */
const CUT: Readonly<Record<string, (library: Library, value: string) => void>> = {
  'another field': (library, value) => library.say('said', { body: value, email: value, card: { number: value } }),
  'within an allowed field': (library, value) =>
    library.say('said', { order: { email: value, items: [{ name: value }] } }),
  'the name of a field': (library, value) => library.say('said', withName(value)),
  'properties of an error': (library, value) =>
    library.fail(
      Object.assign(new Error('refused'), { detail: value, config: { data: value }, response: value }),
      'failed',
    ),
  "a database's error": (library, value) => library.fail(pgError(value)),
  "a database's error with words": (library, value) => library.fail(pgError(value), 'failed'),
  "a database's error in a field": (library, value) =>
    library.say('failed', { err: pgError(value), cause: pgError(value) }),
  "a parser's error": (library, value) => library.fail(thrown(value)),
  'the stack of an error': (library, value) => {
    const error = new Error('refused')
    error.stack = `Error: ${value}\n${value}\n    at ${value}\n  ${value}:1:1`
    library.fail(error, 'failed')
  },
  'objects in a template': (library, value) =>
    library.put('%j %o %O', { email: value }, new Customer(value), { order: { a: value } }),
  'bytes and collections': (library, value) => library.say('said', typed(value)),
  'toJSON and getters': (library, value) =>
    library.say('said', {
      order: {
        toJSON: () => value,
        get status() {
          return value
        },
      },
      items: [{ toJSON: () => ({ status: value }) }],
    }),
  symbols: (library, value) => library.say('said', { note: Symbol(value), [Symbol(value)]: value, order: () => value }),
  'bindings of a child': (library, value) =>
    library.child({ email: value, [value]: value, order: { name: value } }).say('said', {}),
  'a proxy': (library, value) =>
    library.say('said', {
      order: new Proxy({}, { get: () => value, ownKeys: () => [value] }),
      items: [new Proxy([value], {})],
    }),
}
/** What a field of the list says is logged where it has no form: of the customer, and by a stranger's own serializer. */
const isSaid = ({ library, where, kind }: { library: string; where: string; kind: CanaryKind }): boolean =>
  (kind === 'text' || kind === 'name') &&
  (where === 'objects in a template' ||
    (library.includes('stranger') && (where === 'toJSON and getters' || where === 'a proxy')))

describe.each(Object.entries(LIBRARIES))('%s', (name, open) => {
  test.each(Object.keys(ANYWHERE))('a card, key, address or number in %s is not logged', async (where) => {
    const { library, written } = open()
    for (const kind of FORMED) ANYWHERE[where]?.(library, CANARIES[kind])
    const log = await written()
    expect(log.split('\n').length - 1).toBeGreaterThanOrEqual(FORMED.length)
    for (const kind of FORMED) expect.soft(findCanary(kind, log)).toEqual([])
  })

  test.each(Object.keys(CUT))('nothing of %s is logged', async (where) => {
    const { library, written } = open()
    for (const kind of ALL) if (!isSaid({ library: name, where, kind })) CUT[where]?.(library, CANARIES[kind])
    const log = await written()
    expect(log.split('\n').length - 1).toBeGreaterThanOrEqual(FORMED.length)
    for (const kind of ALL) expect.soft(findCanary(kind, log)).toEqual([])
  })
})

test('what winston writes when nobody caught it holds no secret, nor the command line', async () => {
  const kit = new URL('../src/logging/logging.ts', import.meta.url).href
  for (const [what, thrown] of [
    ['uncaughtException', 'setTimeout(() => { throw error })'],
    ['unhandledRejection', 'Promise.reject(error)'],
  ] as const) {
    const program = `import winston from 'winston'
      import { safeFormat } from '${kit}'
      const own = winston.format.printf((info) => JSON.stringify(info))
      const handlers = [new winston.transports.Console(), new winston.transports.Console({ format: own })]
      winston.createLogger({ format: safeFormat(), exceptionHandlers: handlers, rejectionHandlers: handlers, transports: handlers })
      const [value] = process.argv.slice(1)
      const error = Object.assign(new Error('invalid input: "' + value + '"'), { severity: 'ERROR', code: '22P02', detail: value })
      ${thrown}`
    for (const kind of ['text', 'card'] as const) {
      const args = ['--conditions=ucanpay-source', '--input-type=module', '-e', program, CANARIES[kind]]
      const folder = new URL('..', import.meta.url)
      const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
        execFile(process.execPath, args, { cwd: folder }, (_error, out, err) => resolve({ stdout: out, stderr: err }))
      })
      const [first = '{}'] = stdout.split('\n')
      expect(JSON.parse(first), stderr).toMatchObject({
        level: 'error',
        message: `${what}: the database refused; its words quote values`,
        [what === 'uncaughtException' ? 'exception' : 'rejection']: true,
        err: { type: 'Error', code: '22P02', left_out: ['severity', 'detail'] },
      })
      expect(findCanary(kind, stdout)).toEqual([])
    }
  }
})

test('of a request its id, method and route are logged, by Fastify and by serializers', async () => {
  const stream = new Kept()
  const app = fastify({ logger: { ...safeLogging(OPTIONS), stream } })
  onTestFinished(() => app.close())
  app.get('/customers/:email', (request) => {
    request.log.info(requestFields(request), 'shown')
    throw new Error(`no ${CANARIES.email}`)
  })
  const { card, email, text } = CANARIES
  await app.inject({
    url: `/customers/${encodeURIComponent(email)}?card=${card}`,
    headers: { authorization: text, cookie: text, host: text },
  })
  const log = await stream.text()
  expect(log).toContain('"route":"/customers/:email"')
  expect(log).toContain('"req":{"requestId":"req-1","method":"GET","route":"/customers/:email"}')
  expect(log).toContain('"err":{"type":"Error","message":"no [email]"')
  expect(log).toContain('"statusCode":500')
  for (const kind of ALL) expect.soft(findCanary(kind, log)).toEqual([])
  expect(
    requestFields({ id: card, method: 'G\n', url: `/reset/${text}/a?b`, headers: { 'x-request-id': 'req_1' } }),
  ).toEqual({
    requestId: '[card]',
    route: '/reset/:id/a',
  })
})
