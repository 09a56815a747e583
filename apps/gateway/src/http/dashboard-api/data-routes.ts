import type { App } from '../app.ts'
import { apiKeyRoutes, type ApiKeyDeps } from './api-keys.ts'
import { auditLogRoutes } from './audit-log.ts'
import { counterOrderRoute } from './counter-orders.ts'
import { customerRoutes, type CustomerDeps } from './customers.ts'
import { evidenceRoute } from './evidence.ts'
import { homeRoute } from './home.ts'
import { logRoutes } from './logs.ts'
import { notificationEndpointRoutes, type NotificationEndpointDeps } from './notification-endpoints.ts'
import { notificationRoutes } from './notifications.ts'
import { paymentActionRoutes, type PaymentActionDeps } from './payment-actions.ts'
import { paymentRoutes, type PaymentDeps } from './payments.ts'
import { paymentsStreamRoute, type PaymentsStreamDeps } from './payments-stream.ts'
import { payoutDetailsRoutes, type PayoutDeps } from './payout-details.ts'
import { refundRoutes } from './refunds.ts'
import { reportRoutes } from './reports.ts'
import { settingsRoutes } from './settings.ts'
import { staticCodeRoutes, type StaticCodeRouteDeps } from './static-codes.ts'
import type { AuditReadDeps } from '../../domain/reports/verify-audit-log.ts'

/** What the pages' data needs; `db` is the database under the dashboard's own role. */
export interface DataRouteDeps
  extends
    ApiKeyDeps,
    AuditReadDeps,
    CustomerDeps,
    NotificationEndpointDeps,
    PaymentActionDeps,
    PaymentDeps,
    PaymentsStreamDeps,
    PayoutDeps,
    StaticCodeRouteDeps {
  readonly db: PaymentDeps['db']
}

/** What the dashboard's pages show and do, but for signing in and the team. */
export function dashboardDataRoutes(app: App, deps: DataRouteDeps): void {
  homeRoute(app, deps)
  paymentRoutes(app, deps)
  paymentActionRoutes(app, deps)
  paymentsStreamRoute(app, deps)
  counterOrderRoute(app, deps)
  staticCodeRoutes(app, deps)
  refundRoutes(app, deps)
  customerRoutes(app, deps)
  apiKeyRoutes(app, deps)
  notificationRoutes(app, deps)
  notificationEndpointRoutes(app, deps)
  logRoutes(app, deps)
  auditLogRoutes(app, deps)
  evidenceRoute(app, deps)
  reportRoutes(app, deps)
  settingsRoutes(app, deps)
  payoutDetailsRoutes(app, deps)
}
