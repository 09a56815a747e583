import { PassThrough } from 'node:stream'
import { once } from 'node:events'
import { AuditList, AuditListQuery, AuditVerdict } from '@ucanpay/wire/dashboard/record-schemas'
import { Nothing } from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { listAudit } from '../../domain/reports/list-audit.ts'
import { streamAuditExport, verifyAuditLog, type AuditReadDeps } from '../../domain/reports/verify-audit-log.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/audit-log, of the mode that is looked at; …/export and POST …/verify, of both. */
export function auditLogRoutes(app: App, deps: AuditReadDeps): void {
  app.get(
    '/dashboard-api/audit-log',
    {
      config: { access: 'session', right: 'audit:read', summary: 'List the audit log' },
      schema: { querystring: AuditListQuery, response: { 200: successReply(AuditList) } },
    },
    async (request) => dashboardSuccess(request, await listAudit(deps.db, staffOf(request).caller, request.query)),
  )

  app.post(
    '/dashboard-api/audit-log/verify',
    {
      config: { access: 'session', right: 'audit:read', merchantWide: true, summary: 'Verify the chain' },
      schema: { body: Nothing, response: { 200: successReply(AuditVerdict) } },
    },
    async (request) => dashboardSuccess(request, await verifyAuditLog(deps, staffOf(request).caller)),
  )

  app.get(
    '/dashboard-api/audit-log/export',
    { config: { access: 'session', right: 'audit:read', merchantWide: true } },
    (request, reply) => {
      const { caller } = staffOf(request)
      const body = new PassThrough()
      const write = async (line: string): Promise<void> => {
        if (body.destroyed) throw new Error('nobody reads the export any more')
        if (!body.write(line)) await Promise.race([once(body, 'drain'), once(body, 'close')])
      }
      streamAuditExport(deps, caller, write).then(
        () => body.end(),
        (error: unknown) => body.destroy(error as Error), // Cut short, it lacks its last line: nobody takes it for whole.
      )
      const day = caller.now.toISOString().slice(0, 10)
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="audit-log-${day}.jsonl"`)
        .send(body)
    },
  )
}
