import type { App } from '../app.ts'
import type { ListenerKeys, Vault } from './vault.ts'

/** What a client is given at its start. The key ring, and every key that opens something, stays in the vault. */
export interface ClientKeys {
  /** Base64. */
  readonly pepper: string
  readonly checkoutLink: string
  readonly cardKey: Vault['cards']['cardKey']
}

/** POST /vault-api/keys: the keys that clients hash and make links with, and the public one of the checkout page. */
export function vaultKeyRoute(app: App, { pepper, checkoutLink, cards }: ListenerKeys & Pick<Vault, 'cards'>): void {
  const keys: ClientKeys = {
    pepper: pepper.toString('base64'),
    checkoutLink: checkoutLink.toString('base64'),
    cardKey: cards.cardKey,
  }
  app.post(
    '/vault-api/keys',
    { config: { access: 'vault-client', clients: ['api', 'checkout', 'dashboard', 'worker'] } },
    () => keys,
  )
}
