import Type from 'typebox'
import { ENCRYPTED_CARD_PATTERN } from '@ucanpay/wire/encrypted-card'
import { oneOf } from '@ucanpay/wire/one-of'
import { MODES } from '@ucanpay/wire/api-key'
import { TRADE_STATUSES } from '@ucanpay/wire/statuses'
import { findCheckoutOrder } from '../../domain/orders/checkout-order.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import { payOrder, type PayDeps } from '../../domain/orders/pay-order.ts'
import { latestAttempt } from '../../domain/orders/payment-attempt.ts'
import { resolveAttempt } from '../../domain/orders/resolve-attempt.ts'
import type { App } from '../app.ts'
import { buyerOf } from './checkout-link.ts'

const CheckoutOrder = Type.Object(
  {
    merchantName: Type.String(),
    subject: Type.String(),
    totalAmt: Type.Integer(),
    currency: Type.String(),
    tradeStatus: oneOf(TRADE_STATUSES, 'Where the order stands.'),
    mode: oneOf(MODES, 'test: no money moves.'),
    expiresAt: Type.String({ format: 'date-time' }),
    serverTime: Type.String({ format: 'date-time' }),
    returnUrl: Type.Optional(Type.String()),
    payUrl: Type.String(),
    challengeUrl: Type.Optional(Type.String()),
    declineReason: Type.Optional(Type.String()),
    cardKey: Type.Object({
      kty: Type.Literal('EC'),
      crv: Type.Literal('P-256'),
      kid: Type.String(),
      x: Type.String(),
      y: Type.String(),
    }),
  },
  { $id: 'CheckoutOrder' },
)

const Payment = Type.Object(
  { encryptedCard: Type.String({ maxLength: 4096, pattern: ENCRYPTED_CARD_PATTERN }) },
  { additionalProperties: false, $id: 'Payment' },
)

const Token = Type.Object({ token: Type.String({ maxLength: 128 }) })
const Nothing = Type.Object({}, { additionalProperties: false })

export interface CheckoutApiDeps extends PayDeps {
  readonly links: CheckoutLinks
}

/** What the hosted checkout asks: the order, to pay it, and to look again. Same origin as the page. */
export function checkoutOrderRoutes(app: App, deps: CheckoutApiDeps): void {
  const path = '/checkout-api/orders/:token'
  const response = { 200: CheckoutOrder }

  app.get(path, { config: { access: 'checkout-link' }, schema: { params: Token, response } }, (request) => {
    const { caller, ucpOrderNo } = buyerOf(request)
    return findCheckoutOrder(deps, caller, ucpOrderNo)
  })

  app.post(
    `${path}/pay`,
    { config: { access: 'checkout-link' }, schema: { params: Token, body: Payment, response } },
    async (request) => {
      const { caller, ucpOrderNo } = buyerOf(request)
      const returnUrl = deps.links.payUrl({ ...caller, ucpOrderNo })
      const card = { jwe: request.body.encryptedCard, token: request.params.token }
      await payOrder(deps, caller, { ucpOrderNo, card, returnUrl })
      return findCheckoutOrder(deps, caller, ucpOrderNo)
    },
  )

  app.post(
    `${path}/refresh`,
    { config: { access: 'checkout-link' }, schema: { params: Token, body: Nothing, response } },
    async (request) => {
      const { caller, ucpOrderNo } = buyerOf(request)
      const attempt = await latestAttempt(deps.db, caller, { ucpOrderNo, operation: 'authorise' })
      if (attempt) await resolveAttempt(deps, caller, attempt.attemptId)
      return findCheckoutOrder(deps, caller, ucpOrderNo)
    },
  )
}
