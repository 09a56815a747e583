import assert from 'node:assert'
import { CreateApiKeyRequest, NewApiKeyData } from '@ucanpay/wire/api-key-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../../database/tx.ts'
import { findApiKey } from '../../../domain/api-keys/api-key.ts'
import { createApiKey, type MintedApiKey } from '../../../domain/api-keys/create-api-key.ts'
import { requireGrantable, type Grantor } from '../../../domain/api-keys/grant.ts'
import type { Caller } from '../../../domain/caller.ts'
import type { PlatformKeys } from '../../../domain/signatures/platform-keys.ts'
import type { App } from '../../app.ts'
import { callerOf, signedSuccess, type Success } from '../../signed-success.ts'
import { apiKeyData } from './api-key-data.ts'

export interface ApiKeyRouteDeps {
  readonly db: Database
  readonly keys: PlatformKeys
  readonly pepper: Buffer
}

/** POST /v1/api-keys: makes a key in the mode of the one that asks. Its text is in this answer and nowhere else. */
export function createApiKeyRoute(app: App, deps: ApiKeyRouteDeps): void {
  app.post(
    '/v1/api-keys',
    {
      config: { access: 'api-key', scope: 'keys:write', summary: 'Make an API key' },
      schema: { body: CreateApiKeyRequest, response: { 200: successReply(NewApiKeyData) } },
    },
    (request) => {
      const caller = callerOf(request)
      const { name, kind, expiresInDays } = request.body
      const scopes = words(request.body.scopes)
      const ipAllowList = words(request.body.ipAllowList)
      requireGrantable(grantorOf(request), { kind, scopes })
      return showMinted(deps, request, (tx) =>
        createApiKey(tx, caller, {
          name,
          kind,
          mode: caller.mode,
          scopes,
          ipAllowList,
          expiresInDays,
          pepper: deps.pepper,
        }),
      )
    },
  )
}

function words(text = ''): string[] {
  return text.split(' ').filter(Boolean)
}

/** What the key that asks may hand out. */
export function grantorOf({ account }: FastifyRequest): Grantor {
  assert(account, 'the route has an account')
  return account
}

/** Makes a key and answers with its text. */
export async function showMinted(
  deps: ApiKeyRouteDeps,
  request: FastifyRequest,
  mint: (tx: Tx) => Promise<MintedApiKey>,
): Promise<Success<Static<typeof NewApiKeyData>>> {
  const caller: Caller = callerOf(request)
  const { minted, made } = await deps.db.transaction(async (tx) => {
    const fresh = await mint(tx)
    return { minted: fresh, made: await findApiKey(tx, caller, fresh.apiKeyId) }
  })
  const data = { merchantId: caller.merchantId, ...apiKeyData(made, caller.now), key: minted.key }
  return signedSuccess(deps.keys, request, data)
}
