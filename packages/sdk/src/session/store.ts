/** A session as it is stored. Times are milliseconds since 1970, by the clock of the process that wrote them. */
export interface StoredSession {
  /** Names the session in lists; whoever knows it has not got the session. */
  readonly sessionId: string
  readonly userId: string
  /** JSON, 4,096 bytes at most. */
  readonly data: string
  /** The browser as it names itself, 200 characters at most. */
  readonly device: string
  /** Where it was begun; empty where that is not known. */
  readonly ip: string
  readonly createdAt: number
  /** When the user last showed who they are. */
  readonly authenticatedAt: number
  readonly lastSeenAt: number
  readonly idleEndsAt: number
  readonly endsAt: number
}

/** A look at a session by a request. */
export interface SessionUse {
  readonly tokenHash: string
  readonly now: number
  /** Until when it lives on if this use is written down; never beyond its `endsAt`. */
  readonly idleEndsAt: number
  /** A use is written down where the last one that was is at least this old. */
  readonly touchIfSeenBefore: number
}

/** A new token in the place of an old one. */
export interface SessionRotation {
  readonly tokenHash: string
  readonly nextTokenHash: string
  readonly now: number
  readonly idleEndsAt: number
  readonly data: string
}

/**
 * Where sessions are. It gets hashes of tokens and never a token: whoever reads the store can use no session of it.
 *
 * A session is alive where `isAlive` says so; every method but `sweep` leaves the others as if they were not there.
 * Each method is one step: of two at once, one comes first. `checkSessionStore` tries a store of your own. A store that
 * is away throws; the request is then refused.
 */
export interface SessionStore {
  /** Puts a session in; `replacing` is the hash of one that ends in the same step. */
  begin(tokenHash: string, session: StoredSession, replacing?: string): Promise<void>
  /** The session of a hash, if it is alive; each request asks once. */
  use(use: SessionUse): Promise<StoredSession | undefined>
  /** Gives a session another hash; the old one is nobody's at once. Of several at once, one succeeds. */
  rotate(rotation: SessionRotation): Promise<StoredSession | undefined>
  /** @returns false where the session is not alive any more: then nothing is written */
  write(tokenHash: string, data: string, now: number): Promise<boolean>
  end(tokenHash: string): Promise<void>
  /** Ends a user's sessions: all of them, one, or all but one. @returns how many */
  endOf(userId: string, which?: { readonly only?: string; readonly but?: string }): Promise<number>
  /** A user's sessions, last seen first, 100 at most. */
  list(userId: string, now: number): Promise<readonly StoredSession[]>
  /** Deletes what is dead, a thousand at most. @returns how many */
  sweep(now: number): Promise<number>
}

/** How far the clocks of two servers may be apart. */
export const CLOCK_SKEW_MS = 120_000
/** What a session may hold: it is read by each request. */
export const MOST_DATA_BYTES = 4_096

/** A session that was seen in the future is not alive: a clock that was set back makes none longer. */
export function isAlive({ endsAt, idleEndsAt, lastSeenAt }: StoredSession, now: number): boolean {
  return endsAt > now && idleEndsAt > now && lastSeenAt <= now + CLOCK_SKEW_MS
}
