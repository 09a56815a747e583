import type { ApiKeyListData } from '@ucanpay/wire/api-key-schemas'
import type { Static } from 'typebox'
import { statusOf, type ApiKey } from '../../../domain/api-keys/api-key.ts'

type Shown = Static<typeof ApiKeyListData>['items'][number]

/** A key as the API shows it: flat, lists as texts with spaces between, nothing of its text. */
export function apiKeyData(key: ApiKey, now: Date): Shown {
  const { apiKeyId, kind, mode, name, expiresAt, revokedAt, rolledInto, lastUsedAt, lastUsedIp, lastUsedAgent } = key
  return {
    apiKeyId,
    kind,
    mode,
    name,
    scopes: key.scopes.join(' '),
    ipAllowList: key.ipAllowList.join(' '),
    status: statusOf(key, now),
    createdAt: key.createdAt.toISOString(),
    ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    ...(revokedAt ? { revokedAt: revokedAt.toISOString() } : {}),
    ...(rolledInto === null ? {} : { rolledInto }),
    ...(lastUsedAt ? { lastUsedAt: lastUsedAt.toISOString() } : {}),
    ...(lastUsedIp === null ? {} : { lastUsedIp }),
    ...(lastUsedAgent === null ? {} : { lastUsedAgent }),
  }
}
