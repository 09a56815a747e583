import { Readable } from 'node:stream'
import { ReportParams, ReportQuery, SummaryReport } from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { requirePeriod } from '../../domain/reports/report-period.ts'
import { reportRows } from '../../domain/reports/report-rows.ts'
import { summaryReport } from '../../domain/reports/summary-report.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/report-summary: sums by day. GET /dashboard-api/reports/{kind}: CSV, as a download. */
export function reportRoutes(app: App, deps: { db: Database }): void {
  app.get(
    '/dashboard-api/report-summary',
    {
      config: { access: 'session', right: 'reports:read', summary: 'Sums by day' },
      schema: { querystring: ReportQuery, response: { 200: successReply(SummaryReport) } },
    },
    async (request) => {
      const period = requirePeriod(request.query)
      return dashboardSuccess(request, await summaryReport(deps.db, staffOf(request).caller, period))
    },
  )

  app.get(
    '/dashboard-api/reports/:kind',
    {
      config: { access: 'session', right: 'reports:read' },
      schema: { params: ReportParams, querystring: ReportQuery },
    },
    (request, reply) => {
      const { kind } = request.params
      const period = requirePeriod(request.query)
      const name = `${kind}-${period.from.toISOString().slice(0, 10)}.csv`
      const rows = reportRows(deps.db, staffOf(request).caller, { kind, period })
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(rows, { objectMode: false }))
    },
  )
}
