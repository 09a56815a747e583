import type { KeyEncryption } from '@ucanpay/vault/key-encryption'
import type { Database } from '../database/tx.ts'
import { createCardEntryKey } from '../domain/cards/card-entry-key.ts'
import { createCardVault } from '../domain/cards/card-vault.ts'
import { createCustomerVault } from '../domain/customers/customer-vault.ts'
import { createPayoutVault } from '../domain/payouts/payout-vault.ts'
import { createMemberVault } from '../domain/members/member-vault.ts'
import { createNotificationSecrets } from '../domain/notifications/notification-secrets.ts'
import type { Acquirers } from '../domain/orders/ask-acquirer.ts'
import type { CheckoutLinks } from '../domain/orders/checkout-links.ts'
import { createCustomerKeys } from '../domain/sealing/customer-keys.ts'
import { createDataKeys } from '../domain/sealing/data-keys.ts'
import { openInstallationKeys } from '../domain/sealing/installation-keys.ts'
import type { App } from '../http/app.ts'
import { probeRoutes, type ProbeDeps } from '../http/probes.ts'
import { createServer, type ServerDeps } from '../http/server.ts'
import { vaultCardRoutes } from '../http/vault-api/cards.ts'
import { addClientCertificates } from '../http/vault-api/client-certificate.ts'
import { vaultCustomerRoutes } from '../http/vault-api/customers.ts'
import { vaultKeyRoute } from '../http/vault-api/keys.ts'
import { vaultMemberRoutes } from '../http/vault-api/members.ts'
import { vaultPayoutRoutes } from '../http/vault-api/payouts.ts'
import { vaultNotificationRoutes } from '../http/vault-api/notifications.ts'
import type { ListenerKeys, Vault } from '../http/vault-api/vault.ts'

/** What the vault is opened with. */
export interface VaultParts {
  /** Under the vault's own database role. */
  readonly db: Database
  readonly keyStore: Database
  readonly source: KeyEncryption
  readonly acquirers: Acquirers
}

/** The vault of this process. */
export interface OpenVault {
  readonly vault: Vault
  readonly keys: ListenerKeys
  /** Drops data keys from memory, because one of them was replaced; everybody's where no merchant is named. */
  forget(merchantId?: string): void
}

/**
 * Opens the vault: the one part that holds key-encryption keys and sees card numbers.
 *
 * @throws KeySourceError, InstallationKeyError where the keys cannot be used or are not the ones of this database
 */
export async function openVault({ db, keyStore, source, acquirers }: VaultParts, now: Date): Promise<OpenVault> {
  const { pepper, checkoutLink, blindIndex, cardEntry } = await openInstallationKeys({ db, source }, now)
  const dataKeys = createDataKeys({ db, source })
  return {
    vault: {
      cards: createCardVault({ dataKeys, acquirers, entryKey: createCardEntryKey(cardEntry) }),
      customerVault: createCustomerVault({
        customerKeys: createCustomerKeys({ db: keyStore, source }),
        indexKey: blindIndex,
      }),
      memberVault: createMemberVault({ dataKeys, indexKey: blindIndex }),
      payoutVault: createPayoutVault({ dataKeys }),
      secrets: createNotificationSecrets({ db, dataKeys }),
    },
    keys: { pepper, checkoutLink },
    forget: (merchantId) => dataKeys.forget(merchantId),
  }
}

/** What the vault's listener is built from. */
export interface VaultDeps extends ServerDeps, ProbeDeps, Vault, ListenerKeys {
  readonly links: CheckoutLinks
}

/** The vault's own listener, for the other roles and nobody else (PCI DSS 1.4.4). */
export function buildVault(deps: VaultDeps): App {
  const app = createServer(deps)
  addClientCertificates(app)
  vaultKeyRoute(app, deps)
  vaultCardRoutes(app, deps)
  vaultCustomerRoutes(app, deps)
  vaultMemberRoutes(app, deps)
  vaultPayoutRoutes(app, deps)
  vaultNotificationRoutes(app, deps)
  probeRoutes(app, deps)
  return app
}
