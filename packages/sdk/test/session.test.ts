import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorHandlers } from '../src/errors/errors.ts'
import {
  createSessions,
  sessionsInMemory,
  type Session,
  type SessionOptions,
  type Sessions,
  type SessionStore,
} from '../src/session/session.ts'
import { plainSite, secureSite, type Asked, type Reply, type Site } from './support/secure-site.ts'
import { webListener } from './support/web-listener.ts'

interface Cart {
  readonly cart?: readonly string[]
  readonly role?: string
}
type Route = (session: Session<Cart>) => unknown

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /me': ({ userId = null, data }) => ({ userId, data }),
  'POST /sign-in': (session) => session.signIn('u1', { cart: [] }),
  'POST /sign-out': (session) => session.signOut(),
  'POST /elevate': (session) => session.elevate({ role: 'admin' }),
  'POST /set': (session) => session.set({ cart: ['tea'] }),
  'GET /private': (session) => session.requireUser(),
  'GET /recent': (session) => session.requireRecent(5),
  'POST /notifications': ({ userId = null }) => ({ userId }),
}
const silent = errorHandlers({ log: () => undefined })

type Mount = (sessions: Sessions<Cart>) => Promise<RequestListener>

const onExpress: Mount = (sessions) => {
  const app = express().use(sessions.express)
  for (const [name, route] of Object.entries(ROUTES)) {
    const [method, path] = name.split(' ') as ['GET' | 'POST', string]
    app[method === 'GET' ? 'get' : 'post'](path, async (request, response) => {
      const shown: { userId: string | undefined } = request.session // Typed without a cast.
      response.cookie('theme', 'dark').json((await route(sessions.of(request))) ?? shown.userId ?? null)
    })
  }
  return Promise.resolve(app.use(silent.express))
}

const onFastify: Mount = async (sessions) => {
  const app = fastify()
  await app.register(silent.fastify)
  await app.register(sessions.fastify)
  for (const [name, route] of Object.entries(ROUTES)) {
    const [method = '', url = ''] = name.split(' ')
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        const answer = (await route(sessions.of(request))) ?? null
        return reply.header('set-cookie', 'theme=dark; Path=/').type('application/json').send(JSON.stringify(answer))
      },
    })
  }
  onTestFinished(() => app.close())
  await app.ready()
  return (request, response) => {
    app.routing(request, response)
  }
}

const onHono: Mount = (sessions) => {
  const app = new Hono()
  app.use(sessions.hono)
  app.onError(silent.hono)
  for (const [name, route] of Object.entries(ROUTES)) {
    const [method = '', path = ''] = name.split(' ')
    app.on(method, path, async (context) => {
      const answer = (await route(sessions.of(context.req))) ?? null
      context.header('set-cookie', 'theme=dark; Path=/')
      return context.body(JSON.stringify(answer))
    })
  }
  return Promise.resolve(webListener(async (request) => app.fetch(request)))
}

const onHttp: Mount = (sessions) =>
  Promise.resolve(
    silent.node(
      sessions.node(async ({ method, url }, response, session) => {
        const answer = (await ROUTES[`${method ?? ''} ${url ?? ''}`]?.(session)) ?? null
        response.writeHead(200, { 'Set-Cookie': 'theme=dark; Path=/' }).end(JSON.stringify(answer))
      }),
    ),
  )

const onWeb: Mount = (sessions) => {
  const answer = sessions.web(async (request, session) => {
    const result = (await ROUTES[`${request.method} ${new URL(request.url).pathname}`]?.(session)) ?? null
    return Response.json(result, { headers: { 'set-cookie': 'theme=dark; Path=/' } })
  })
  return Promise.resolve(webListener(silent.wrap(answer)))
}

const FRAMEWORKS = {
  Express: onExpress,
  Fastify: onFastify,
  Hono: onHono,
  'plain http': onHttp,
  'the web’s Request': onWeb,
}

const NAME = '__Host-session'
const OWN = { 'sec-fetch-site': 'same-origin' }

class Shop {
  now = Date.UTC(2030, 0, 1)
  readonly sessions: Sessions<Cart>
  site!: Site
  constructor(options: Partial<SessionOptions> = {}) {
    const now = (): number => this.now
    this.sessions = createSessions<Cart>({ store: sessionsInMemory(), now, log: () => undefined, ...options })
  }

  static async open(mount: Mount, options: Partial<SessionOptions> = {}, serve = secureSite): Promise<Shop> {
    const shop = new Shop({ exempt: ['/notifications'], ...options })
    shop.site = await serve(await mount(shop.sessions))
    return shop
  }

  get(path: string, token?: string): Promise<Reply> {
    return this.site.ask(path, { headers: token === undefined ? {} : { cookie: `${NAME}=${token}` } })
  }

  post(path: string, token?: string): Promise<Reply> {
    const cookie: Record<string, string> = token === undefined ? {} : { cookie: `${NAME}=${token}` }
    return this.site.ask(path, { method: 'POST', headers: { ...OWN, ...cookie } })
  }

  async signIn(token?: string): Promise<string> {
    return tokenOf(await this.post('/sign-in', token))
  }

  async user(token: string): Promise<unknown> {
    return (JSON.parse((await this.get('/me', token)).text) as { userId: unknown }).userId
  }
}

function tokenOf({ headers }: Reply): string {
  const own = (headers['set-cookie'] ?? []).filter((cookie) => cookie.startsWith(`${NAME}=`))
  expect(own).toHaveLength(1)
  return /=([\w-]{43});/.exec(own[0] ?? '')?.[1] ?? 'none'
}

describe.each(Object.entries(FRAMEWORKS))('%s', (_name, mount) => {
  test('sign-in brings a cookie for this host, HTTPS, the server and this site alone; other cookies stay', async () => {
    const shop = await Shop.open(mount)
    const reply = await shop.post('/sign-in')
    const cookies = reply.headers['set-cookie']?.map((each) => each.replace(/=[\w-]{43}/, '=…')).sort()
    expect(cookies).toEqual([`${NAME}=…; Path=/; Secure; HttpOnly; SameSite=Lax`, 'theme=dark; Path=/'])
    expect(reply.headers['cache-control']).toBe('no-store')
    const me = await shop.get('/me', tokenOf(reply))
    expect(JSON.parse(me.text)).toEqual({ userId: 'u1', data: { cart: [] } })
    expect([me.headers['cache-control'], me.headers['set-cookie']]).toEqual(['no-store', ['theme=dark; Path=/']])
    const nobody = await shop.get('/me')
    expect([nobody.headers['cache-control'], JSON.parse(nobody.text)]).toEqual([undefined, { userId: null, data: {} }])
  })

  test('sign-out ends it on the server, takes the cookie back, and again does nothing', async () => {
    const shop = await Shop.open(mount)
    const token = await shop.signIn()
    const reply = await shop.post('/sign-out', token)
    expect(reply.headers['set-cookie']).toContain(`${NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`)
    expect(await shop.user(token)).toBe(null)
    expect((await shop.post('/sign-out', token)).status).toBe(200)
  })

  test('a change of rights brings a new token, and the old one is dead at once', async () => {
    const shop = await Shop.open(mount)
    const old = await shop.signIn()
    const next = tokenOf(await shop.post('/elevate', old))
    expect(next).not.toBe(old)
    expect([await shop.user(old), await shop.user(next)]).toEqual([null, 'u1'])
    expect(JSON.parse((await shop.get('/me', next)).text)).toMatchObject({ data: { role: 'admin' } })
  })

  test('it ends 15 minutes after the last request, and 12 hours after sign-in whatever is done', async () => {
    const shop = await Shop.open(mount)
    const idle = await shop.signIn()
    shop.now += 15 * 60_000 - 1
    expect(await shop.user(idle)).toBe('u1')
    shop.now += 15 * 60_000
    expect(await shop.user(idle)).toBe(null)
    const busy = await shop.signIn()
    const end = shop.now + 12 * 3_600_000
    for (; shop.now < end; shop.now += 14 * 60_000) expect(await shop.user(busy)).toBe('u1')
    shop.now = end
    expect(await shop.user(busy)).toBe(null)
  })

  test.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['what the user typed', { 'sec-fetch-site': 'none' }],
    ['an old browser on another origin', { origin: 'https://evil.example' }],
    ['an old browser on plain HTTP', { origin: 'http://shop.example' }],
    ['a page in a sandbox', { origin: 'null' }],
    ['what says nothing', {}],
    ['what says it twice', { 'sec-fetch-site': 'same-origin, cross-site' }],
  ])('%s changes nothing, and signs nobody in', async (_from, headers: Record<string, string>) => {
    const shop = await Shop.open(mount)
    const token = await shop.signIn()
    const ask = (path: string, cookie?: string): Promise<Reply> =>
      shop.site.ask(path, { method: 'POST', headers: { ...headers, ...(cookie ? { cookie } : {}) } })
    const [out, login] = [await ask('/sign-out', `${NAME}=${token}`), await ask('/sign-in')]
    expect([out.status, login.status, login.headers['set-cookie']]).toEqual([403, 403, undefined])
    expect(out.text).not.toMatch(/evil|origin|site/i)
    expect(await shop.user(token)).toBe('u1')
  })

  test('an old browser on the site itself is let in; another server at an exempt path, without any session', async () => {
    const shop = await Shop.open(mount)
    const origin = { method: 'POST', headers: { origin: 'https://shop.example' } }
    const token = tokenOf(await shop.site.ask('/sign-in', origin))
    const hook: Asked = { method: 'POST', headers: { cookie: `${NAME}=${token}` } }
    expect(await shop.site.ask('/notifications', hook)).toMatchObject({ status: 200, text: '{"userId":null}' })
    for (const path of ['/Notifications', '/notifications/', '//notifications', '/notifications/../set'])
      expect((await shop.site.ask(path, hook)).status).toBe(403)
  })

  test('a token that somebody planted is never taken over', async () => {
    const shop = await Shop.open(mount)
    const planted = randomBytes(32).toString('base64url')
    const token = await shop.signIn(planted)
    expect([token === planted, await shop.user(planted)]).toEqual([false, null])
    const again = await shop.signIn(token)
    expect([await shop.user(token), await shop.user(again)]).toEqual([null, 'u1'])
  })

  test.each([
    ['two of the name', (good: string) => `${NAME}=${good}; ${NAME}=${randomBytes(32).toString('base64url')}`],
    ['two that are the same', (good: string) => `${NAME}=${good}; ${NAME}=${good}`],
    ['another case', (good: string) => `__host-session=${good}`],
    ['a blank of Unicode before the name', (good: string) => `\u00a0${NAME}=${good}`],
    ['quotes', (good: string) => `${NAME}="${good}"`],
    ['other base64', (good: string) => `${NAME}=${good.slice(0, -1)}=`],
    ['one sign more', (good: string) => `${NAME}=${good}A`],
    ['percent signs', (good: string) => `${NAME}=%${good}`],
    ['nothing', () => `${NAME}=`],
    ['twelve thousand letters', () => `${NAME}=${'A'.repeat(12_000)}`],
    ['two thousand cookies before two', (good: string) => `${'a=b;'.repeat(2_000)}${NAME}=x;${NAME}=${good}`],
  ])('a cookie with %s is no session', async (_what, cookieOf) => {
    const shop = await Shop.open(mount)
    const reply = await shop.site.ask('/me', { headers: { cookie: cookieOf(await shop.signIn()) } })
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { userId: null, data: {} }])
  })

  test('over plain HTTP nobody signs in, and no cookie is given or taken', async () => {
    const shop = await Shop.open(mount)
    const token = await shop.signIn()
    const plain = await plainSite(await mount(shop.sessions))
    const forged = { ...OWN, 'x-forwarded-proto': 'https', cookie: `${NAME}=${token}` }
    const reply = await plain.ask('/sign-in', { method: 'POST', headers: forged })
    expect(reply.status).toBe(500)
    expect(String(reply.headers['set-cookie'])).not.toContain(NAME)
    expect(reply.text).not.toContain('HTTP')
    expect(JSON.parse((await plain.ask('/me', { headers: forged })).text)).toMatchObject({ userId: null })
  })

  test('behind a proxy that is declared, what the nearest one says holds, not what the caller says', async () => {
    const shop = await Shop.open(mount, { trustProxy: 1 }, plainSite)
    const ask = (proto: string): Promise<Reply> =>
      shop.site.ask('/sign-in', {
        method: 'POST',
        headers: { ...OWN, 'x-forwarded-proto': proto, 'x-forwarded-for': '6.6.6.6, 192.0.2.7' },
      })
    expect((await ask('https, http')).status).toBe(500)
    expect((await ask('https')).status).toBe(200)
    expect((await shop.sessions.list('u1')).map(({ ip }) => ip)).toEqual(['192.0.2.7'])
  })

  test('a store that is away is no way in: 503, and not a word of why', async () => {
    const store = sessionsInMemory()
    const shop = await Shop.open(mount, { store })
    const token = await shop.signIn()
    const away = (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED postgres://u:pw@db'))
    Object.assign(store, { use: away, begin: away } satisfies Partial<SessionStore>)
    for (const reply of [await shop.get('/me', token), await shop.post('/sign-in')]) {
      expect(reply.status).toBe(503)
      expect(String(reply.headers['set-cookie'])).not.toContain(NAME)
      expect(reply.text).not.toMatch(/postgres|ECONN/)
    }
  })

  test('what is for users needs one, and what matters needs one who has just signed in', async () => {
    const shop = await Shop.open(mount)
    const token = await shop.signIn()
    const statuses = async (...args: Parameters<Shop['get']>): Promise<number> => (await shop.get(...args)).status
    expect([await statuses('/private'), await statuses('/recent')]).toEqual([401, 401])
    shop.now += 5 * 60_000 - 1
    expect([await statuses('/private', token), await statuses('/recent', token)]).toEqual([200, 200])
    shop.now += 1
    expect([await statuses('/private', token), await statuses('/recent', token)]).toEqual([200, 403])
    const next = tokenOf(await shop.post('/elevate', token))
    expect(await statuses('/recent', next)).toBe(200)
  })

  test('of ten requests that rotate at once one gets a session, and none takes its cookie away', async () => {
    const shop = await Shop.open(mount)
    const old = await shop.signIn()
    const replies = await Promise.all(Array.from({ length: 10 }, () => shop.post('/elevate', old)))
    const won = replies.filter(({ status }) => status === 200)
    const next = won.map(tokenOf)[0] ?? 'none'
    expect([won.length, replies.filter(({ status }) => status === 401).length]).toEqual([1, 9])
    for (const lost of replies.filter(({ status }) => status !== 200))
      expect(String(lost.headers['set-cookie'])).not.toContain(NAME)
    expect([await shop.user(old), await shop.user(next)]).toEqual([null, 'u1'])
    expect(String((await shop.get('/me', old)).headers['set-cookie'])).not.toContain(NAME)
  })
})
