import { ApiKeyParams, NewApiKeyData, RollApiKeyRequest } from '@ucanpay/wire/api-key-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { rollApiKey } from '../../../domain/api-keys/roll-api-key.ts'
import type { App } from '../../app.ts'
import { callerOf } from '../../signed-success.ts'
import { grantorOf, showMinted, type ApiKeyRouteDeps } from './create.ts'

/** POST /v1/api-keys/{apiKeyId}/roll: a new key like this one, which lives on for the overlap (contract §2). */
export function rollApiKeyRoute(app: App, deps: ApiKeyRouteDeps): void {
  app.post(
    '/v1/api-keys/:apiKeyId/roll',
    {
      config: { access: 'api-key', scope: 'keys:write', summary: 'Replace an API key' },
      schema: { params: ApiKeyParams, body: RollApiKeyRequest, response: { 200: successReply(NewApiKeyData) } },
    },
    (request) => {
      const { apiKeyId } = request.params
      const { overlapS = 0, expiresInDays } = request.body
      const by = grantorOf(request)
      return showMinted(deps, request, (tx) =>
        rollApiKey(tx, callerOf(request), { apiKeyId, overlapS, expiresInDays, pepper: deps.pepper, by }),
      )
    },
  )
}
