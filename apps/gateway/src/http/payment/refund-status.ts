import { RefundData, successReply } from '@ucanpay/wire/payment-replies'
import { RefundStatusQuery } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import { queryRefund } from '../../domain/refunds/query-refund.ts'
import { refundData } from '../../domain/refunds/refund.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** GET /payment/refund/status: reads a refund, by key alone (contract §4). */
export function refundStatusRoute(app: App, deps: { db: Database; keys: PlatformKeys }): void {
  app.get(
    '/payment/refund/status',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'Ask for a refund, without a signature' },
      schema: { querystring: RefundStatusQuery, response: { 200: successReply(RefundData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { refund, order } = await queryRefund(deps.db, caller, request.query)
      return signedSuccess(deps.keys, request, refundData(caller, refund, order))
    },
  )
}
