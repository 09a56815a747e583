import { Nothing, SessionList, SessionParams } from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { ApiError } from '../../domain/api-error.ts'
import { recordAudit } from '../../domain/audit-log/record-audit.ts'
import { endSession, endSessionsOf, listSessions } from '../../domain/sessions/session.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/sessions, POST …/{sessionId}/revoke, …/revoke-others: one's own sessions. */
export function sessionsRoutes(app: App, { db }: { db: Database }): void {
  app.get(
    '/dashboard-api/sessions',
    {
      config: { access: 'session', summary: "List one's sessions" },
      schema: { response: { 200: successReply(SessionList) } },
    },
    async (request) => {
      const { caller, memberId, sessionId } = staffOf(request)
      const items = await listSessions(db, caller, memberId)
      return dashboardSuccess(request, {
        items: items.map((session) => ({
          ...session,
          createdAt: session.createdAt.toISOString(),
          lastSeenAt: session.lastSeenAt.toISOString(),
          current: session.sessionId === sessionId,
        })),
      })
    },
  )

  app.post(
    '/dashboard-api/sessions/:sessionId/revoke',
    {
      config: { access: 'session', summary: 'End a session' },
      schema: { params: SessionParams, body: Nothing, response: { 200: successReply(Nothing) } },
    },
    async (request) => {
      const { caller, memberId } = staffOf(request)
      const { sessionId } = request.params
      const mine = await listSessions(db, caller, memberId)
      if (!mine.some((session) => session.sessionId === sessionId))
        throw new ApiError('NOT_FOUND', 'no such session of this member')
      await db.transaction(async (tx) => {
        await endSession(tx, caller, sessionId)
        await recordAudit(tx, caller, { action: 'session.revoked', target: sessionId })
      })
      return dashboardSuccess(request, {})
    },
  )

  app.post(
    '/dashboard-api/sessions/revoke-others',
    {
      config: { access: 'session', summary: 'End all sessions but this one' },
      schema: { body: Nothing, response: { 200: successReply(Nothing) } },
    },
    async (request) => {
      const { caller, memberId, sessionId } = staffOf(request)
      await db.transaction(async (tx) => {
        const count = await endSessionsOf(tx, caller, { memberId, but: sessionId })
        await recordAudit(tx, caller, { action: 'session.others-revoked', target: memberId, after: String(count) })
      })
      return dashboardSuccess(request, {})
    },
  )
}
