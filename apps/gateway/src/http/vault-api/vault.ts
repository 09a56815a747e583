import type { CardVault } from '../../domain/cards/card-vault.ts'
import type { CustomerVault } from '../../domain/customers/customer-vault.ts'
import type { MemberVault } from '../../domain/members/member-vault.ts'
import type { PayoutVault } from '../../domain/payouts/payout-vault.ts'
import type { NotificationSecrets } from '../../domain/notifications/notification-secrets.ts'

/** What the rest of the gateway asks of the vault: in the same process, or over mutual TLS. */
export interface Vault {
  readonly cards: CardVault
  readonly customerVault: CustomerVault
  readonly memberVault: MemberVault
  readonly payoutVault: PayoutVault
  readonly secrets: NotificationSecrets
}

/** Keys that listeners hash and make links with; they open nothing that is stored. */
export interface ListenerKeys {
  /** Hashes API keys, and the addresses that are counted; 32 bytes. */
  readonly pepper: Buffer
  /** Makes checkout links; 32 bytes. */
  readonly checkoutLink: Buffer
}
