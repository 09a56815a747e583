import type { Batch } from '../database/batch.ts'
import type { Database } from '../database/tx.ts'
import type { KeyUse } from '../domain/api-keys/key-use.ts'
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
import type { AccountCache } from '../http/plugins/account-cache.ts'
import { addApiKeyAuth } from '../http/plugins/api-key-auth.ts'
import { addAddressLimits, type Limits, type RateLimits } from '../http/plugins/rate-limits.ts'
import { addRequestSignature } from '../http/plugins/request-signature.ts'
import { probeRoutes, type ProbeDeps } from '../http/probes.ts'
import { describeRoutes } from '../http/reference/describe-routes.ts'
import { referenceRoutes } from '../http/reference/reference.ts'
import { createServer, type ServerDeps } from '../http/server.ts'
import { leakedKeysRoute } from '../http/security/leaked-keys.ts'
import { createUserRoute, type UserRouteDeps } from '../http/users/create.ts'
import { eraseUserRoute } from '../http/users/erase.ts'
import { readUserRoutes } from '../http/users/read.ts'
import { updateUserRoute } from '../http/users/update.ts'
import { createApiKeyRoute } from '../http/v1/api-keys/create.ts'
import { listApiKeysRoutes } from '../http/v1/api-keys/list.ts'
import { revokeApiKeyRoute } from '../http/v1/api-keys/revoke.ts'
import { rollApiKeyRoute } from '../http/v1/api-keys/roll.ts'
import { cancelPaymentRoute } from '../http/v1/payments/cancel.ts'
import { capturePaymentRoute } from '../http/v1/payments/capture.ts'
import { createPaymentRoute } from '../http/v1/payments/create.ts'
import { readPaymentRoutes } from '../http/v1/payments/read.ts'
import { createRefundRoute } from '../http/v1/refunds/create.ts'
import { readRefundRoutes } from '../http/v1/refunds/read.ts'
import { jwksRoute } from '../http/well-known/jwks.ts'
import { securityTextRoute, type SecurityTextDeps } from '../http/well-known/security-text.ts'

/** What the API is built from. */
export interface ApiDeps extends ServerDeps, ProbeDeps, UserRouteDeps, SecurityTextDeps {
  readonly db: Database
  readonly pepper: Buffer
  readonly limits: Limits
  readonly accounts: AccountCache
  readonly rateLimits: RateLimits
  readonly keyUse: Batch<KeyUse>
  readonly keys: PlatformKeys
  readonly acquirers: Acquirers
  readonly addresses: AddressGuard
  readonly links: CheckoutLinks
}

/** The merchants' API: `/payment/*`, `/v1/*`, the public keys, the API's own description. */
export function buildApi(deps: ApiDeps): App {
  const app = createServer(deps)
  const description = describeRoutes(app, {
    title: 'UCanPay',
    summary: 'The payment API.',
    description:
      'Every answer is JSON over HTTPS. Bodies of `/payment/*` may be signed, and answers always are: see docs/signatures.md.',
    securitySchemes: {
      apiKey: { type: 'http', scheme: 'bearer', description: 'A secret or restricted API key.' },
    },
  })
  addAddressLimits(app, deps.rateLimits)
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
  createPaymentRoute(app, deps)
  readPaymentRoutes(app, deps)
  capturePaymentRoute(app, deps)
  cancelPaymentRoute(app, deps)
  createRefundRoute(app, deps)
  readRefundRoutes(app, deps)
  listApiKeysRoutes(app, deps)
  createApiKeyRoute(app, deps)
  rollApiKeyRoute(app, deps)
  revokeApiKeyRoute(app, deps)
  createUserRoute(app, deps)
  readUserRoutes(app, deps)
  updateUserRoute(app, deps)
  eraseUserRoute(app, deps)
  leakedKeysRoute(app, deps)
  jwksRoute(app, deps.keys)
  securityTextRoute(app, deps)
  probeRoutes(app, deps)
  referenceRoutes(app, description)
  return app
}
