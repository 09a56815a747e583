import { MODES, type Mode } from '@ucanpay/wire/api-key'
import { oneOf } from '@ucanpay/wire/one-of'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Caller } from '../../domain/caller.ts'

/** Members of a request that say for whom it is. */
export const OF_MERCHANT = {
  merchantId: Type.String({ pattern: '^[0-9A-Za-z]{1,32}$' }),
  mode: oneOf(MODES, 'The mode of the merchant.'),
}

/** The caller that a client of the vault speaks for. */
export function merchantOf(request: FastifyRequest, { merchantId, mode }: { merchantId: string; mode: Mode }): Caller {
  return {
    merchantId,
    mode,
    actor: `vault-${String(request.vaultClient)}`,
    requestId: request.id,
    now: request.receivedAt,
  }
}
