import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import winston, { createLogger } from 'winston'
import { Writable } from 'node:stream'
import { errorHandlers, type ErrorLog } from '../src/errors/errors.ts'
import { storyOf } from '../src/errors/story.ts'

const CARD = '4242424242424242'

/** A stream, and the lines that were written to it. */
function listen(): { stream: Writable; lines: () => Record<string, unknown>[] } {
  let text = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  const lines = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { stream, lines }
}

const request = (): Request =>
  new Request('http://localhost/orders/7?mail=ada@example.org', { headers: { cookie: 'a=b' } })

/** A request that fails, with this log. */
function fail(log: ErrorLog | undefined, userId?: () => string): Promise<Response> {
  const { wrap } = errorHandlers({ ...(log ? { log } : {}), ...(userId ? { userId } : {}) })
  return wrap(() => Promise.reject(new Error(`card ${CARD}`)), { route: '/orders/[id]' })(request())
}

test.each<[string, (stream: Writable) => ErrorLog]>([
  ['pino', (stream) => pino({}, stream)],
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  ['winston', (stream) => createLogger({ level: 'info', transports: new winston.transports.Stream({ stream }) })],
  ['a console', (stream) => ({ error: (line: string) => stream.write(`${line}\n`) })],
])('%s gets one line, with the story and without the card, the address or a header', async (_name, loggerOf) => {
  const { stream, lines } = listen()
  const reply = await fail(loggerOf(stream), () => 'u_7')
  await expect.poll(lines).toHaveLength(1)
  const [line] = lines()
  expect(line).toMatchObject({
    requestId: reply.headers.get('x-request-id'),
    method: 'GET',
    route: '/orders/[id]',
    status: 500,
    userId: 'u_7',
    error: { name: 'Error', message: 'card [card]' },
  })
  expect(JSON.stringify(line)).toContain('request failed')
  expect(JSON.stringify(line)).not.toMatch(/4242|ada|cookie|orders\/7/)
})

/** Runs a program on the sources. @returns how it ended, and what it wrote */
function run(code: string): Promise<{ status: number; out: string; err: string }> {
  const entry = new URL('../src/errors/errors.ts', import.meta.url).href
  const args = ['--conditions=ucanpay-source', '--input-type=module', '-e', code.replace('ERRORS', entry)]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd }, (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    )
  })
}

const LINE = /^\{"time":"[^"]+","level":"error","msg":"([^"]+)".*\}\n$/

test('without a logger, and where the logger fails, it is one line of JSON on stderr, and the caller is answered', async () => {
  const loggers = [
    '',
    'log() { throw new Error() }',
    'log: () => Promise.reject(new Error())',
    'log: { error() { throw new Error() } }',
    'userId() { throw new Error() }',
  ]
  for (const option of loggers) {
    const { status, out, err } = await run(
      `import { errorHandlers } from 'ERRORS'
       const { wrap } = errorHandlers({ ${option} })
       const answer = await wrap(() => { throw new Error('card ${CARD}\\nsecond line') })(new Request('http://localhost/'))
       console.log(answer.status)`,
    )
    expect([option, status, out]).toEqual([option, 0, '500\n'])
    expect(LINE.exec(err)?.[1]).toBe('request failed')
    expect(err).toContain('card [card] second line')
  }
})

test.each([
  ['uncaught exception', 'setTimeout(() => { throw new Error(text) })', ''],
  ['unhandled rejection', 'Promise.reject(new Error(text))', ''],
  ['unhandled rejection', 'Promise.reject(text)', ''],
  ['uncaught exception', 'setTimeout(() => { throw Object.freeze({ message: text }) })', ''],
])('%s: the process ends with status 1, and says why without private data', async (what, code, options) => {
  const { status, err } = await run(
    `import { logFatal } from 'ERRORS'
     logFatal(${options})
     const text = 'card ${CARD} of ada@example.org'
     ${code}
     setTimeout(() => process.exit(0), 20_000)`,
  )
  expect([status, LINE.exec(err)?.[1]]).toEqual([1, what])
  expect(err).toContain('card [card] of [email]')
})

test('a logger gets the last words, and the process ends all the same', async () => {
  const { status, out } = await run(
    `import { logFatal } from 'ERRORS'
     logFatal({ log: (record) => new Promise((resolve) => setTimeout(() => { console.log(record.error.message); resolve() }, 20)) })
     setTimeout(() => { throw new Error('the first') })
     setTimeout(() => process.exit(0), 20_000)`,
  )
  expect([status, out]).toEqual([1, 'the first\n'])
})

test('what is taken back ends no process', async () => {
  const code = `import { logFatal } from 'ERRORS'; logFatal()(); console.log(process.listenerCount('uncaughtException'))`
  expect(await run(code)).toMatchObject({ status: 0, out: '0\n' })
})

test('a story is one line a text, bounded, and holds no card number, whatever stands around it', () => {
  const around = fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => !/[0-9]/.test(text))
  fc.assert(
    fc.property(around, around, fc.constantFrom('', '\n', '\r\n', '\u2028'), (before, after, gap) => {
      const number = `4242${gap}4242${gap}4242${gap}4242`
      const { message } = storyOf(new Error(`${before} ${number} ${after}`))
      expect(message).not.toMatch(/4242.?4242.?4242.?4242/)
      // eslint-disable-next-line no-control-regex
      expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    }),
  )
})

test('what is long or deep is cut, and no number is left halved at the cut', () => {
  const begun = Date.now()
  for (let pad = 0; pad < 40; pad++) {
    const { message } = storyOf(
      `${Buffer.from(`{"n":"${CARD}"}`.repeat(900)).toString('base64')} ${'x'.repeat(pad)} ${`${CARD} `.repeat(3_000)} ${CARD}`,
    )
    expect(message.length).toBeLessThanOrEqual(2_048)
    expect(message).not.toContain(CARD)
  }
  let deep = new Error('end')
  for (let each = 0; each < 10_000; each++) deep = new Error(`level ${each}`, { cause: deep })
  expect(JSON.stringify(storyOf(deep)).length).toBeLessThan(100_000)
  const wide = new AggregateError(Array.from({ length: 10_000 }, () => new AggregateError([deep, deep, deep])))
  expect(JSON.stringify(storyOf(wide)).length).toBeLessThan(100_000)
  expect(Date.now() - begun).toBeLessThan(30_000)
})
