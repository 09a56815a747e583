import type { RequestListener } from 'node:http'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { emptyDatabase } from '../../../apps/gateway/test/support/database-server.ts'
import { errorHandlers, Refusal, type ErrorHandlers, type ErrorRecord } from '../src/errors/errors.ts'
import { CANARY, CARD, FAILURES, PRIVATE, SECRET } from './support/failures.ts'
import { plainSite, type Asked, type Reply, type Site } from './support/secure-site.ts'
import { webListener } from './support/web-listener.ts'

let pool: pg.Pool
let dropDatabase: () => Promise<void>
beforeAll(async () => {
  const { databaseUrl, drop } = await emptyDatabase(inject('adminUrl'))
  dropDatabase = drop
  pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  await pool.query('create table canary_users (email text primary key, name text not null)')
  await pool.query("insert into canary_users values ('ada@example.org', 'Ada Lovelace')")
})
afterAll(async () => {
  await pool.end()
  await dropDatabase()
})

type Mount = (errors: ErrorHandlers) => Promise<RequestListener>
const failureAt = (name: string): unknown => FAILURES[name]?.[1]((sql) => pool.query(sql))

const onExpress: Mount = (errors) => {
  const app = express()
  app.use(express.json({ limit: '1kb' }))
  app.get('/fail/:name', async (request, response) => {
    response.set({ ETag: '"x"', 'Content-Disposition': 'attachment', 'Cache-Control': 'public, max-age=60' })
    await failureAt(request.params.name)
    response.end()
  })
  app.post('/body', (request, response) => void response.json(request.body))
  app.get('/begun', (_request, response) => {
    response.write('part of it')
    throw new Error(SECRET)
  })
  return Promise.resolve(app.use(errors.notFound, errors.express))
}

const onFastify: Mount = async (errors) => {
  const app = fastify({ bodyLimit: 1_024, frameworkErrors: errors.frameworkErrors })
  await app.register(errors.fastify)
  app.get<{ Params: { name: string } }>('/fail/:name', async ({ params }, reply) => {
    void reply.headers({ etag: '"x"', 'content-disposition': 'attachment', 'cache-control': 'public, max-age=60' })
    await failureAt(params.name)
    return ''
  })
  app.post('/body', ({ body }) => body)
  app.get('/begun', async (_request, reply) => {
    reply.raw.write('part of it')
    await Promise.resolve()
    throw new Error(SECRET)
  })
  onTestFinished(() => app.close())
  await app.ready()
  return (request, response) => {
    app.routing(request, response)
  }
}

const onHono: Mount = (errors) => {
  const app = new Hono()
  app.use(errors.honoThrown)
  app.onError(errors.hono)
  app.notFound(errors.honoNotFound)
  app.get('/fail/:name', async (context) => {
    context.header('etag', '"x"')
    await failureAt(context.req.param('name'))
    return context.body(null)
  })
  app.get('/http-exception', () => {
    throw new HTTPException(403, { message: SECRET, res: new Response(SECRET, { headers: { 'x-leak': SECRET } }) })
  })
  return Promise.resolve(webListener(async (request) => app.fetch(request)))
}

const onHttp: Mount = (errors) =>
  Promise.resolve(
    errors.node(
      async ({ url = '' }, response) => {
        if (url === '/begun') response.write('part of it')
        else response.setHeader('etag', '"x"')
        if (url === '/begun') throw new Error(SECRET)
        await failureAt(url.slice('/fail/'.length))
        response.end()
      },
      { route: '/fail/:name' },
    ),
  )

const onNext: Mount = (errors) =>
  Promise.resolve(
    webListener(
      errors.wrap(
        async (request, context: { readonly fallback: Response } = { fallback: new Response('') }) => {
          await failureAt(new URL(request.url).pathname.slice('/fail/'.length))
          return context.fallback
        },
        { route: '/fail/:name' },
      ),
    ),
  )

interface Shop extends Site {
  readonly records: ErrorRecord[]
  readonly levels: string[]
}

async function openShop(mount: Mount): Promise<Shop> {
  const records: ErrorRecord[] = []
  const levels: string[] = []
  const log = (record: ErrorRecord, level: string): void => {
    records.push(record)
    levels.push(level)
  }
  return { ...(await plainSite(await mount(errorHandlers({ log })))), records, levels }
}

function expectNothingToldOf({ headers, text }: Reply): void {
  const all = `${JSON.stringify(headers)} ${text}`
  for (const word of [CANARY, ...PRIVATE, 'canary_users', 'AxiosError', 'node_modules', '.ts:', '    at '])
    expect(all).not.toContain(word)
}

const FRAMEWORKS = {
  Express: onExpress,
  Fastify: onFastify,
  Hono: onHono,
  'plain http': onHttp,
  'Next.js’ handlers': onNext,
}

describe.each(Object.entries(FRAMEWORKS))('%s', (_name, mount) => {
  test('the caller gets a status, a sentence and an id, whatever was thrown; the log the story without private data', async () => {
    const shop = await openShop(mount)
    // Fastify looks into what was thrown itself, and such a proxy ends there.
    const isOpaque = (name: string): boolean =>
      /^(?:proxy|revoked)$/.test(name) && mount !== onExpress && mount !== onHttp && mount !== onNext
    const failures = Object.entries(FAILURES).filter(([name]) => !isOpaque(name))
    for (const [name, [status]] of failures) {
      for (const accept of ['*/*', 'text/html,application/xhtml+xml;q=0.9']) {
        const reply = await shop.ask(`/fail/${name}`, { headers: { accept } })
        expect([name, reply.status]).toEqual([name, status])
        expectNothingToldOf(reply)
        const record = shop.records.at(-1)
        expect(record).toMatchObject({
          requestId: reply.headers['x-request-id'],
          status,
          method: 'GET',
          route: '/fail/:name',
        })
        expect(reply.text).toContain(record?.requestId)
        expect(reply.headers['cache-control']).toBe('no-store')
        expect([reply.headers.etag, reply.headers['content-disposition']]).toEqual([undefined, undefined])
      }
    }
    const log = JSON.stringify(shop.records)
    for (const secret of PRIVATE) expect(log).not.toContain(secret)
    expect(shop.records).toHaveLength(2 * failures.length)
    expect(log).toContain(CANARY)
    expect(log).toContain('failures.ts')
    const codes = new Set(shop.records.map(({ error }) => error.code))
    for (const code of ['23505', '23502', '22P02', '42601', 'ECONNREFUSED']) expect(codes).toContain(code)
    expect(log).toContain('"constraint":"canary_users_pkey"')
    expect(log).toContain('{"path":"user.0.name","code":"too_small"}')
    expect(new Set(shop.levels)).toEqual(new Set(['error', 'info']))
  })

  test('JSON for programs, a page for browsers, and a refusal’s own sentence in both', async () => {
    const shop = await openShop(mount)
    const ask = (accept: string): Promise<Reply> => shop.ask('/fail/refusal', { headers: { accept } })
    const json = await ask('application/json, text/html')
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.parse(json.text)).toEqual({
      status: 418,
      error: "I'm a Teapot",
      message: 'No <coffee> here.',
      requestId: json.headers['x-request-id'],
    })
    const page = await ask('text/html,*/*')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.text).toContain('<p>No &#60;coffee&#62; here.</p>')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  })

  test.each([
    ['one of ours is kept', 'req_01jd8z6v4n0123456789abcdef', true],
    ['another form is not', 'abc', false],
    ['a card number is not', `req_${CARD}0000000000`.slice(0, 29), false],
    ['a longer one is not', `req_${'0'.repeat(27)}`, false],
    ['markup is not', '<script>alert(1)</script>', false],
    ['JSON is not', '","level":"info', false],
  ])('of the ids that callers send, %s', async (_what, given, isKept) => {
    const shop = await openShop(mount)
    const reply = await shop.ask('/fail/text', { headers: { 'x-request-id': given } })
    expect(reply.headers['x-request-id'] === given).toBe(isKept)
    expect(reply.headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/)
    expect(shop.records[0]?.requestId).toBe(reply.headers['x-request-id'])
  })
})

describe.each([
  ['Express', onExpress],
  ['Fastify', onFastify],
])('what %s refuses by itself', (_name, mount) => {
  const json = { 'content-type': 'application/json' }
  test.each<readonly [string, string, Asked, number]>([
    ['no such address', `/nowhere/${CARD}?mail=ada@example.org`, {}, 404],
    ['no such method', `/fail/text`, { method: 'DELETE' }, 404],
    ['broken JSON', '/body', { method: 'POST', headers: json, body: `{"a": ${CARD}, ada@example.org` }, 400],
    ['too large', '/body', { method: 'POST', headers: json, body: JSON.stringify({ a: CARD.repeat(100) }) }, 413],
    [
      'an encoding that nobody reads',
      '/body',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=klingon' }, body: '{}' },
      415,
    ],
    ['percent signs that are none', '/fail/%E0%A4%A', {}, 400],
  ])('%s keeps its status and gets our sentence', async (...[what, path, asked, status]) => {
    const shop = await openShop(mount)
    const reply = await shop.ask(path, asked)
    // Fastify reads JSON as UTF-8 whatever it is called, and answers a bad address before any handler.
    const isOwnWay = mount === onFastify && JSON.stringify(asked).includes('klingon')
    expect(reply.status).toBe(isOwnWay ? 200 : status)
    expectNothingToldOf(reply)
    expect(reply.text).not.toMatch(/nowhere|klingon|JSON|%E0|DELETE/)
    expect(JSON.stringify(shop.records)).not.toContain(CARD)
    expect(JSON.stringify(shop.records)).not.toContain('ada@')
    if (what === 'no such address') expect(shop.records[0]).not.toHaveProperty('route')
  })
})

test('an HTTPException of Hono keeps its status and loses its own response', async () => {
  const shop = await openShop(onHono)
  const reply = await shop.ask('/http-exception')
  expect([reply.status, reply.headers['x-leak']]).toEqual([403, undefined])
  expectNothingToldOf(reply)
  expect((await shop.ask('/nowhere')).status).toBe(404)
})

test.each(Object.entries({ onExpress, onFastify, onHttp }))(
  'where the answer has begun the connection is cut, so that nobody takes the part for the whole: %s',
  async (_name, mount) => {
    const shop = await openShop(mount)
    await expect(shop.ask('/begun')).rejects.toThrow(/aborted|socket hang up/)
    expect(shop.records).toMatchObject([{ status: 0, error: { message: expect.stringContaining(CANARY) as string } }])
  },
)

test('what Next.js throws to redirect or to find nothing goes through to it', async () => {
  const { wrap } = errorHandlers({ log: () => undefined })
  for (const digest of ['NEXT_REDIRECT;replace;/login;307;', 'NEXT_HTTP_ERROR_FALLBACK;404', 'DYNAMIC_SERVER_USAGE']) {
    const thrown = Object.assign(new Error('x'), { digest })
    await expect(wrap(() => Promise.reject(thrown))(new Request('http://localhost/'))).rejects.toBe(thrown)
  }
  const other = Object.assign(new Error('x'), { digest: '123' })
  expect((await wrap(() => Promise.reject(other))(new Request('http://localhost/'))).status).toBe(500)
})

test('a Refusal has the status of an error, or is none', () => {
  for (const status of [200, 302, 399, 600, 404.5, Number.NaN])
    expect(() => new Refusal(status, 'x')).toThrow('between')
  expect(new Refusal(409).message).toBe('This is not possible as things are now.')
})
