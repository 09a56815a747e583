import type { Database } from '../database/tx.ts'
import type { AddressGuard } from '../domain/notifications/address-guard.ts'
import type { Acquirers } from '../domain/orders/ask-acquirer.ts'
import type { CheckoutLinks } from '../domain/orders/checkout-links.ts'
import type { PlatformKeys } from '../domain/signatures/platform-keys.ts'
import type { App } from '../http/app.ts'
import { captureRoute } from '../http/payment/capture.ts'
import { closeOrderRoute } from '../http/payment/closeorder.ts'
import { orderQueryRoute } from '../http/payment/orderquery.ts'
import { refundRoute } from '../http/payment/refund.ts'
import { refundStatusRoute } from '../http/payment/refund-status.ts'
import { refundQueryRoute } from '../http/payment/refundquery.ts'
import { reverseRoute } from '../http/payment/reverse.ts'
import { statusRoute } from '../http/payment/status.ts'
import { unifiedOrderRoute } from '../http/payment/unifiedorder.ts'
import { addApiKeyAuth } from '../http/plugins/api-key-auth.ts'
import { addRequestSignature } from '../http/plugins/request-signature.ts'
import { probeRoutes, type ProbeDeps } from '../http/probes.ts'
import { describeRoutes } from '../http/reference/describe-routes.ts'
import { referenceRoutes } from '../http/reference/reference.ts'
import { createServer, type ServerDeps } from '../http/server.ts'
import { jwksRoute } from '../http/well-known/jwks.ts'

/** What the API is built from. */
export interface ApiDeps extends ServerDeps, ProbeDeps {
  readonly db: Database
  readonly pepper: Buffer
  readonly keys: PlatformKeys
  readonly acquirers: Acquirers
  readonly addresses: AddressGuard
  readonly links: CheckoutLinks
}

/** The merchants' API: `/payment/*`, the public keys, the API's own description. */
export function buildApi(deps: ApiDeps): App {
  const app = createServer(deps)
  const description = describeRoutes(app)
  addApiKeyAuth(app, deps)
  addRequestSignature(app, deps)
  unifiedOrderRoute(app, deps)
  orderQueryRoute(app, deps)
  statusRoute(app, deps)
  closeOrderRoute(app, deps)
  reverseRoute(app, deps)
  captureRoute(app, deps)
  refundRoute(app, deps)
  refundQueryRoute(app, deps)
  refundStatusRoute(app, deps)
  jwksRoute(app, deps.keys)
  probeRoutes(app, deps)
  referenceRoutes(app, description)
  return app
}
