import assert from 'node:assert'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../domain/api-error.ts'
import type { Caller } from '../../domain/caller.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import type { App } from '../app.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where the route's access is `checkout-link`. */
    ucpOrderNo: string | null
  }
}

/** Lets a buyer in by the token in the address, on routes whose access is `checkout-link`. */
export function addCheckoutLinkAccess(app: App, links: CheckoutLinks): void {
  app.decorateRequest('ucpOrderNo', null)
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.access !== 'checkout-link') {
      done()
      return
    }
    const { token = '' } = request.params as { token?: string }
    const target = links.read(token)
    if (!target) {
      done(new ApiError('ORDERNOTEXIST', 'the token is not one of ours'))
      return
    }
    if (request.method === 'POST') requireSameOrigin(request)
    request.ucpOrderNo = target.ucpOrderNo
    request.caller = { ...target, actor: 'buyer', requestId: request.id, ip: request.clientIp, now: request.receivedAt }
    done()
  })
}

/**
 * Browsers say where a request comes from; what is not a browser cannot be tricked by a page.
 *
 * @throws ApiError NOAUTH (403) where a page of another origin posted
 */
export function requireSameOrigin({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin') return
  throw new ApiError('NOAUTH', 'a page of another origin posted to the checkout', { status: 403 })
}

/** The order and the caller of a route whose access is `checkout-link`. */
export function buyerOf(request: FastifyRequest): { caller: Caller; ucpOrderNo: string } {
  assert(request.caller && request.ucpOrderNo !== null, 'the route has no checkout link')
  return { caller: request.caller, ucpOrderNo: request.ucpOrderNo }
}
