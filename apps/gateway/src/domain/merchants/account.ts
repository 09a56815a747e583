import type { ApiKeyKind, Mode } from '@ucanpay/wire/api-key'
import type { Tx } from '../../database/tx.ts'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'

/** A public key that verifies a merchant's requests. */
export interface MerchantKey {
  readonly algorithm: SignatureAlgorithm
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey: string
}

export type SignatureAlgorithm = 'RSA' | 'ED25519'

/** What an API key opens: the merchant in one mode, with the account's signature rules. */
export interface Account {
  readonly merchantId: string
  readonly merchantName: string
  readonly mode: Mode
  readonly apiKeyId: string
  readonly kind: ApiKeyKind
  readonly scopes: readonly string[]
  /** Null: never. */
  readonly expiresAt: Date | null
  /** CIDR ranges from which the key may come; empty: from anywhere. */
  readonly ipAllowList: readonly string[]
  /** Requests a second; null: as the installation has it. */
  readonly rateLimitPerS: number | null
  /** Requests a calendar month, of the merchant in this mode; null: any number. */
  readonly monthlyQuota: number | null
  /** Failed requests since the last one that succeeded. */
  readonly failuresInARow: number
  /** After too many failures in a row the key is refused until then. */
  readonly blockedUntil: Date | null
  readonly suspended: boolean
  readonly signatures: 'required' | 'optional'
  readonly signatureScheme: SignatureScheme
  readonly replySignature: SignatureAlgorithm
  readonly keys: readonly MerchantKey[]
}

/** Whether a merchant takes real money: one key of theirs in live mode is enough. */
export async function isLive(tx: Tx, merchantId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from api_keys where merchant_id = $1 and mode = 'live' and revoked_at is null limit 1`,
    [merchantId],
  )
  return rows.length > 0
}
