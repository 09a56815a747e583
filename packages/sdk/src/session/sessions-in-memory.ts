import { isAlive, type SessionStore, type StoredSession } from './store.ts'

/** Keeps sessions in this process's memory: for tests, and where one process is all there is. They end when it does. */
export function sessionsInMemory(): SessionStore {
  const sessions = new Map<string, StoredSession>()
  const alive = (tokenHash: string, now: number): StoredSession | undefined => {
    const session = sessions.get(tokenHash)
    return session && isAlive(session, now) ? session : undefined
  }
  const endWhere = (isMeant: (session: StoredSession) => boolean): number => {
    const meant = [...sessions].filter(([, session]) => isMeant(session))
    for (const [tokenHash] of meant) sessions.delete(tokenHash)
    return meant.length
  }
  const done = <T>(value: T): Promise<T> => Promise.resolve(value)
  return {
    begin(tokenHash, session, replacing) {
      if (replacing !== undefined) sessions.delete(replacing)
      sessions.set(tokenHash, session)
      return Promise.resolve()
    },
    use({ tokenHash, now, idleEndsAt, touchIfSeenBefore }) {
      const session = alive(tokenHash, now)
      if (!session || session.lastSeenAt > touchIfSeenBefore) return done(session)
      const touched = { ...session, lastSeenAt: now, idleEndsAt: Math.min(idleEndsAt, session.endsAt) }
      sessions.set(tokenHash, touched)
      return done(touched)
    },
    rotate({ tokenHash, nextTokenHash, now, idleEndsAt, data }) {
      const session = alive(tokenHash, now)
      if (!session) return done(undefined)
      const times = { authenticatedAt: now, lastSeenAt: now, idleEndsAt: Math.min(idleEndsAt, session.endsAt) }
      const rotated = { ...session, ...times, data }
      sessions.delete(tokenHash)
      sessions.set(nextTokenHash, rotated)
      return done(rotated)
    },
    write(tokenHash, data, now) {
      const session = alive(tokenHash, now)
      if (session) sessions.set(tokenHash, { ...session, data })
      return done(session !== undefined)
    },
    end(tokenHash) {
      sessions.delete(tokenHash)
      return Promise.resolve()
    },
    endOf: (userId, { only, but } = {}) =>
      done(
        endWhere(
          (session) =>
            session.userId === userId &&
            (only === undefined || session.sessionId === only) &&
            session.sessionId !== but,
        ),
      ),
    list(userId, now) {
      const found = [...sessions.values()].filter((session) => session.userId === userId && isAlive(session, now))
      return done(found.sort((a, b) => b.lastSeenAt - a.lastSeenAt).slice(0, 100))
    },
    sweep: (now) => done(endWhere(({ endsAt, idleEndsAt }) => endsAt <= now || idleEndsAt <= now)),
  }
}
