import Type from 'typebox'
import type { App } from '../app.ts'
import { merchantOf, OF_MERCHANT } from './of-merchant.ts'
import type { Vault } from './vault.ts'

const SignRequest = Type.Object(
  {
    ...OF_MERCHANT,
    id: Type.String({ pattern: '^[0-9A-Za-z_]{1,64}$' }),
    at: Type.String({ format: 'date-time' }),
    body: Type.String({ maxLength: 32_768 }),
  },
  { additionalProperties: false },
)
const MintRequest = Type.Object(OF_MERCHANT, { additionalProperties: false })

/** POST /vault-api/notifications/sign, …/mint: the secrets themselves stay in the vault once they were shown. */
export function vaultNotificationRoutes(app: App, { secrets }: Pick<Vault, 'secrets'>): void {
  app.post(
    '/vault-api/notifications/sign',
    { config: { access: 'vault-client', clients: ['worker'], takesKeys: true }, schema: { body: SignRequest } },
    async (request) => {
      const { id, at, body } = request.body
      return { signatures: await secrets.sign(merchantOf(request, request.body), { id, at: new Date(at), body }) }
    },
  )

  app.post(
    '/vault-api/notifications/mint',
    { config: { access: 'vault-client', clients: ['dashboard'] }, schema: { body: MintRequest } },
    async (request) => {
      const minted = await secrets.mint(merchantOf(request, request.body))
      return { ...minted, sealed: minted.sealed.toString('base64') }
    },
  )
}
