import { LogDetail, LogList, LogListQuery, LogParams } from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { listLogs, logDetail } from '../../domain/reports/list-logs.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/logs, …/{requestId}: failed requests, told in full (contract §5). */
export function logRoutes(app: App, deps: { db: Database }): void {
  app.get(
    '/dashboard-api/logs',
    {
      config: { access: 'session', right: 'logs:read', summary: 'List failed requests' },
      schema: { querystring: LogListQuery, response: { 200: successReply(LogList) } },
    },
    async (request) => dashboardSuccess(request, await listLogs(deps.db, staffOf(request).caller, request.query)),
  )

  app.get(
    '/dashboard-api/logs/:requestId',
    {
      config: { access: 'session', right: 'logs:read', summary: 'The story of a failed request' },
      schema: { params: LogParams, response: { 200: successReply(LogDetail) } },
    },
    async (request) =>
      dashboardSuccess(request, await logDetail(deps.db, staffOf(request).caller, request.params.requestId)),
  )
}
