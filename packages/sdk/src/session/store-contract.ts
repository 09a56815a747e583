import { deepStrictEqual, strictEqual } from 'node:assert'
import { randomBytes, randomUUID } from 'node:crypto'
import { CLOCK_SKEW_MS, type SessionStore, type StoredSession } from './store.ts'

const MINUTE_MS = 60_000
const IDLE_MS = 15 * MINUTE_MS
const hash = (): string => randomBytes(32).toString('hex')

/**
 * Tries whether a store does what `SessionStore` asks, for the tests of one that you write. It leaves sessions of users
 * that nobody has; give it an empty store.
 *
 * @throws AssertionError at the first thing that is not so
 */
export async function checkSessionStore(store: SessionStore): Promise<void> {
  const now = Date.UTC(2030, 0, 1)
  await checkUse(store, now)
  await checkTimes(store, now)
  await checkRotation(store, now)
  await checkWriting(store, now)
  await checkEnding(store, now)
}

function sessionAt(now: number, userId = randomUUID()): StoredSession {
  const times = { createdAt: now, authenticatedAt: now, lastSeenAt: now }
  const ends = { idleEndsAt: now + IDLE_MS, endsAt: now + 12 * 60 * MINUTE_MS }
  const data = JSON.stringify({ text: '"\\\u0000é💶' })
  return { sessionId: randomUUID(), userId, data, device: "O'Browser", ip: '::1', ...times, ...ends }
}

const useAt = (tokenHash: string, now: number): Parameters<SessionStore['use']>[0] => {
  return { tokenHash, now, idleEndsAt: now + IDLE_MS, touchIfSeenBefore: now - MINUTE_MS }
}

async function checkUse(store: SessionStore, now: number): Promise<void> {
  const [tokenHash, session] = [hash(), sessionAt(now)]
  await store.begin(tokenHash, session)
  deepStrictEqual({ ...(await store.use(useAt(tokenHash, now))) }, session, 'a session comes back as it went in')
  strictEqual(await store.use(useAt(hash(), now)), undefined, 'a hash that nobody has is no session')
  const soon = await store.use(useAt(tokenHash, now + MINUTE_MS - 1))
  strictEqual(soon?.lastSeenAt, now, 'a use is not written down before touchIfSeenBefore')
  const later = await Promise.all(Array.from({ length: 10 }, () => store.use(useAt(tokenHash, now + MINUTE_MS))))
  strictEqual(
    later.every((each) => each !== undefined),
    true,
    'ten uses at once all find it',
  )
  const touched = await store.use(useAt(tokenHash, now + MINUTE_MS))
  strictEqual(touched?.lastSeenAt, now + MINUTE_MS, 'a use is written down')
  strictEqual(touched.idleEndsAt, now + MINUTE_MS + IDLE_MS, 'a use keeps it alive')
}

async function checkTimes(store: SessionStore, now: number): Promise<void> {
  const [tokenHash, session] = [hash(), sessionAt(now)]
  await store.begin(tokenHash, session)
  strictEqual(await store.use(useAt(tokenHash, now - CLOCK_SKEW_MS - 1)), undefined, 'one of the future is not alive')
  strictEqual(await store.use(useAt(tokenHash, session.idleEndsAt)), undefined, 'it ends when it was idle')
  strictEqual(await store.write(tokenHash, '{}', session.idleEndsAt), false, 'a dead one takes no data')
  for (let at = now; at < session.endsAt; at += 10 * MINUTE_MS) await store.use(useAt(tokenHash, at))
  const last = await store.use(useAt(tokenHash, session.endsAt - 1))
  strictEqual(last?.idleEndsAt, session.endsAt, 'no use keeps it alive beyond endsAt')
  strictEqual(await store.use(useAt(tokenHash, session.endsAt)), undefined, 'it ends at endsAt')
}

async function checkRotation(store: SessionStore, now: number): Promise<void> {
  const [old, session, at] = [hash(), sessionAt(now), now + MINUTE_MS]
  await store.begin(old, session)
  const nexts = Array.from({ length: 10 }, hash)
  const turns = nexts.map((nextTokenHash) => {
    return store.rotate({ tokenHash: old, nextTokenHash, now: at, idleEndsAt: at + IDLE_MS, data: '{"a":1}' })
  })
  const won = (await Promise.all(turns)).map((each) => each !== undefined)
  strictEqual(won.filter(Boolean).length, 1, 'of ten rotations at once, one succeeds')
  strictEqual(await store.use(useAt(old, at)), undefined, 'the old hash is nobody’s')
  const found = await Promise.all(nexts.map((each) => store.use(useAt(each, at))))
  deepStrictEqual(
    found.map((each) => each !== undefined),
    won,
    'only the new hash that won is a session',
  )
  const rotated = found.find((each) => each !== undefined)
  const times = { authenticatedAt: at, lastSeenAt: at, idleEndsAt: at + IDLE_MS }
  deepStrictEqual({ ...rotated }, { ...session, ...times, data: '{"a":1}' }, 'all else goes on')
}

async function checkWriting(store: SessionStore, now: number): Promise<void> {
  const [tokenHash, session] = [hash(), sessionAt(now)]
  await store.begin(tokenHash, session)
  strictEqual(await store.write(tokenHash, '{"b":2}', now), true, 'a session takes data')
  strictEqual((await store.use(useAt(tokenHash, now)))?.data, '{"b":2}', 'the data is there')
  strictEqual(await store.write(hash(), '{}', now), false, 'a hash that nobody has takes none')
}

async function checkEnding(store: SessionStore, now: number): Promise<void> {
  const [ada, bob] = [randomUUID(), randomUUID()]
  const [first, second, third, other] = [hash(), hash(), hash(), hash()]
  const [kept, gone] = [sessionAt(now + 1_000, ada), sessionAt(now, ada)]
  await store.begin(first, gone)
  await store.begin(second, kept, first)
  strictEqual(await store.use(useAt(first, now)), undefined, 'the one that is replaced ends')
  await store.begin(third, gone)
  await store.begin(other, sessionAt(now, bob))
  const ids = async (user: string): Promise<string[]> => (await store.list(user, now)).map(({ sessionId }) => sessionId)
  deepStrictEqual(await ids(ada), [kept.sessionId, gone.sessionId], 'a user’s sessions, last seen first')
  strictEqual(await store.endOf(bob, { only: gone.sessionId }), 0, 'nobody ends somebody else’s')
  strictEqual(await store.endOf(ada, { but: kept.sessionId }), 1, 'all but one end')
  deepStrictEqual(await ids(ada), [kept.sessionId], 'the one is left')
  strictEqual(await store.endOf(ada), 1, 'all end')
  strictEqual(await store.use(useAt(second, now)), undefined, 'what has ended is no session')
  strictEqual((await ids(bob)).length, 1, 'other users’ go on')
  await store.end(other)
  await store.end(other)
  strictEqual((await ids(bob)).length, 0, 'ending again does nothing')
  const [stale, fresh] = [hash(), hash()]
  await store.begin(stale, sessionAt(now, ada))
  await store.begin(fresh, sessionAt(now + IDLE_MS, ada))
  strictEqual((await store.sweep(now + IDLE_MS)) > 0, true, 'what is dead is swept')
  strictEqual((await store.use(useAt(fresh, now + IDLE_MS))) !== undefined, true, 'what is alive stays')
}
