import type { Tx } from '../../database/tx.ts'
import type { Account } from '../merchants/account.ts'

/**
 * The account that a key opens, with everything that a request needs of it, in one read.
 *
 * @param keyHash HMAC-SHA-256 of the key's text; equal hashes are compared by the index, never the keys themselves
 * @returns undefined for a key that is unknown or revoked; an expired one is returned, for the caller to refuse
 * @see contract §2
 */
export async function findAccount(tx: Tx, keyHash: Buffer): Promise<Account | undefined> {
  const [account] = await tx.query<Account>(
    `select k.merchant_id as "merchantId", m.name as "merchantName", k.mode, k.api_key_id as "apiKeyId", k.kind, k.scopes,
            k.expires_at as "expiresAt", k.ip_allow_list::text[] as "ipAllowList", k.rate_limit_per_s as "rateLimitPerS",
            m.monthly_quota as "monthlyQuota", coalesce(u.failures_in_a_row, 0) as "failuresInARow",
            u.blocked_until as "blockedUntil", m.status = 'suspended' as suspended,
            case k.mode when 'live' then m.signatures_live else m.signatures_test end as signatures,
            m.signature_scheme as "signatureScheme", m.reply_signature as "replySignature",
            coalesce((select json_agg(json_build_object('algorithm', p.algorithm, 'publicKey', p.public_key) order by p.created_at desc)
                      from merchant_keys p
                      where p.merchant_id = k.merchant_id and p.mode = k.mode and p.retired_at is null), '[]') as keys
     from api_keys k join merchants m on m.merchant_id = k.merchant_id
     left join api_key_usage u on u.merchant_id = k.merchant_id and u.api_key_id = k.api_key_id
     where k.key_hash = $1 and k.revoked_at is null`,
    [keyHash],
  )
  return account
}
