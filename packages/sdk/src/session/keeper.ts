import { UCanPayConfigError } from '../errors.ts'
import { answerOf, type ErrorAnswer } from '../errors/answer.ts'
import { writeLog, type ErrorLog } from '../errors/log.ts'
import { sentenceOf } from '../errors/refusal.ts'
import { requestIdFor } from '../errors/request-id.ts'
import { storyOf } from '../errors/story.ts'
import { SessionCookie, type SessionCookieName, type SessionSameSite } from './cookie.ts'
import { limitsOf, type SessionLimits } from './limits.ts'
import { OpenedSession, type SessionAnswer, type SessionWorld } from './opened-session.ts'
import type { SessionStore } from './store.ts'
import { checkedProxies, isOwnOrHarmless, type Visit } from './visit.ts'

/** Where sessions are, and what differs from the defaults. */
export interface SessionOptions extends SessionLimits {
  readonly store: SessionStore
  /** `__Host-session` unless told. */
  readonly cookieName?: SessionCookieName
  /** `Lax` unless told. */
  readonly sameSite?: SessionSameSite
  /**
   * How many proxies of yours stand before this process and speak HTTPS to the world. What the nearest one says in
   * `X-Forwarded-Proto` and `X-Forwarded-For` is then believed; nobody may reach this process past it.
   */
  readonly trustProxy?: number
  /** The site's own origin, e.g. `https://shop.example`; else it is that of the host a request was sent to. */
  readonly origin?: string | readonly string[]
  /** Paths that other servers call, e.g. `/notifications`: no session there, and no refusal of foreign pages. */
  readonly exempt?: readonly string[]
  /** As of `ucanpay-sdk/errors`: what was refused, and what the store failed at. */
  readonly log?: ErrorLog
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number
}

const SWEEP_EVERY_MS = 600_000
const OVER_HTTP =
  'This request came over plain HTTP, where a session could be read by anybody on the way. Serve HTTPS, in development ' +
  'too (mkcert makes a certificate); or, where a proxy of yours does and this process is behind it, say trustProxy: 1.'
const IS_EXEMPT = 'This path is exempt from the check of foreign pages; so nobody can sign in at it.'

/** What opens the session of a request, whatever framework it came in by. */
export class SessionKeeper<Data extends object> {
  readonly cookie: SessionCookie
  readonly proxies: number
  readonly world: SessionWorld
  readonly #origins: readonly string[]
  readonly #exempt: ReadonlySet<string>
  readonly #log: ErrorLog | undefined
  readonly #sessions = new WeakMap<object, OpenedSession<Data>>()
  #sweptAt: number

  constructor(options: SessionOptions) {
    const { store, trustProxy = 0, origin = [], exempt = [], now = Date.now } = options
    this.cookie = new SessionCookie(options.cookieName ?? '__Host-session', options.sameSite ?? 'Lax')
    this.proxies = checkedProxies(trustProxy)
    this.#origins = [origin].flat().map(checkedOrigin)
    this.#exempt = new Set(exempt.map(checkedPath))
    this.#log = options.log
    this.#sweptAt = now()
    this.world = { store, now, ...limitsOf(options), onBegin: () => void this.#sweepAtTimes() }
  }

  /** @returns what the caller is told where the request is refused */
  async open(visit: Visit, request: object, answer: SessionAnswer): Promise<OpenedSession<Data> | ErrorAnswer> {
    const isExempt = this.#exempt.has(visit.path)
    if (!isExempt && !isOwnOrHarmless(visit, this.#origins))
      return this.#refuse(403, visit, { request, why: new Error('A page of another site, or no browser, sent it.') })
    const closed = isExempt ? IS_EXEMPT : visit.isSecure ? undefined : OVER_HTTP
    const session = new OpenedSession<Data>(this.world, visit, { answer, closed })
    const token = closed === undefined ? this.cookie.read(visit.cookie) : undefined
    try {
      if (token !== undefined) await session.open(token)
    } catch (why) {
      return this.#refuse(503, visit, { request, why })
    }
    this.#sessions.set(request, session)
    return session
  }

  /** @throws UCanPayConfigError where the plug-in has not seen the request */
  of(request: object): OpenedSession<Data> {
    const { raw } = request as { readonly raw?: object }
    const session = this.#sessions.get(request) ?? (raw && this.#sessions.get(raw))
    if (session) return session
    throw new UCanPayConfigError('This request has no session: have the plug-in of sessions before its route.')
  }

  async #sweepAtTimes(): Promise<void> {
    const now = this.world.now()
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return
    this.#sweptAt = now
    try {
      await this.world.store.sweep(now)
    } catch (error) {
      const record = { error: storyOf(error) }
      writeLog(this.#log, { record, level: 'error', what: 'sweep of sessions failed' })
    }
  }

  #refuse(status: number, visit: Visit, { request, why }: { request: object; why: unknown }): ErrorAnswer {
    const requestId = requestIdFor(request, undefined)
    const record = { requestId, method: visit.method, status, error: storyOf(why) }
    const isOurs = status >= 500
    writeLog(this.#log, {
      record,
      level: isOurs ? 'error' : 'info',
      what: isOurs ? 'request failed' : 'request refused',
    })
    return answerOf({ status, message: sentenceOf(status), requestId, accept: visit.accept })
  }
}

function checkedOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text && text.startsWith('https://')) return text
  throw new UCanPayConfigError('origin is as a browser sends it, e.g. https://shop.example, without a path.')
}

function checkedPath(path: string): string {
  if (/^\/[^?#*:]*$/.test(path)) return path
  throw new UCanPayConfigError('exempt holds whole paths, e.g. /notifications, without patterns.')
}
