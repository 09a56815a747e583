import type { SandboxAcquirer } from '../acquirers/sandbox/sandbox-acquirer.ts'
import type { App } from '../http/app.ts'
import { addCheckoutLinkAccess } from '../http/checkout-api/checkout-link.ts'
import { staticCodeCheckoutRoutes, type CodeRouteDeps } from '../http/checkout-api/codes.ts'
import { checkoutOrderRoutes, type CheckoutApiDeps } from '../http/checkout-api/orders.ts'
import { checkoutPageRoutes } from '../http/checkout-api/page.ts'
import { addAddressLimits } from '../http/plugins/rate-limits.ts'
import { probeRoutes, type ProbeDeps } from '../http/probes.ts'
import { sandboxBankRoutes } from '../http/sandbox-bank/challenges.ts'
import { createServer, type ServerDeps } from '../http/server.ts'
import { securityTextRoute, type SecurityTextDeps } from '../http/well-known/security-text.ts'

/** What the checkout is built from. */
export interface CheckoutDeps extends ServerDeps, ProbeDeps, CheckoutApiDeps, CodeRouteDeps, SecurityTextDeps {
  readonly db: CheckoutApiDeps['db']
  readonly sandbox: SandboxAcquirer
  readonly checkoutFolder: string
}

/** The buyers' side: the hosted page and what it asks. No API key opens anything here. */
export function buildCheckout(deps: CheckoutDeps): App {
  const app = createServer(deps)
  addAddressLimits(app, deps.rateLimits)
  addCheckoutLinkAccess(app, deps.links)
  checkoutPageRoutes(app, { ...deps, folder: deps.checkoutFolder })
  staticCodeCheckoutRoutes(app, { ...deps, folder: deps.checkoutFolder })
  checkoutOrderRoutes(app, deps)
  sandboxBankRoutes(app, deps.sandbox)
  securityTextRoute(app, deps)
  probeRoutes(app, deps)
  return app
}
