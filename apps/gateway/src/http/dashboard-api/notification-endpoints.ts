import { EndpointList, NewSecretData, RotateSecretRequest } from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { createNotificationSecret, type NotificationSecrets } from '../../domain/notifications/notification-secrets.ts'
import { notificationEndpoints } from '../../domain/reports/notification-endpoints.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

export interface NotificationEndpointDeps {
  readonly db: Database
  readonly secrets: NotificationSecrets
}

/** GET /dashboard-api/notification-endpoints; POST /dashboard-api/notification-secrets/rotate. */
export function notificationEndpointRoutes(app: App, deps: NotificationEndpointDeps): void {
  app.get(
    '/dashboard-api/notification-endpoints',
    {
      config: { access: 'session', right: 'notifications:read', summary: 'Where notifications go' },
      schema: { response: { 200: successReply(EndpointList) } },
    },
    async (request) => dashboardSuccess(request, await notificationEndpoints(deps.db, staffOf(request).caller)),
  )

  app.post(
    '/dashboard-api/notification-secrets/rotate',
    {
      config: { access: 'session', right: 'keys:write', fresh: true, summary: 'Make a new signing secret' },
      schema: { body: RotateSecretRequest, response: { 200: successReply(NewSecretData) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      const secret = await deps.db.transaction((tx) =>
        createNotificationSecret({ tx, secrets: deps.secrets }, caller, request.body.overlapS),
      )
      return dashboardSuccess(request, { secret })
    },
  )
}
