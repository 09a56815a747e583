import { HomeData, HomeQuery } from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { home } from '../../domain/reports/home.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/home. */
export function homeRoute(app: App, deps: { db: Database }): void {
  app.get(
    '/dashboard-api/home',
    {
      config: { access: 'session', right: 'payments:read', summary: 'How the day goes' },
      schema: { querystring: HomeQuery, response: { 200: successReply(HomeData) } },
    },
    async (request) => dashboardSuccess(request, await home(deps.db, staffOf(request).caller, request.query)),
  )
}
