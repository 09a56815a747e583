import { RefundList, RefundListQuery } from '@ucanpay/wire/dashboard/payment-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { listRefunds } from '../../domain/reports/list-refunds.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/refunds: a page of them. */
export function refundRoutes(app: App, deps: { db: Database }): void {
  app.get(
    '/dashboard-api/refunds',
    {
      config: { access: 'session', right: 'payments:read', summary: 'List refunds' },
      schema: { querystring: RefundListQuery, response: { 200: successReply(RefundList) } },
    },
    async (request) => dashboardSuccess(request, await listRefunds(deps.db, staffOf(request).caller, request.query)),
  )
}
