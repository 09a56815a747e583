import { setTimeout as sleep } from 'node:timers/promises'
import { LeakedKeysData, LeakedKeysRequest } from '@ucanpay/wire/api-key-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { LeakReports } from '../../domain/api-keys/revoke-api-key.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import { signData } from '../../domain/signatures/sign-data.ts'
import type { App } from '../app.ts'

const PATH = '/security/leaked-keys'
/** Whoever reports a key has no account, so the contract's own defaults sign the answer. */
const RULES = { signatureScheme: 'guide-2024', replySignature: 'RSA' } as const
/** Longer than revoking takes, so that the time does not tell whether there was anything to revoke. */
const ANSWER_AFTER_MS = 250

/**
 * POST /security/leaked-keys: anyone who finds keys can have them revoked. The answer is the same whatever they were
 * (contract §2).
 */
export function leakedKeysRoute(app: App, deps: { leaks: LeakReports; keys: PlatformKeys }): void {
  app.post(
    PATH,
    {
      config: {
        access: 'public',
        takesKeys: true,
        limit: { limit: 30, windowS: 60 },
        summary: 'Report keys that were found where they should not be',
      },
      schema: { body: LeakedKeysRequest, response: { 200: successReply(LeakedKeysData) } },
    },
    async (request) => {
      const { keys } = request.body
      const sighting = {
        kind: 'key-reported',
        requestId: request.id,
        ip: request.clientIp,
        now: request.receivedAt,
      } as const
      await Promise.all([deps.leaks(keys, sighting), sleep(ANSWER_AFTER_MS)])
      const data = await signData(deps.keys, RULES, { data: { received: keys.length }, path: PATH })
      return { code: 0 as const, msg: 'SUCCESS' as const, data, timestamp: request.receivedAt.toISOString() }
    },
  )
}
