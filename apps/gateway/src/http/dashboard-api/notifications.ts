import {
  NotificationDetail,
  NotificationList,
  NotificationListQuery,
  NotificationParams,
  ResendData,
  ResendRequest,
} from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { resendNotifications } from '../../domain/notifications/resend-notifications.ts'
import { listNotifications } from '../../domain/reports/list-notifications.ts'
import { notificationDetail } from '../../domain/reports/notification-detail.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET /dashboard-api/notifications, …/{notificationId}; POST …/resend: what the merchant was told, and tells again. */
export function notificationRoutes(app: App, deps: { db: Database }): void {
  app.get(
    '/dashboard-api/notifications',
    {
      config: { access: 'session', right: 'notifications:read', summary: 'List notifications' },
      schema: { querystring: NotificationListQuery, response: { 200: successReply(NotificationList) } },
    },
    async (request) =>
      dashboardSuccess(request, await listNotifications(deps.db, staffOf(request).caller, request.query)),
  )

  app.get(
    '/dashboard-api/notifications/:notificationId',
    {
      config: { access: 'session', right: 'notifications:read', summary: 'A notification and its attempts' },
      schema: { params: NotificationParams, response: { 200: successReply(NotificationDetail) } },
    },
    async (request) => {
      const { notificationId } = request.params
      return dashboardSuccess(request, await notificationDetail(deps.db, staffOf(request).caller, notificationId))
    },
  )

  app.post(
    '/dashboard-api/notifications/resend',
    {
      config: { access: 'session', right: 'notifications:write', summary: 'Send one or a range again' },
      schema: { body: ResendRequest, response: { 200: successReply(ResendData) } },
    },
    async (request) =>
      dashboardSuccess(request, await resendNotifications(deps.db, staffOf(request).caller, request.body)),
  )
}
