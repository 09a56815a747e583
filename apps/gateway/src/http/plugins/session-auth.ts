import assert from 'node:assert'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RIGHTS_OF } from '@ucanpay/wire/dashboard/roles'
import type { Database } from '../../database/tx.ts'
import { ApiError } from '../../domain/api-error.ts'
import { NeedsError } from '../../domain/needs-error.ts'
import { isLive } from '../../domain/merchants/account.ts'
import { hashToken, useSession, type Session } from '../../domain/sessions/session.ts'
import type { App } from '../app.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where the route's access is `session` or `session-pending`. */
    session: Session | null
  }
}

/** `__Host-`: a browser takes it over HTTPS alone, for this host alone, and no other host can set it. */
const COOKIE = '__Host-ucanpay'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

export interface SessionAuthDeps {
  readonly db: Database
  readonly pepper: Buffer
  /** The dashboard's origin. */
  readonly origin: string
}

/**
 * Lets in whoever is signed in, on routes whose access is `session` or, between the two steps, `session-pending`.
 *
 * A request that changes something is refused where a page of another origin sent it, and where it does not bring the
 * token that only our own page can read.
 *
 * @see contract §1; product practices 10 and 11; OWASP ASVS 3.5, 7.2
 */
export function addSessionAuth(app: App, deps: SessionAuthDeps): void {
  app.decorateRequest('session', null)
  app.decorateRequest('staff', null)
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    if (request.url.startsWith('/dashboard-api/')) refuseOtherOrigins(request, deps.origin)
    if (access !== 'session' && access !== 'session-pending') return
    const token = sessionCookie(request)
    const session = token && (await useSession(deps.db, hashToken(token, deps.pepper), useOf(request)))
    if (!token || !session) {
      if (token) clearSessionCookie(reply)
      throw new ApiError('NOAUTH', 'no session, or one that has ended')
    }
    if (isChange(request)) requireCsrfToken(request, csrfTokenOf(token, deps.pepper))
    if ((access === 'session-pending') !== (session.level === 'password'))
      throw new ApiError('NOAUTH', 'the second factor is still to come, or was given already')
    request.session = session
    if (access !== 'session') return
    admit(request, session)
    if (request.routeOptions.config.merchantWide === true) await requireSecondFactor(deps.db, session)
  })
}

function useOf(request: FastifyRequest): { now: Date; ip: string; passive: boolean } {
  const passive = request.routeOptions.config.passive === true || request.headers['x-passive'] === '1'
  return { now: request.receivedAt, ip: request.clientIp, passive }
}

/** What the member's role has to include, and whether the member was there a moment ago. */
function admit(request: FastifyRequest, session: Session): void {
  const { merchantId, mode, memberId, sessionId, role } = session
  const rights = new Set(RIGHTS_OF[role])
  const now = request.receivedAt
  const fresh = session.freshUntil > now
  const caller = { merchantId, mode, actor: memberId, requestId: request.id, ip: request.clientIp, now }
  request.caller = caller
  request.staff = { caller, sessionId, memberId, role, rights, fresh }
  const { right, fresh: mustBeFresh } = request.routeOptions.config
  if (right !== undefined && !rights.has(right))
    throw new ApiError('NOAUTH', `the role ${role} lacks ${right}`, { status: 403 })
  if (mustBeFresh === true && !fresh) throw new NeedsError('reauthentication', 'signed in more than five minutes ago')
}

/** What holds in both modes is changed by nobody who could not look at both (PCI DSS 8.4.2). */
async function requireSecondFactor(db: Database, { merchantId, secondFactor }: Session): Promise<void> {
  if (!secondFactor && (await isLive(db, merchantId)))
    throw new NeedsError('second-factor', 'the merchant is live, and no second factor was given')
}

/** The session of a route that has one; the plug-in has set it before a handler runs. */
export function sessionOf(request: FastifyRequest): Session {
  assert(request.session, 'the route has no session')
  return request.session
}

/** Hands a session's token to the browser; it lives as long as the browser does, and the server says when it ends. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.header('set-cookie', `${COOKIE}=${token}; ${ATTRIBUTES}`)
}

/** Takes it back. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`)
}

/** The cookie of a request; undefined where there is none, or two. */
export function sessionCookie(request: FastifyRequest): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(/; */).filter((cookie) => cookie.startsWith(`${COOKIE}=`))
  const token = cookies[0]?.slice(COOKIE.length + 1) ?? ''
  return cookies.length === 1 && /^[0-9A-Za-z_-]{43}$/.test(token) ? token : undefined
}

/** Derived from the session's token, so that it is stored nowhere and ends with it. */
export function csrfTokenOf(token: string, pepper: Buffer): string {
  return createHmac('sha256', pepper).update(`csrf ${token}`).digest('base64url')
}

function requireCsrfToken({ headers }: FastifyRequest, expected: string): void {
  const given = headers['x-csrf-token']
  const [a, b] = [given, expected].map((text) => Buffer.from(typeof text === 'string' ? text : ''))
  if (a?.length === b?.length && a && b && timingSafeEqual(a, b)) return
  throw new ApiError('NOAUTH', 'no CSRF token, or another session’s', { status: 403 })
}

/**
 * Browsers say where a request comes from. What says nothing is no browser, and cannot be tricked by a page; a page of
 * another site gets no answer at all, not even to what changes nothing.
 */
function refuseOtherOrigins(request: FastifyRequest, own: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  const navigated = site === 'none' && request.method === 'GET' // Typed into the address bar: a download.
  const good = (origin === undefined || origin === own) && (site === undefined || site === 'same-origin' || navigated)
  if (!good) throw new ApiError('NOAUTH', 'a page of another origin asks', { status: 403 })
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD'
}
