import { ApiKeyData, ApiKeyParams, RevokeApiKeyRequest } from '@ucanpay/wire/api-key-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { findApiKey } from '../../../domain/api-keys/api-key.ts'
import { revokeApiKey } from '../../../domain/api-keys/revoke-api-key.ts'
import type { App } from '../../app.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'
import { apiKeyData } from './api-key-data.ts'
import { grantorOf, type ApiKeyRouteDeps } from './create.ts'

/** POST /v1/api-keys/{apiKeyId}/revoke: refused everywhere within 1 s; again gives the same answer (contract §2). */
export function revokeApiKeyRoute(app: App, deps: ApiKeyRouteDeps): void {
  app.post(
    '/v1/api-keys/:apiKeyId/revoke',
    {
      config: { access: 'api-key', scope: 'keys:write', summary: 'Revoke an API key' },
      schema: { params: ApiKeyParams, body: RevokeApiKeyRequest, response: { 200: successReply(ApiKeyData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { apiKeyId } = request.params
      const by = grantorOf(request)
      const revoked = await deps.db.transaction(async (tx) => {
        await revokeApiKey(tx, caller, { apiKeyId, reason: 'requested', by })
        return findApiKey(tx, caller, apiKeyId)
      })
      return signedSuccess(deps.keys, request, { merchantId: caller.merchantId, ...apiKeyData(revoked, caller.now) })
    },
  )
}
