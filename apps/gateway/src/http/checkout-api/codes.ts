import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StaticCodeOrderReply, StaticCodeOrderRequest, type ShownStaticCode } from '@ucanpay/wire/static-code-order'
import Type from 'typebox'
import { ApiError } from '../../domain/api-error.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import { orderByCode, type OrderByCodeDeps } from '../../domain/static-codes/order-by-code.ts'
import { staticCodeOf, type HeldStaticCode } from '../../domain/static-codes/static-code.ts'
import type { App } from '../app.ts'
import { PAGE_POLICY } from '../plugins/headers.ts'
import type { RateLimits } from '../plugins/rate-limits.ts'
import { requireSameOrigin } from './checkout-link.ts'
import { PAGE_MARK, dataElement } from './page.ts'

/** Orders that one address may place by static codes: enough for the guests of a shop that share one. */
const BY_ADDRESS = { limit: 30, windowS: 900 } as const
/** Orders that may be tried by one code, from wherever. */
const BY_CODE = { limit: 60, windowS: 60 } as const

export interface CodeRouteDeps extends OrderByCodeDeps {
  readonly links: CheckoutLinks
  readonly rateLimits: RateLimits
}

const schema = { params: Type.Object({ token: Type.String({ maxLength: 64 }) }) }

/**
 * GET /q/{token}: the page of a static code, which says so where it is switched off or none. POST
 * /checkout-api/codes/{token}/orders: the one thing that its page asks.
 *
 * @param deps.folder the built checkout: index.html and assets/
 */
export function staticCodeCheckoutRoutes(app: App, deps: CodeRouteDeps & { folder: string }): void {
  const html = readFileSync(join(deps.folder, 'index.html'), 'utf8')
  app.get('/q/:token', { config: { access: 'public' }, schema }, async (request, reply) => {
    const code = await staticCodeOf(deps.db, request.params.token)
    const page = html.replace(PAGE_MARK, () => (code ? dataElement('code', shownCode(code)) : ''))
    reply.header('content-security-policy', PAGE_POLICY).code(code ? 200 : 404)
    return reply.type('text/html; charset=utf-8').send(page)
  })

  app.post(
    '/checkout-api/codes/:token/orders',
    {
      config: { access: 'public', limit: BY_ADDRESS },
      schema: { ...schema, body: StaticCodeOrderRequest, response: { 200: StaticCodeOrderReply } },
    },
    async (request, reply) => {
      requireSameOrigin(request)
      const code = await staticCodeOf(deps.db, request.params.token)
      if (!code) throw new ApiError('NOT_FOUND', 'the token is no code of ours')
      const { merchantId, mode } = code
      const { receivedAt: now, clientIp: ip } = request
      const caller = { merchantId, mode, actor: 'buyer', requestId: request.id, ip, now }
      request.caller = caller
      await deps.rateLimits.byName(request, reply, { ...BY_CODE, name: `c ${code.codeId}` })
      const { ucpOrderNo } = await orderByCode(deps, caller, { code, form: request.body })
      return { payUrl: deps.links.payUrl({ merchantId, mode, ucpOrderNo }) }
    },
  )
}

function shownCode({
  merchantName,
  subject,
  currency,
  minAmt,
  maxAmt,
  mode,
  enabled,
}: HeldStaticCode): ShownStaticCode {
  return { merchantName, subject, currency, minAmt, maxAmt, mode, enabled }
}
