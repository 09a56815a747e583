import { ApiKeyParams } from '@ucanpay/wire/api-key-schemas'
import {
  CreateKeyRequest,
  KeyList,
  KeyListQuery,
  KeyRow,
  NewKeyData,
  RollKeyRequest,
} from '@ucanpay/wire/dashboard/api-key-schemas'
import { Nothing } from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../database/tx.ts'
import { findApiKey, listApiKeys, statusOf, type ApiKey } from '../../domain/api-keys/api-key.ts'
import { createApiKey, type MintedApiKey } from '../../domain/api-keys/create-api-key.ts'
import { requireGrantable, type Grantor } from '../../domain/api-keys/grant.ts'
import { revokeApiKey } from '../../domain/api-keys/revoke-api-key.ts'
import { rollApiKey } from '../../domain/api-keys/roll-api-key.ts'
import type { Caller } from '../../domain/caller.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

export interface ApiKeyDeps {
  readonly db: Database
  readonly pepper: Buffer
}

/** Who has the right to make keys may make any: what a member may do is said by the role, not by scopes. */
const MEMBER: Grantor = { kind: 'operator', scopes: [] }

/** GET and POST /dashboard-api/api-keys, …/{apiKeyId}/roll and …/revoke: keys of the mode that is looked at. */
export function apiKeyRoutes(app: App, deps: ApiKeyDeps): void {
  app.get(
    '/dashboard-api/api-keys',
    {
      config: { access: 'session', right: 'keys:read', summary: 'List API keys' },
      schema: { querystring: KeyListQuery, response: { 200: successReply(KeyList) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      const { limit = '20', startingAfter } = request.query
      const page = await listApiKeys(deps.db, caller, { limit: Number(limit), startingAfter })
      const items = page.items.map((key) => keyRow(key, caller.now))
      return dashboardSuccess(request, { items, hasMore: page.hasMore })
    },
  )

  app.post(
    '/dashboard-api/api-keys/:apiKeyId/revoke',
    {
      config: { access: 'session', right: 'keys:write', summary: 'Revoke an API key' },
      schema: { params: ApiKeyParams, body: Nothing, response: { 200: successReply(KeyRow) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      const { apiKeyId } = request.params
      const revoked = await deps.db.transaction(async (tx) => {
        await revokeApiKey(tx, caller, { apiKeyId, reason: 'requested', by: MEMBER })
        return findApiKey(tx, caller, apiKeyId)
      })
      return dashboardSuccess(request, keyRow(revoked, caller.now))
    },
  )

  mintingRoutes(app, deps)
}

/** Their answers hold a key's text, this once. */
function mintingRoutes(app: App, deps: ApiKeyDeps): void {
  app.post(
    '/dashboard-api/api-keys',
    {
      config: { access: 'session', right: 'keys:write', fresh: true, summary: 'Make an API key' },
      schema: { body: CreateKeyRequest, response: { 200: successReply(NewKeyData) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      requireGrantable(MEMBER, request.body)
      const wanted = { ...request.body, mode: caller.mode, pepper: deps.pepper }
      return dashboardSuccess(request, await mint(deps.db, caller, (tx) => createApiKey(tx, caller, wanted)))
    },
  )

  app.post(
    '/dashboard-api/api-keys/:apiKeyId/roll',
    {
      config: { access: 'session', right: 'keys:write', fresh: true, summary: 'Replace an API key' },
      schema: { params: ApiKeyParams, body: RollKeyRequest, response: { 200: successReply(NewKeyData) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      const roll = { ...request.params, ...request.body, pepper: deps.pepper, by: MEMBER }
      return dashboardSuccess(request, await mint(deps.db, caller, (tx) => rollApiKey(tx, caller, roll)))
    },
  )
}

function mint(
  db: Database,
  caller: Caller,
  make: (tx: Tx) => Promise<MintedApiKey>,
): Promise<Static<typeof NewKeyData>> {
  return db.transaction(async (tx) => {
    const { apiKeyId, key } = await make(tx)
    return { ...keyRow(await findApiKey(tx, caller, apiKeyId), caller.now), key }
  })
}

function keyRow(key: ApiKey, now: Date): Static<typeof KeyRow> {
  const { apiKeyId, kind, mode, name, expiresAt, revokedAt, rolledInto, lastUsedAt, lastUsedIp, lastUsedAgent } = key
  return {
    apiKeyId,
    kind,
    mode,
    name,
    scopes: [...key.scopes],
    ipAllowList: [...key.ipAllowList],
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
