import { Nothing, ReauthenticateRequest, SessionData, SwitchModeRequest } from '@ucanpay/wire/dashboard/session-schemas'
import { RIGHTS_OF } from '@ucanpay/wire/dashboard/roles'
import { successReply } from '@ucanpay/wire/payment-replies'
import assert from 'node:assert'
import type { FastifyRequest } from 'fastify'
import { recordAudit } from '../../domain/audit-log/record-audit.ts'
import { findMember, hasSecondFactor, openMembers } from '../../domain/members/member.ts'
import { NeedsError } from '../../domain/needs-error.ts'
import { reauthenticate } from '../../domain/sessions/reauthenticate.ts'
import { endSession, switchMode, useSession, hashToken, type Session } from '../../domain/sessions/session.ts'
import type { SignInDeps } from '../../domain/sessions/sign-in.ts'
import type { App } from '../app.ts'
import { clearSessionCookie, csrfTokenOf, sessionCookie, sessionOf } from '../plugins/session-auth.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/session and what changes it: sign-out, the mode, showing again who one is. */
export function sessionRoutes(app: App, deps: SignInDeps): void {
  const reply = { 200: successReply(SessionData) }

  app.get(
    '/dashboard-api/session',
    {
      config: { access: 'session', passive: true, summary: 'Who is signed in, and until when' },
      schema: { response: reply },
    },
    async (request) => dashboardSuccess(request, await sessionData(deps, request, sessionOf(request))),
  )

  app.post(
    '/dashboard-api/session/extend',
    { config: { access: 'session', summary: 'Stay signed in' }, schema: { body: Nothing, response: reply } },
    async (request) => dashboardSuccess(request, await sessionData(deps, request, sessionOf(request))),
  )

  app.post(
    '/dashboard-api/session/mode',
    {
      config: { access: 'session', summary: 'Switch between test and live' },
      schema: { body: SwitchModeRequest, response: reply },
    },
    async (request) => {
      const session = sessionOf(request)
      const { mode } = request.body
      requireSecondFactor(session, mode)
      await switchMode(deps.db, staffOf(request).caller, { sessionId: session.sessionId, mode })
      return dashboardSuccess(request, await sessionData(deps, request, await again(deps, request)))
    },
  )

  app.post(
    '/dashboard-api/session/reauthenticate',
    {
      config: { access: 'session', summary: 'Show that it is still you' },
      schema: { body: ReauthenticateRequest, response: reply },
    },
    async (request) => {
      await reauthenticate(deps, staffOf(request).caller, { session: sessionOf(request), ...request.body })
      return dashboardSuccess(request, await sessionData(deps, request, await again(deps, request)))
    },
  )

  app.post(
    '/dashboard-api/sign-out',
    {
      config: { access: 'session', summary: 'Sign out' },
      schema: { body: Nothing, response: { 200: successReply(Nothing) } },
    },
    async (request, response) => {
      const { caller, sessionId, memberId } = staffOf(request)
      await deps.db.transaction(async (tx) => {
        await endSession(tx, caller, sessionId)
        await recordAudit(tx, caller, { action: 'member.signed-out', target: memberId, before: sessionId })
      })
      clearSessionCookie(response)
      response.header('clear-site-data', '"cache"') // What the browser kept of pages goes, too.
      return dashboardSuccess(request, {})
    },
  )
}

/** Live mode opens to a second factor alone (PCI DSS 8.4.2); the database refuses it as well. */
function requireSecondFactor(session: Session, mode: Session['mode']): void {
  if (mode === 'live' && !session.secondFactor) throw new NeedsError('second-factor', 'no second factor was given')
}

/** The session as it stands after a change. */
async function again({ db, pepper }: SignInDeps, request: FastifyRequest): Promise<Session> {
  const use = { now: request.receivedAt, ip: request.clientIp, passive: false }
  const session = await useSession(db, hashToken(sessionCookie(request) ?? '', pepper), use)
  assert(session, 'the session that was good a moment ago has ended')
  return session
}

async function sessionData(deps: SignInDeps, request: FastifyRequest, session: Session): Promise<SessionData> {
  const { caller } = staffOf(request)
  const row = await findMember(deps.db, caller, session.memberId)
  const [member] = await openMembers(deps, caller, [row])
  return {
    memberId: session.memberId,
    email: member?.email ?? '',
    name: member?.name ?? '',
    role: session.role,
    rights: [...RIGHTS_OF[session.role]],
    merchantId: session.merchantId,
    merchantName: session.merchantName,
    mode: session.mode,
    hasSecondFactor: hasSecondFactor(row),
    csrfToken: csrfTokenOf(sessionCookie(request) ?? '', deps.pepper),
    serverTime: request.receivedAt.toISOString(),
    idleEndsAt: session.idleEndsAt.toISOString(),
    endsAt: session.endsAt.toISOString(),
    ...(session.freshUntil > request.receivedAt ? { freshUntil: session.freshUntil.toISOString() } : {}),
  }
}
