import { ApiKeyData, ApiKeyListData, ApiKeyParams, PageQuery } from '@ucanpay/wire/api-key-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { findApiKey, listApiKeys } from '../../../domain/api-keys/api-key.ts'
import type { App } from '../../app.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import { apiKeyData } from './api-key-data.ts'
import type { ApiKeyRouteDeps } from './create.ts'

/** GET /v1/api-keys: the merchant's keys in the mode of the one that asks, newest first. GET /v1/api-keys/{apiKeyId}: one. */
export function listApiKeysRoutes(app: App, deps: ApiKeyRouteDeps): void {
  app.get(
    '/v1/api-keys',
    {
      config: { access: 'api-key', scope: 'keys:read', summary: 'List API keys' },
      schema: { querystring: PageQuery, response: { 200: successReply(ApiKeyListData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { limit = '20', startingAfter } = request.query
      const { items, hasMore } = await listApiKeys(deps.db, caller, { limit: Number(limit), startingAfter })
      const shown = items.map((key) => apiKeyData(key, caller.now))
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, items: shown, hasMore })
    },
  )

  app.get(
    '/v1/api-keys/:apiKeyId',
    {
      config: { access: 'api-key', scope: 'keys:read', summary: 'Read an API key' },
      schema: { params: ApiKeyParams, response: { 200: successReply(ApiKeyData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const key = await findApiKey(deps.db, caller, request.params.apiKeyId)
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, ...apiKeyData(key, caller.now) })
    },
  )
}
