import { RefundData, successReply } from '@ucanpay/wire/payment-replies'
import { RefundQueryRequest } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import { queryRefund } from '../../domain/refunds/query-refund.ts'
import { refundData } from '../../domain/refunds/refund.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/refundquery: reads a refund (contract §4). */
export function refundQueryRoute(app: App, deps: { db: Database; keys: PlatformKeys }): void {
  app.post(
    '/payment/refundquery',
    {
      config: { access: 'api-key', scope: 'payments:read', summary: 'Ask for a refund' },
      schema: { body: RefundQueryRequest, response: { 200: successReply(RefundData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { refund, order } = await queryRefund(deps.db, caller, request.body)
      return signedSuccess(deps.keys, request, refundData(caller, refund, order))
    },
  )
}
