import Type from 'typebox'
import type { App } from '../app.ts'
import { Id, Stored, toStored, toText } from './members.ts'
import { merchantOf, OF_MERCHANT } from './of-merchant.ts'
import type { Vault } from './vault.ts'

const closed = { additionalProperties: false } as const
const Seal = Type.Object({ ...OF_MERCHANT, id: Id, text: Type.String({ maxLength: 1_024 }) }, closed)
const Open = Type.Object({ ...OF_MERCHANT, ...Stored }, closed)

/** POST /vault-api/payouts/…: where merchants' money goes, for the dashboard alone. */
export function vaultPayoutRoutes(app: App, { payoutVault }: Pick<Vault, 'payoutVault'>): void {
  const dashboard = { clients: ['dashboard'], takesKeys: true } as const

  app.post(
    '/vault-api/payouts/seal',
    { config: { ...dashboard, access: 'vault-client' }, schema: { body: Seal } },
    async (request) => {
      const { id, text } = request.body
      return toText(await payoutVault.seal(merchantOf(request, request.body), id, text))
    },
  )

  app.post(
    '/vault-api/payouts/open',
    { config: { ...dashboard, access: 'vault-client' }, schema: { body: Open } },
    async (request) => ({
      text: await payoutVault.open(merchantOf(request, request.body), toStored(request.body)),
    }),
  )
}
