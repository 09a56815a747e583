import { randomBytes } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { formatApiKey, type ApiKeyKind, type Mode } from '@ucanpay/wire/api-key'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { newId } from '../ids.ts'
import { hashApiKey } from './api-key.ts'

/** What a new key is to be. */
export interface NewApiKey {
  readonly kind: ApiKeyKind
  readonly mode: Mode
  readonly name: string
  readonly scopes: readonly string[]
  /** 1 to 365 days; 90 where absent. `null` is never, which is not on offer for a secret key in live mode. */
  readonly expiresInDays?: number | null | undefined
  /** Addresses and CIDR ranges that may use it; from anywhere where absent. */
  readonly ipAllowList?: readonly string[] | undefined
  /** Requests a second; the installation's own limit where absent. */
  readonly rateLimitPerS?: number | undefined
  /** Keyed hashes alone are stored. */
  readonly pepper: Buffer
}

/** A key that was made: its text, this once, and the id under which it is listed. */
export interface MintedApiKey {
  readonly key: string
  readonly apiKeyId: string
}

const DEFAULT_DAYS = 90
const DAY_MS = 86_400_000

/**
 * Mints a key for the caller's merchant. The text is returned this once and stored nowhere.
 *
 * @throws ApiError PARAM_ERROR for an address list with something else in it, for a live secret key without an expiry,
 *   for scopes on a key that is not restricted, and for a card number in its name
 * @see contract §2
 */
export async function createApiKey(tx: Tx, caller: Caller, wanted: NewApiKey): Promise<MintedApiKey> {
  refuseCardNumbers({ name: wanted.name })
  const key = formatApiKey(wanted, randomBytes(64))
  const apiKeyId = newId('key', caller.now)
  await tx.query(
    `insert into api_keys (merchant_id, api_key_id, key_hash, kind, mode, name, scopes, created_at, expires_at, ip_allow_list,
                           rate_limit_per_s)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::cidr[], $11)`,
    [
      caller.merchantId,
      apiKeyId,
      hashApiKey(key, wanted.pepper),
      wanted.kind,
      wanted.mode,
      wanted.name,
      wanted.scopes,
      caller.now,
      expiryOf(wanted, caller.now),
      (wanted.ipAllowList ?? []).map(toRange),
      wanted.rateLimitPerS ?? null,
    ],
  )
  await recordAudit(tx, caller, {
    action: 'api-key.created',
    target: apiKeyId,
    after: [wanted.kind, ...wanted.scopes].join(' '),
  })
  return { key, apiKeyId }
}

function expiryOf(wanted: NewApiKey, now: Date): Date | null {
  if (wanted.expiresInDays !== null) return new Date(now.getTime() + (wanted.expiresInDays ?? DEFAULT_DAYS) * DAY_MS)
  if (wanted.kind === 'sk' && wanted.mode === 'live') {
    throw new ApiError('PARAM_ERROR', 'a live secret key has to expire', {
      failures: [{ pointer: '/expiresInDays', rule: 'required' }],
    })
  }
  return null
}

/**
 * An address or a range, as PostgreSQL's `cidr` takes it. `10.0.0.1/8` is somebody's mistake: whether one address or
 * sixteen million were meant cannot be told.
 *
 * @throws ApiError PARAM_ERROR
 */
function toRange(text: string): string {
  const range = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`
  const { IPv4, IPv6 } = ipaddr
  // Only four decimal numbers are an IPv4 address: the library would also take `10.1` and `0x7f.1`.
  if (IPv4.isValidFourPartDecimal(range.split('/')[0] ?? '') && IPv4.isValidCIDR(range)) {
    const [address, bits] = IPv4.parseCIDR(range)
    if (IPv4.networkAddressFromCIDR(range).toString() === address.toString()) return `${address.toString()}/${bits}`
  }
  if (IPv6.isValidCIDR(range)) {
    const [address, bits] = IPv6.parseCIDR(range)
    if (IPv6.networkAddressFromCIDR(range).toString() === address.toString()) return `${address.toString()}/${bits}`
  }
  throw new ApiError('PARAM_ERROR', 'neither an address nor a range', {
    failures: [{ pointer: '/ipAllowList', rule: 'cidr' }],
  })
}
