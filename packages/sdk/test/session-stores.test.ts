import { createHash } from 'node:crypto'
import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { emptyDatabase } from '../../../apps/gateway/test/support/database-server.ts'
import type { ErrorRecord } from '../src/errors/errors.ts'
import {
  checkSessionStore,
  createSessions,
  sessionsInMemory,
  sessionsInPostgres,
  sessionTableSql,
  type Session,
  type SessionOptions,
  type SessionStore,
} from '../src/session/session.ts'
import { plainSite } from './support/secure-site.ts'

async function openPool(): Promise<pg.Pool> {
  const { databaseUrl, drop } = await emptyDatabase(inject('adminUrl'))
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 })
  onTestFinished(async () => {
    await pool.end()
    await drop()
  })
  return pool
}

const URL_ = 'https://shop.example/'

/** One request, and what its handler does with the session. @returns the token that came back, if any */
async function visit(
  options: SessionOptions,
  token: string | undefined,
  handle: (session: Session<Record<string, unknown>>) => unknown,
): Promise<string | undefined> {
  const answer = createSessions<Record<string, unknown>>(options).web(async (_request, session) => {
    await handle(session)
    return new Response('')
  })
  const cookie: Record<string, string> = token === undefined ? {} : { cookie: `__Host-session=${token}` }
  const headers = { 'sec-fetch-site': 'same-origin', 'user-agent': 'Netscape\u00ff', ...cookie }
  const response = await answer(new Request(URL_, { method: 'POST', headers }))
  return /=([\w-]{43});/.exec(response.headers.get('set-cookie') ?? '')?.[1]
}

describe('the contract of a store holds', () => {
  test('in memory', async () => {
    await checkSessionStore(sessionsInMemory())
  })

  test('in PostgreSQL', async () => {
    const pool = await openPool()
    await pool.query(sessionTableSql({ table: 'public.shop_sessions' }))
    await pool.query(sessionTableSql({ table: 'public.shop_sessions' }))
    await checkSessionStore(sessionsInPostgres(pool, 'public.shop_sessions'))
  })

  test('and a store that breaks it is found out', async () => {
    const broken: readonly ((store: SessionStore) => Partial<SessionStore>)[] = [
      () => ({ write: () => Promise.resolve(true) }),
      (store) => ({ begin: (hash, session) => store.begin(hash, session) }),
      (store) => ({ endOf: (userId) => store.endOf(userId) }),
      (store) => ({ use: (use) => store.use({ ...use, touchIfSeenBefore: 0 }) }),
      (store) => ({ use: (use) => store.use({ ...use, touchIfSeenBefore: use.now }) }),
      () => ({ sweep: () => Promise.resolve(0) }),
      (store) => ({
        rotate: async (rotation) => {
          const rotated = await store.use({ ...rotation, touchIfSeenBefore: 0 })
          if (rotated) await store.begin(rotation.nextTokenHash, rotated)
          return rotated
        },
      }),
    ]
    for (const change of broken) {
      const store = sessionsInMemory()
      await expect(checkSessionStore({ ...store, ...change(store) })).rejects.toThrow()
    }
  })
})

test('PostgreSQL is asked once a request, holds no token, and writes at most once a minute', async () => {
  const pool = await openPool()
  await pool.query(sessionTableSql())
  const asked: string[] = []
  const query = async (text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> => {
    asked.push(text)
    return pool.query(text, [...values])
  }
  let now = Date.now()
  const options = { store: sessionsInPostgres({ query }), now: () => now }
  const token = await visit(options, undefined, (session) => session.signIn("u'1", { cart: ['té'] }))
  expect(asked).toHaveLength(1)
  const row = async (): Promise<Record<string, unknown>> =>
    (await pool.query<Record<string, unknown>>('select *, xmin::text from ucanpay_sessions')).rows[0] ?? {}
  const first = await row()
  expect(first['token_hash']).toBe(
    createHash('sha256')
      .update(token ?? '')
      .digest('hex'),
  )
  expect(JSON.stringify(first)).not.toContain(token)
  expect(first['device']).toBe('Netscape')
  for (let each = 0; each < 5; each++) {
    now += 11_000
    await visit(options, token, ({ userId, data }) => expect([userId, data]).toEqual(["u'1", { cart: ['té'] }]))
  }
  expect([asked.length, (await row())['xmin']]).toEqual([6, first['xmin']])
  now += 5_000
  await visit(options, token, (session) => session.set({ cart: ['té'] })) // The same: nothing is written for it.
  expect(asked).toHaveLength(7)
  const touched = await row()
  expect((touched['last_seen_at'] as Date).getTime()).toBe(now)
  await visit(options, token, (session) => session.set({ cart: ['tea'] }))
  expect([asked.length, (await row())['data']]).toEqual([9, '{"cart":["tea"]}'])
  const next = await visit(options, token, (session) => session.elevate())
  expect([asked.length, next === token]).toEqual([11, false])
  expect((await pool.query('select 1 from ucanpay_sessions')).rows).toHaveLength(1)
})

test('no row of PostgreSQL lives longer than it may, or is larger, whatever writes it', async () => {
  const pool = await openPool()
  await pool.query(sessionTableSql())
  const store = sessionsInPostgres(pool)
  await visit({ store }, undefined, (session) => session.signIn('u1', {}))
  for (const change of [
    "idle_ends_at = last_seen_at + interval '901 seconds'",
    "ends_at = created_at + interval '43201 seconds'",
    "idle_ends_at = ends_at + interval '1 second', last_seen_at = ends_at",
    "data = repeat('x', 4097)",
    "token_hash = 'abc'",
    "user_id = ''",
  ])
    await expect(pool.query(`update ucanpay_sessions set ${change}`)).rejects.toThrow('check')
  const longer = { store, dangerouslyLongIdleMinutes: 60 }
  await expect(visit(longer, undefined, (session) => session.signIn('u1', {}))).rejects.toMatchObject({ status: 503 })
  await pool.query(sessionTableSql({ table: 'long_ones', dangerouslyLongIdleMinutes: 60 }))
  const fits = { ...longer, store: sessionsInPostgres(pool, 'long_ones') }
  await visit(fits, undefined, (session) => session.signIn('u1', {}))
})

test('endAll ends a user everywhere at once, also what is rotated at that moment, and another keeps theirs', async () => {
  const pool = await openPool()
  await pool.query(sessionTableSql())
  const options = { store: sessionsInPostgres(pool) }
  const sessions = createSessions(options)
  const signIn = (user: string): Promise<string | undefined> =>
    visit(options, undefined, (session) => session.signIn(user, {}))
  const tokens = await Promise.all(Array.from({ length: 8 }, () => signIn('ada')))
  const bob = await signIn('bob')
  expect(await sessions.list('ada')).toHaveLength(8)
  const rotations = tokens.map((token) => visit(options, token, (session) => session.elevate()).catch(() => undefined))
  const [ended, ...rotated] = await Promise.all([sessions.endAll('ada'), ...rotations])
  expect(ended).toBeGreaterThan(0)
  await sessions.endAll('ada')
  for (const token of [...tokens, ...rotated])
    await visit(options, token, ({ userId }) => expect(userId).toBeUndefined())
  await visit(options, bob, ({ userId }) => expect(userId).toBe('bob'))
})

test('a user sees their sessions, ends one of them, and nobody else’s', async () => {
  const options = { store: sessionsInMemory() }
  const sessions = createSessions(options)
  await visit(options, undefined, (session) => session.signIn('ada', {}))
  const mine = await visit(options, undefined, (session) => session.signIn('ada', {}))
  let here: string | undefined
  await visit(options, mine, ({ sessionId }) => (here = sessionId))
  const [other] = (await sessions.list('ada')).filter(({ sessionId }) => sessionId !== here)
  expect(other).toMatchObject({ device: 'Netscape', ip: '', createdAt: expect.any(Date) as Date })
  expect(await sessions.endOne('bob', other?.sessionId ?? '')).toBe(false)
  expect(await sessions.endOne('ada', other?.sessionId ?? '')).toBe(true)
  await visit(options, undefined, (session) => session.signIn('ada', {}))
  expect(await sessions.endAll('ada', { butSessionId: here })).toBe(1)
  expect((await sessions.list('ada')).map(({ sessionId }) => sessionId)).toEqual([here])
})

test('a request that was under way when its session ended or was rotated writes nothing any more', async () => {
  const options = { store: sessionsInMemory() }
  const token = await visit(options, undefined, (session) => session.signIn('u1', {}))
  let next: string | undefined
  const late = visit(options, token, async (session) => {
    next = await visit(options, token, (other) => other.elevate({ role: 'admin' }))
    await session.set({ role: 'planted' })
  })
  await expect(late).rejects.toMatchObject({ status: 401 })
  await visit(options, next, ({ data }) => expect(data).toEqual({ role: 'admin' }))
  const gone = visit(options, next, async (session) => {
    await visit(options, next, (other) => other.signOut())
    await session.elevate()
  })
  await expect(gone).rejects.toMatchObject({ status: 401 })
})

test('a clock that is set back makes no session longer', async () => {
  let now = Date.UTC(2030, 0, 1, 12)
  const options = { store: sessionsInMemory(), now: () => now }
  const token = await visit(options, undefined, (session) => session.signIn('u1', {}))
  now -= 119_000 // Another server's clock.
  await visit(options, token, ({ userId }) => expect(userId).toBe('u1'))
  now -= 3 * 3_600_000
  await visit(options, token, ({ userId }) => expect(userId).toBeUndefined())
})

test('what is dead is swept away after a sign-in, and a sweep that fails keeps nobody out', async () => {
  let now = Date.UTC(2030, 0, 1)
  const records: ErrorRecord[] = []
  const store = sessionsInMemory()
  const options = { store, now: () => now, log: (record: ErrorRecord) => records.push(record) }
  const sessions = createSessions(options)
  const answer = sessions.web(async (_request, session) => {
    await session.signIn('u1')
    return new Response('')
  })
  const signIn = (): Promise<Response> =>
    answer(new Request(URL_, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } }))
  for (let each = 0; each < 3; each++) await signIn()
  now += 16 * 60_000
  await signIn()
  expect(await sessions.sweep()).toBe(0)
  now += 16 * 60_000
  store.sweep = () => Promise.reject(new Error('away'))
  expect((await signIn()).status).toBe(200)
  await expect.poll(() => records.map(({ error }) => error.message)).toEqual(['away'])
})

test('data is small, typed, frozen JSON, and holds nothing by the names of secrets', async () => {
  const options = { store: sessionsInMemory() }
  const token = await visit(options, undefined, (session) => session.signIn('u1', { deep: { list: [1] } }))
  const refused = (data: object): Promise<unknown> =>
    expect(visit(options, token, (session) => session.set(data as Record<string, unknown>))).rejects.toMatchObject({
      name: 'UCanPayConfigError',
    })
  await refused({ text: 'é'.repeat(2_043) })
  await refused([1])
  await refused({ toJSON: () => 'text' })
  for (const name of ['cvc', 'cardNumber', 'card_number', 'PASSWORD', 'pan']) await refused({ deep: [{ [name]: 'x' }] })
  await visit(options, token, ({ data }) => {
    expect(() => (data['deep'] as { list: number[] }).list.push(2)).toThrow()
    expect(() => Object.assign(data, { more: 1 })).toThrow()
    expect(data).toEqual({ deep: { list: [1] } })
  })
  await visit(options, token, (session) => session.set(JSON.parse('{"__proto__":{"admin":true}}') as object as never))
  await visit(options, token, ({ data }) => expect((data as { admin?: boolean }).admin).toBeUndefined())
  for (const id of ['', 'x'.repeat(256), 'a\nb', undefined as unknown as string])
    await expect(visit(options, undefined, (session) => session.signIn(id, {}))).rejects.toThrow('id of a user')
})

test('options that are not safe are refused at once', () => {
  const refused = (options: Partial<SessionOptions>): void =>
    expect(() => createSessions({ store: sessionsInMemory(), ...options })).toThrow(/\w/)
  refused({ cookieName: 'session' as '__Host-session' })
  refused({ cookieName: '__Host-a; Domain=example' })
  refused({ sameSite: 'None' as 'Lax' })
  refused({ idleMinutes: 16 })
  refused({ hours: 13 })
  refused({ idleMinutes: 0 })
  refused({ idleMinutes: Number.NaN })
  refused({ dangerouslyLongHours: Infinity })
  refused({ trustProxy: true as unknown as number })
  refused({ origin: 'http://shop.example' })
  refused({ origin: 'https://shop.example/' })
  refused({ exempt: ['/api/*'] })
  refused({ exempt: ['notifications'] })
  expect(() => sessionTableSql({ table: 'x; drop table y' })).toThrow('name of a table')
  expect(() => sessionTableSql({ idleMinutes: 16 })).toThrow('dangerouslyLong')
})

test('a request without the plug-in, an answer that has begun, and a path that is exempt say what to do', async () => {
  const sessions = createSessions({ store: sessionsInMemory(), trustProxy: 1, exempt: ['/hook'] })
  expect(() => sessions.of({})).toThrow('before its route')
  const thrown: unknown[] = []
  const answer = sessions.node(async (request, response, session) => {
    if (request.url === '/') response.write('begun')
    await session.signIn('u1').catch((error: unknown) => thrown.push(error))
    response.end()
  })
  const site = await plainSite((request, response) => void answer(request, response))
  const headers = { 'sec-fetch-site': 'same-origin', 'x-forwarded-proto': 'https' }
  for (const path of ['/', '/hook']) await site.ask(path, { method: 'POST', headers })
  expect(String(thrown[0])).toContain('has begun')
  expect(String(thrown[1])).toContain('exempt')
})
