import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type ErrorRequestHandler } from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import pg from 'pg'
import { Webhook } from 'standardwebhooks'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { emptyDatabase } from '../../../apps/gateway/test/support/database-server.ts'
import {
  keyFromFile,
  seenInMemory,
  seenInPostgres,
  seenTableSql,
  webhooks,
  type UCanPayNotification,
  type WebhookFailure,
  type WebhookHandlers,
  type WebhookOptions,
} from '../src/webhooks/webhooks.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const TAKEN = '{"return_code":"SUCCESS"}'

interface Sent {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** A notification as the gateway sends it. */
function notification({ id = `msg_${randomBytes(8).toString('hex')}`, secret = SECRET, at = new Date() } = {}): Sent {
  const data = { merchantId: '1000000001', outTradeNo: 'Order1', tradeStatus: 'SUCCESS', totalAmt: 450 }
  const body = JSON.stringify({ code: 0, msg: 'SUCCESS', data, timestamp: at.toISOString() })
  const signature = new Webhook(secret).sign(id, at, body)
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    },
  }
}

interface Shop {
  readonly url: string
  readonly taken: UCanPayNotification[]
  readonly failures: WebhookFailure[]
}

type Mount = (hooks: WebhookHandlers) => Promise<string>

/** A shop with this framework; what it does with a notification is up to the test. */
async function openShop(mount: Mount, options: Partial<WebhookOptions> = {}): Promise<Shop> {
  const taken: UCanPayNotification[] = []
  const failures: WebhookFailure[] = []
  const hooks = webhooks({
    secret: SECRET,
    onNotification: (each) => void taken.push(each),
    onFailure: (failure) => failures.push(failure),
    ...options,
  })
  return { url: `${await mount(hooks)}/notifications`, taken, failures }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function post(url: string, { body, headers }: Sent): Promise<{ status: number; text: string }> {
  const reply = await fetch(url, { method: 'POST', body, headers })
  return { status: reply.status, text: await reply.text() }
}

function serveWeb(answer: (request: Request) => Promise<Response>): Server {
  return createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = 'GET', headers } = incoming
      const init = { method, headers: headers as Record<string, string> }
      const request = new Request('http://localhost/notifications', {
        ...init,
        ...(method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
      })
      void answer(request).then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
      })
    })
  })
}

const plainHttp: Mount = (hooks) => listen(createServer((request, response) => void hooks.node(request, response)))
const asNextHasIt: Mount = (hooks) => listen(serveWeb(hooks.web))

const FRAMEWORKS: Readonly<Record<string, Mount>> = {
  'plain http': plainHttp,
  Express: (hooks) => listen(createServer(express().post('/notifications', hooks.express).use(express.json()))),
  'Express after express.raw': (hooks) =>
    listen(
      createServer(
        express()
          .use(express.raw({ type: '*/*', limit: '1mb' }))
          .post('/notifications', hooks.express),
      ),
    ),
  'Express whose parser keeps the bytes': (hooks) => {
    const verify = (request: object, _response: unknown, rawBody: Buffer): void =>
      void Object.assign(request, { rawBody })
    return listen(
      createServer(
        express()
          .use(express.json({ verify, limit: '1mb' }))
          .post('/notifications', hooks.express),
      ),
    )
  },
  Fastify: async (hooks) => {
    const app = fastify()
    await app.register(hooks.fastify, { path: '/notifications' })
    onTestFinished(() => app.close())
    return app.listen({ port: 0, host: '127.0.0.1' })
  },
  Hono: (hooks) => {
    const app = new Hono().post('/notifications', hooks.hono)
    return listen(serveWeb(async (request) => app.fetch(request)))
  },
  "the web's Request, as Next.js has it": asNextHasIt,
}

describe.each(Object.entries(FRAMEWORKS))('%s', (_name, mount) => {
  test('a notification is verified, taken once, and answered as the contract says, however often it comes', async () => {
    const shop = await openShop(mount)
    const sent = notification({ id: 'msg_1' })
    expect(await post(shop.url, sent)).toEqual({ status: 200, text: TAKEN })
    expect(await post(shop.url, sent)).toEqual({ status: 200, text: TAKEN })
    expect(shop.taken).toMatchObject([{ id: 'msg_1', kind: 'payment', data: { outTradeNo: 'Order1', totalAmt: 450 } }])
    expect(shop.failures).toEqual([])
  })

  test('what is not the gateway’s is refused without a reason, and the shop hears the reason', async () => {
    const shop = await openShop(mount)
    const good = notification()
    const forged: Sent[] = [
      { ...good, body: good.body.replace('450', '1') },
      notification({ secret: `whsec_${randomBytes(32).toString('base64')}` }),
      notification({ at: new Date(Date.now() - 301_000) }),
      { ...good, headers: { ...good.headers, 'webhook-id': 'msg_other' } },
      { body: good.body, headers: { 'content-type': 'application/json' } },
    ]
    for (const each of forged)
      expect(await post(shop.url, each)).toEqual({ status: 401, text: '{"return_code":"FAIL"}' })
    expect(shop.taken).toEqual([])
    expect(shop.failures.map(({ kind }) => kind)).toEqual(forged.map(() => 'refused'))
    expect(shop.failures[0]?.error.message).toContain('not signed')
  })

  test('where the shop fails it comes again, and is then taken', async () => {
    let tries = 0
    const shop = await openShop(mount, {
      onNotification: () => {
        tries++
        if (tries === 1) throw new Error('the database is away')
      },
    })
    const sent = notification({ id: 'msg_2' })
    expect(await post(shop.url, sent)).toEqual({ status: 500, text: '{"return_code":"FAIL"}' })
    expect(shop.failures).toMatchObject([{ kind: 'failed', id: 'msg_2', error: { message: 'the database is away' } }])
    expect(await post(shop.url, sent)).toMatchObject({ status: 200 })
    expect(await post(shop.url, sent)).toMatchObject({ status: 200 })
    expect(tries).toBe(2)
  })

  test('of ten that come at once, one is taken', async () => {
    let done: () => void = () => undefined
    const waits = new Promise<void>((resolve) => (done = resolve))
    let count = 0
    const shop = await openShop(mount, {
      onNotification: async () => {
        count++
        await waits
      },
    })
    const sent = notification()
    const statuses: number[] = []
    const replies = Array.from({ length: 10 }, async () => statuses.push((await post(shop.url, sent)).status))
    await expect.poll(() => statuses).toEqual(Array.from({ length: 9 }, () => 409))
    done()
    await Promise.all(replies)
    expect(statuses.at(-1)).toBe(200)
    expect(count).toBe(1)
  })

  test('more than any notification holds is not read to its end', async () => {
    const shop = await openShop(mount)
    const { headers } = notification()
    const status = await post(shop.url, { body: JSON.stringify({ pad: 'x'.repeat(900_000) }), headers }).then(
      (reply) => reply.status,
      () => 'cut off',
    )
    expect([401, 413, 'cut off']).toContain(status)
    expect(shop.taken).toEqual([])
    expect(await post(shop.url, notification())).toMatchObject({ status: 200 })
  })
})

test('behind a parser that kept no bytes Express hears what to do, and nothing is taken', async () => {
  let heard = ''
  // Express knows a handler of errors by its four parameters.
  // eslint-disable-next-line max-params
  const onError: ErrorRequestHandler = (error: Error, _request, response, next) => {
    heard = error.message
    response.status(500)
    next(error)
  }
  const shop = await openShop((hooks) =>
    listen(createServer(express().use(express.json()).post('/notifications', hooks.express).use(onError))),
  )
  expect((await post(shop.url, notification())).status).toBe(500)
  expect(heard).toContain('before express.json()')
  expect(shop.taken).toEqual([])
})

test('the other routes of Fastify keep their parsers', async () => {
  const app = fastify()
  onTestFinished(() => app.close())
  app.post('/orders', ({ body }) => ({ got: (body as { name: string }).name }))
  await app.register(webhooks({ secret: SECRET, onNotification: () => undefined }).fastify, { path: '/notifications' })
  const reply = await app.inject({ method: 'POST', url: '/orders', payload: { name: 'Ada' } })
  expect(reply.json()).toEqual({ got: 'Ada' })
})

test('other methods are refused', async () => {
  const plain = await openShop(plainHttp)
  expect((await fetch(plain.url)).status).toBe(405)
  const web = await openShop(asNextHasIt)
  expect((await fetch(web.url)).status).toBe(405)
})

test('a secret that is rolled in its file is picked up while it runs, and both hold while both are there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-kit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'webhook-secret')
  const next = `whsec_${randomBytes(32).toString('base64')}`
  writeFileSync(file, `${SECRET}\n`)
  const shop = await openShop(plainHttp, { secret: keyFromFile(file) })
  const status = async (secret: string): Promise<number> => (await post(shop.url, notification({ secret }))).status
  expect([await status(SECRET), await status(next)]).toEqual([200, 401])
  writeFileSync(file, `# The old one goes tomorrow.\n${SECRET}\n${next}\n`)
  expect([await status(SECRET), await status(next)]).toEqual([200, 200])
  writeFileSync(file, `${next}\n`)
  expect([await status(SECRET), await status(next)]).toEqual([401, 200])
  rmSync(file)
  expect(await status(next)).toBe(500)
  expect(shop.failures.at(-1)).toMatchObject({
    kind: 'failed',
    error: { message: expect.stringContaining(file) as string },
  })
})

test('without anybody to hear it, a failure is a warning, which holds no secret', async () => {
  const warnings: Error[] = []
  const keep = (warning: Error): void => void warnings.push(warning)
  process.on('warning', keep)
  onTestFinished(() => void process.off('warning', keep))
  const hooks = webhooks({ secret: SECRET, onNotification: () => undefined })
  const url = await listen(createServer((request, response) => void hooks.node(request, response)))
  await post(url, { ...notification(), body: '{}' })
  await expect.poll(() => warnings.map(({ name }) => name)).toContain('UCanPayWebhook')
  expect(JSON.stringify(warnings.map(String))).not.toContain(SECRET.slice(6))
})

test('options that cannot work are refused at once', () => {
  const onNotification = (): void => undefined
  expect(() => webhooks({ secret: SECRET, onNotification, platformKeys: 'PEM' })).toThrow('Give the path')
  expect(() => seenTableSql('seen; drop table orders')).toThrow('name of a table')
})

describe('what was taken is remembered', () => {
  test('in memory: as many as are asked for, the oldest forgotten; whoever died is followed', async () => {
    let now = 0
    const seen = seenInMemory(2, () => now)
    for (const id of ['a', 'b', 'c']) {
      expect(await seen.begin(id)).toBe('new')
      await seen.finish(id)
    }
    expect([await seen.begin('b'), await seen.begin('c')]).toEqual(['taken', 'taken'])
    expect(await seen.begin('a')).toBe('new')
    expect(await seen.begin('a')).toBe('busy')
    now = 300_000
    expect(await seen.begin('a')).toBe('new')
    await seen.giveUp('a')
    expect(await seen.begin('a')).toBe('new')
    now += 49 * 3_600_000
    expect(await seen.begin('c')).toBe('taken')
    await seen.finish('d')
    expect(await seen.begin('c')).toBe('new')
  })

  test('in PostgreSQL: by several processes, once; whoever died is followed', async () => {
    const { databaseUrl, drop } = await emptyDatabase(inject('adminUrl'))
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 })
    onTestFinished(async () => {
      await pool.end()
      await drop()
    })
    await pool.query(seenTableSql())
    await pool.query(seenTableSql())
    const [one, other] = [seenInPostgres(pool), seenInPostgres(pool)]
    const asked = await Promise.all(Array.from({ length: 20 }, (_each, at) => (at % 2 ? one : other).begin('a')))
    expect(asked.filter((taking) => taking === 'new')).toHaveLength(1)
    expect(asked.filter((taking) => taking === 'busy')).toHaveLength(19)
    await one.finish('a')
    expect([await other.begin('a'), await one.begin('a')]).toEqual(['taken', 'taken'])
    expect(await one.begin('b')).toBe('new')
    await one.giveUp('b')
    expect([await other.begin('b'), await one.begin('b')]).toEqual(['new', 'busy'])
    await pool.query(`update ucanpay_notifications set begun_at = now() - interval '301 seconds' where id = 'b'`)
    const later = await Promise.all([one.begin('b'), other.begin('b')])
    expect(later.sort()).toEqual(['busy', 'new'])
    await one.giveUp('a') // It is done, and stays so.
    expect(await one.begin('a')).toBe('taken')
  })
})
