import { randomUUID } from 'node:crypto'
import { UCanPayConfigError } from '../errors.ts'
import { Refusal } from '../errors/refusal.ts'
import { hashOf, newToken } from './cookie.ts'
import { MOST_DATA_BYTES, type SessionStore, type StoredSession } from './store.ts'
import type { Visit } from './visit.ts'

/** The session of a request; of somebody who is not signed in it is empty. */
export interface Session<Data extends object> {
  /** Whose it is; undefined where nobody is signed in. */
  readonly userId: string | undefined
  /** Names it in `sessions.list`; it is not what the cookie holds. */
  readonly sessionId: string | undefined
  /** What you keep in it; frozen: `set` changes it. Empty where nobody is signed in. */
  readonly data: Readonly<Partial<Data>>
  /**
   * Begins a session under a new token, whatever the browser had before; that one ends.
   *
   * @param userId your own id of the user, 255 characters at most
   * @throws UCanPayConfigError over plain HTTP, on an exempt path, or where the answer has begun; Refusal 503 where the
   *   store is away
   */
  signIn(userId: string, ...data: DataOf<Data>): Promise<void>
  /** Ends it, on the server too. Again does nothing. */
  signOut(): Promise<void>
  /**
   * To be called at each change of rights, and once the user has shown again who they are: the session goes on under a
   * new token, and the old one is dead at once.
   *
   * @throws Refusal 401 where it has ended meanwhile, by a request at the same time, too
   */
  elevate(data?: Data): Promise<void>
  /** Replaces the data, where it is not the same. The last of several at once stays. @throws Refusal 401 as `elevate` */
  set(data: Data): Promise<void>
  /** @returns whose session it is @throws Refusal 401 where nobody is signed in */
  requireUser(): string
  /**
   * For what matters: a change of the password, of the account for payouts.
   *
   * @returns whose session it is
   * @throws Refusal 401 where nobody is signed in; 403 where sign-in or `elevate` is longer ago
   */
  requireRecent(minutes: number): string
}
/** Data that has members that must be there has to be given. */
export type DataOf<Data extends object> = Partial<Data> extends Data ? [data?: Data] : [data: Data]

/** What a session works with. */
export interface SessionWorld {
  readonly store: SessionStore
  readonly idleMs: number
  readonly longestMs: number
  readonly now: () => number
  /** A session has begun: now and then, what is dead is swept away. */
  readonly onBegin: () => void
}

/** How a session changes its answer. `cookie` holds undefined where it is to be taken back. */
export interface SessionAnswer {
  cookie?: { readonly token: string | undefined }
  /** The answer is somebody's own. */
  isPersonal: boolean
  hasBegun: () => boolean
}

/** The session of one request. */
export class OpenedSession<Data extends object> implements Session<Data> {
  readonly #world: SessionWorld
  readonly #visit: Visit
  readonly #answer: SessionAnswer
  /** Why nobody can sign in here; undefined where one can. */
  readonly #closed: string | undefined
  #token: string | undefined
  #stored: StoredSession | undefined
  #data: Readonly<Partial<Data>> = Object.freeze({})

  constructor(
    world: SessionWorld,
    visit: Visit,
    { answer, closed }: { answer: SessionAnswer; closed?: string | undefined },
  ) {
    this.#world = world
    this.#visit = visit
    this.#answer = answer
    this.#closed = closed
  }

  get userId(): string | undefined {
    return this.#stored?.userId
  }

  get sessionId(): string | undefined {
    return this.#stored?.sessionId
  }

  get data(): Readonly<Partial<Data>> {
    return this.#data
  }

  /**
   * Finds the session of a token. One that is dead stays in the browser: a request at the same time may just have put
   * its successor there, and taking the cookie back would take that.
   */
  async open(token: string): Promise<void> {
    const now = this.#world.now()
    // A use is written down no oftener; so a session can end this much early, and never late.
    const touchIfSeenBefore = now - Math.min(60_000, this.#world.idleMs / 15)
    const use = { tokenHash: hashOf(token), now, idleEndsAt: now + this.#world.idleMs, touchIfSeenBefore }
    const stored = await this.#world.store.use(use)
    if (stored) this.#take(token, stored)
  }

  async signIn(userId: string, ...[data]: DataOf<Data>): Promise<void> {
    if (this.#closed !== undefined) throw new UCanPayConfigError(this.#closed)
    this.#refuseIfBegun()
    if (typeof userId !== 'string' || !/^[^\p{Cc}]{1,255}$/u.test(userId))
      throw new UCanPayConfigError('signIn takes the id of a user: a text of 1 to 255 characters.')
    const { now: clock, idleMs, longestMs } = this.#world
    const [token, now] = [newToken(), clock()]
    const { device, ip } = this.#visit
    const times = { createdAt: now, authenticatedAt: now, lastSeenAt: now }
    const ends = { idleEndsAt: now + Math.min(idleMs, longestMs), endsAt: now + longestMs }
    const stored = { sessionId: randomUUID(), userId, data: written(data ?? {}), device, ip, ...times, ...ends }
    await this.#ask((store) => store.begin(hashOf(token), stored, this.#token && hashOf(this.#token)))
    this.#take(token, stored)
    this.#answer.cookie = { token }
    this.#world.onBegin()
  }

  async signOut(): Promise<void> {
    const token = this.#token
    if (token === undefined) return
    await this.#ask((store) => store.end(hashOf(token)))
    this.#forget()
    this.#answer.cookie = { token: undefined }
  }

  async elevate(data?: Data): Promise<void> {
    this.#refuseIfBegun()
    const [token, { data: before }] = this.#signedIn()
    const [next, now] = [newToken(), this.#world.now()]
    const times = { now, idleEndsAt: now + this.#world.idleMs }
    const hashes = { tokenHash: hashOf(token), nextTokenHash: hashOf(next) }
    const changed = data === undefined ? before : written(data)
    const stored = await this.#ask((store) => store.rotate({ ...hashes, ...times, data: changed }))
    if (!stored) this.#refuseEnded()
    this.#take(next, stored)
    this.#answer.cookie = { token: next }
  }

  async set(data: Data): Promise<void> {
    const [token, stored] = this.#signedIn()
    const changed = written(data)
    if (changed === stored.data) return
    const isThere = await this.#ask((store) => store.write(hashOf(token), changed, this.#world.now()))
    if (!isThere) this.#refuseEnded()
    this.#take(token, { ...stored, data: changed })
  }

  requireUser(): string {
    return this.#signedIn()[1].userId
  }

  requireRecent(minutes: number): string {
    const { userId, authenticatedAt } = this.#signedIn()[1]
    const age = this.#world.now() - authenticatedAt
    // Not: older than that. What is no number is refused, and so is what will be.
    if (age >= -60_000 && age < minutes * 60_000) return userId
    throw new Refusal(403, 'Show again who you are to do this.')
  }

  #signedIn(): readonly [string, StoredSession] {
    if (this.#token === undefined || this.#stored === undefined) throw new Refusal(401)
    return [this.#token, this.#stored]
  }

  #refuseEnded(): never {
    this.#forget()
    throw new Refusal(401)
  }

  #take(token: string, stored: StoredSession): void {
    this.#token = token
    this.#stored = stored
    this.#data = frozen(JSON.parse(stored.data)) as Readonly<Partial<Data>>
    this.#answer.isPersonal = true
  }

  #forget(): void {
    this.#token = undefined
    this.#stored = undefined
    this.#data = Object.freeze({})
  }

  #refuseIfBegun(): void {
    if (this.#answer.hasBegun())
      throw new UCanPayConfigError('The answer has begun, and takes no cookie any more: do this before you send it.')
  }

  async #ask<T>(what: (store: SessionStore) => Promise<T>): Promise<T> {
    try {
      return await what(this.#world.store)
    } catch (cause) {
      throw new Refusal(503, undefined, { cause })
    }
  }
}

/** What nobody may keep in a session, where it is stored as it is. */
const SECRET_NAMES = /^(?:cvc|cvv|pan|pin|password|passwd|secret|card_?number|security_?code)$/i

function written(data: object): string {
  const text: unknown = JSON.stringify(data, (name, value: unknown) => {
    if (!SECRET_NAMES.test(name)) return value
    throw new UCanPayConfigError(`A session is stored as it is: keep ${name} out of it, or in a sealed field.`)
  })
  if (typeof text !== 'string' || !text.startsWith('{'))
    throw new UCanPayConfigError("A session's data is an object that JSON can hold.")
  if (Buffer.byteLength(text) > MOST_DATA_BYTES)
    throw new UCanPayConfigError(
      `A session's data is ${MOST_DATA_BYTES} bytes at most: keep an id in it, the rest elsewhere.`,
    )
  return text
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}
