import { ENCRYPTED_CARD_PATTERN } from '@ucanpay/wire/encrypted-card'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { ApiError } from '../../domain/api-error.ts'
import type { Caller } from '../../domain/caller.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import type { App } from '../app.ts'
import type { Vault } from './vault.ts'

const Card = {
  token: Type.String({ maxLength: 128 }),
  jwe: Type.String({ maxLength: 4096, pattern: ENCRYPTED_CARD_PATTERN }),
}
const SealRequest = Type.Object(Card, { additionalProperties: false })
const AuthoriseRequest = Type.Object(
  {
    ...Card,
    operationId: Type.String({ pattern: '^[0-9A-Za-z_]{1,64}$' }),
    amount: Type.Integer({ minimum: 1 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    capture: Type.Boolean(),
    returnUrl: Type.String({ maxLength: 512 }),
  },
  { additionalProperties: false },
)

const CLIENTS = ['checkout'] as const

/** POST /vault-api/cards/seal, …/authorise: for whom is read from the order's token, so a client cannot choose it. */
export function vaultCardRoutes(app: App, { cards, links }: Pick<Vault, 'cards'> & { links: CheckoutLinks }): void {
  const buyerOf = (request: FastifyRequest, token: string): Caller => {
    const target = links.read(token)
    if (!target) throw new ApiError('ORDERNOTEXIST', 'the token is not one of ours')
    return { ...target, actor: 'buyer', requestId: request.id, now: request.receivedAt }
  }

  app.post(
    '/vault-api/cards/seal',
    { config: { access: 'vault-client', clients: CLIENTS, takesKeys: true }, schema: { body: SealRequest } },
    async (request) => {
      const { token } = request.body
      const card = await cards.seal(buyerOf(request, token), request.body)
      return { ...card, sealed: card.sealed.toString('base64') }
    },
  )

  app.post(
    '/vault-api/cards/authorise',
    { config: { access: 'vault-client', clients: CLIENTS, takesKeys: true }, schema: { body: AuthoriseRequest } },
    async (request) => {
      const { token, jwe, ...wanted } = request.body
      const caller = buyerOf(request, token)
      return cards.authorise(caller, { ...wanted, card: { token, jwe } })
    },
  )
}
