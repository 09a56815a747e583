import type { App } from '../http/app.ts'
import { dashboardDataRoutes, type DataRouteDeps } from '../http/dashboard-api/data-routes.ts'
import { factorRoutes } from '../http/dashboard-api/factors.ts'
import { memberRoutes } from '../http/dashboard-api/members.ts'
import { dashboardPageRoutes } from '../http/dashboard-api/page.ts'
import { passwordRoutes } from '../http/dashboard-api/password.ts'
import { sessionRoutes } from '../http/dashboard-api/session.ts'
import { sessionsRoutes } from '../http/dashboard-api/sessions.ts'
import { signInRoutes, type SignInRouteDeps } from '../http/dashboard-api/sign-in.ts'
import { addAddressLimits, type RateLimits } from '../http/plugins/rate-limits.ts'
import { addSessionAuth } from '../http/plugins/session-auth.ts'
import { probeRoutes, type ProbeDeps } from '../http/probes.ts'
import { describeRoutes } from '../http/reference/describe-routes.ts'
import { createServer, type ServerDeps } from '../http/server.ts'
import { securityTextRoute, type SecurityTextDeps } from '../http/well-known/security-text.ts'

/** What the dashboard is built from. */
export interface DashboardDeps extends ServerDeps, ProbeDeps, SignInRouteDeps, DataRouteDeps, SecurityTextDeps {
  readonly db: SignInRouteDeps['db']
  readonly rateLimits: RateLimits
  readonly dashboardFolder: string
  /** Its origin, as browsers see it. */
  readonly dashboardUrl: string
}

/** The merchant's staff's side: the dashboard's pages and what they ask. No API key opens anything here. */
export function buildDashboard(deps: DashboardDeps): App {
  const app = createServer(deps)
  const description = describeRoutes(app, {
    title: 'UCanPay dashboard',
    summary: "What the dashboard's own pages ask.",
    description: 'For the pages of the dashboard alone: by session cookie, from their own origin.',
    securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-ucanpay' } },
  })
  addAddressLimits(app, deps.rateLimits)
  addSessionAuth(app, { ...deps, origin: deps.dashboardUrl })
  signInRoutes(app, deps)
  sessionRoutes(app, deps)
  sessionsRoutes(app, deps)
  factorRoutes(app, deps)
  passwordRoutes(app, deps)
  memberRoutes(app, deps)
  dashboardDataRoutes(app, deps)
  app.get('/dashboard-api/openapi.json', { config: { access: 'public' } }, () => description)
  dashboardPageRoutes(app, deps.dashboardFolder)
  securityTextRoute(app, deps)
  probeRoutes(app, deps)
  return app
}
