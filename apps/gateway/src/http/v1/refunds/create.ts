import { successReply } from '@ucanpay/wire/payment-replies'
import { CreateRefundBody, RestRefundData } from '@ucanpay/wire/rest-schemas'
import type { Caller } from '../../../domain/caller.ts'
import type { Unsigned } from '../../../domain/orders/order-data.ts'
import type { RefundDeps } from '../../../domain/refunds/create-refund.ts'
import { refunding } from '../../../domain/refunds/refund-tasks.ts'
import { refundData, type Refund, type RefundedOrder } from '../../../domain/refunds/refund.ts'
import type { PlatformKeys } from '../../../domain/signatures/platform-keys.ts'
import type { App } from '../../app.ts'
import { doOnce } from '../../idempotency-key.ts'
import { callerOf, signedSuccess } from '../../signed-success.ts'

export interface RefundRouteDeps extends RefundDeps {
  readonly keys: PlatformKeys
  readonly pepper: Buffer
}

/** POST /v1/refunds: acceptance only, as /payment/refund; the result comes by reading or notification (contract §4). */
export function createRefundRoute(app: App, deps: RefundRouteDeps): void {
  app.post(
    '/v1/refunds',
    {
      config: { access: 'api-key', scope: 'refunds:write', summary: 'Give money back', idempotent: true },
      schema: { body: CreateRefundBody, response: { 200: successReply(RestRefundData) } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const accepted = await doOnce(deps, { request, reply }, refunding(deps, caller, request.body))
      return signedSuccess(deps.keys, request, restRefundData(caller, accepted))
    },
  )
}

/** A refund as the API shows it under /v1. */
export function restRefundData(
  caller: Caller,
  { refund, order }: { refund: Refund; order: RefundedOrder },
): Unsigned<RestRefundData> {
  const { refundDesc, createdAt } = refund
  return { ...refundData(caller, refund, order), refundDesc, createdAt: createdAt.toISOString() }
}
