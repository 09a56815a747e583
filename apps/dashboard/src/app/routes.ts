import { createLazyRoute, createRootRoute, createRoute, redirect } from '@tanstack/react-router'
import type { FunctionComponent } from 'react'
import { searchOf } from '../shared/search-params.ts'

const root = createRootRoute()

/** Everything that needs somebody to be signed in: inside the shell, which asks who it is. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside' }).lazy(
  page(() => import('./shell/shell.tsx').then(({ Shell }) => Shell)),
)

/** A page's code is loaded when somebody goes there: the first page stays small. */
function page(load: () => Promise<FunctionComponent>): () => Promise<never> {
  return async () => createLazyRoute('/')({ component: await load() }) as never
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: searchOf('reason', 'next'),
}).lazy(page(() => import('../features/sign-in/sign-in-page.tsx').then(({ SignInPage }) => SignInPage)))

const forgotten = createRoute({ getParentRoute: () => root, path: '/forgotten-password' }).lazy(
  page(() => import('../features/sign-in/forgotten-page.tsx').then(({ ForgottenPage }) => ForgottenPage)),
)

const reset = createRoute({ getParentRoute: () => root, path: '/reset' }).lazy(
  page(() => import('../features/sign-in/reset-page.tsx').then(({ ResetPage }) => ResetPage)),
)

const invitation = createRoute({ getParentRoute: () => root, path: '/invitation' }).lazy(
  page(() => import('../features/sign-in/invitation-page.tsx').then(({ InvitationPage }) => InvitationPage)),
)

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: searchOf('days', 'currency'),
}).lazy(page(() => import('../features/home/home-page.tsx').then(({ HomePage }) => HomePage)))

const payments = createRoute({
  getParentRoute: () => inside,
  path: '/payments',
  validateSearch: searchOf('q', 'status', 'currency', 'codeId', 'from', 'to', 'sort', 'after'),
}).lazy(page(() => import('../features/payments/payment-list-page.tsx').then(({ PaymentListPage }) => PaymentListPage)))

const payment = createRoute({ getParentRoute: () => inside, path: '/payments/$ucpOrderNo' }).lazy(
  page(() => import('../features/payments/payment-page.tsx').then(({ PaymentPage }) => PaymentPage)),
)

const refunds = createRoute({
  getParentRoute: () => inside,
  path: '/refunds',
  validateSearch: searchOf('status', 'currency', 'from', 'to', 'after'),
}).lazy(page(() => import('../features/refunds/refund-list-page.tsx').then(({ RefundListPage }) => RefundListPage)))

const notifications = createRoute({
  getParentRoute: () => inside,
  path: '/notifications',
  validateSearch: searchOf('status', 'endpoint', 'from', 'to', 'after'),
}).lazy(
  page(() =>
    import('../features/notifications/notification-list-page.tsx').then(
      ({ NotificationListPage }) => NotificationListPage,
    ),
  ),
)

const endpoints = createRoute({ getParentRoute: () => inside, path: '/notifications/endpoints' }).lazy(
  page(() => import('../features/notifications/endpoints-page.tsx').then(({ EndpointsPage }) => EndpointsPage)),
)

const notification = createRoute({ getParentRoute: () => inside, path: '/notifications/$notificationId' }).lazy(
  page(() =>
    import('../features/notifications/notification-page.tsx').then(({ NotificationPage }) => NotificationPage),
  ),
)

const logs = createRoute({
  getParentRoute: () => inside,
  path: '/logs',
  validateSearch: searchOf('msg', 'actor', 'from', 'to', 'after'),
}).lazy(page(() => import('../features/logs/log-list-page.tsx').then(({ LogListPage }) => LogListPage)))

const log = createRoute({ getParentRoute: () => inside, path: '/logs/$requestId' }).lazy(
  page(() => import('../features/logs/log-page.tsx').then(({ LogPage }) => LogPage)),
)

const reports = createRoute({
  getParentRoute: () => inside,
  path: '/reports',
  validateSearch: searchOf('period', 'from', 'to', 'zone'),
}).lazy(page(() => import('../features/reports/report-page.tsx').then(({ ReportPage }) => ReportPage)))

const qr = createRoute({ getParentRoute: () => inside, path: '/qr', validateSearch: searchOf('order') }).lazy(
  page(() => import('../features/qr/qr-page.tsx').then(({ QrPage }) => QrPage)),
)

const codes = createRoute({
  getParentRoute: () => inside,
  path: '/qr/codes',
  validateSearch: searchOf('after'),
}).lazy(page(() => import('../features/qr/code-list-page.tsx').then(({ CodeListPage }) => CodeListPage)))

const code = createRoute({
  getParentRoute: () => inside,
  path: '/qr/codes/$codeId',
  validateSearch: searchOf('after'),
}).lazy(page(() => import('../features/qr/code-page.tsx').then(({ CodePage }) => CodePage)))

const auditLog = createRoute({
  getParentRoute: () => inside,
  path: '/audit-log',
  validateSearch: searchOf('action', 'actor', 'target', 'from', 'to', 'after'),
}).lazy(page(() => import('../features/audit-log/audit-list-page.tsx').then(({ AuditListPage }) => AuditListPage)))

const customers = createRoute({
  getParentRoute: () => inside,
  path: '/customers',
  validateSearch: searchOf('after'),
}).lazy(
  page(() => import('../features/customers/customer-list-page.tsx').then(({ CustomerListPage }) => CustomerListPage)),
)

const customer = createRoute({ getParentRoute: () => inside, path: '/customers/$userId' }).lazy(
  page(() => import('../features/customers/customer-page.tsx').then(({ CustomerPage }) => CustomerPage)),
)

const apiKeys = createRoute({
  getParentRoute: () => inside,
  path: '/api-keys',
  validateSearch: searchOf('after'),
}).lazy(page(() => import('../features/api-keys/api-keys-page.tsx').then(({ ApiKeysPage }) => ApiKeysPage)))

const team = createRoute({ getParentRoute: () => inside, path: '/team' }).lazy(
  page(() => import('../features/team/team-page.tsx').then(({ TeamPage }) => TeamPage)),
)

const settings = createRoute({ getParentRoute: () => inside, path: '/settings' }).lazy(
  page(() => import('../features/settings/settings-page.tsx').then(({ SettingsPage }) => SettingsPage)),
)

const payouts = createRoute({ getParentRoute: () => inside, path: '/settings/payouts' }).lazy(
  page(() => import('../features/settings/payouts-page.tsx').then(({ PayoutsPage }) => PayoutsPage)),
)

const evidence = createRoute({ getParentRoute: () => inside, path: '/evidence' }).lazy(
  page(() => import('../features/evidence/evidence-page.tsx').then(({ EvidencePage }) => EvidencePage)),
)

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  beforeLoad: () => redirect({ to: '/account/security', replace: true, throw: true }),
})

const accountSecurity = createRoute({ getParentRoute: () => inside, path: '/account/security' }).lazy(
  page(() => import('../features/account/account-page.tsx').then(({ AccountPage }) => AccountPage)),
)

/** Every page by its address. */
export const routeTree = root.addChildren([
  signIn,
  forgotten,
  reset,
  invitation,
  inside.addChildren([
    home,
    payments,
    payment,
    refunds,
    notifications,
    endpoints,
    notification,
    logs,
    log,
    reports,
    qr,
    codes,
    code,
    auditLog,
    customers,
    customer,
    apiKeys,
    team,
    settings,
    payouts,
    evidence,
    account,
    accountSecurity,
  ]),
])
