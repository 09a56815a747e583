import { RefundData, successReply } from '@ucanpay/wire/payment-replies'
import { RefundRequest } from '@ucanpay/wire/payment-requests'
import type { Database } from '../../database/tx.ts'
import type { AddressGuard } from '../../domain/notifications/address-guard.ts'
import { createRefund } from '../../domain/refunds/create-refund.ts'
import { refundData } from '../../domain/refunds/refund.ts'
import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'
import { callerOf, signedSuccess } from '../signed-success.ts'

/** POST /payment/refund: acceptance only; the result comes by query or notification (contract §4). */
export function refundRoute(app: App, deps: { db: Database; addresses: AddressGuard; keys: PlatformKeys }): void {
  app.post(
    '/payment/refund',
    {
      config: { access: 'api-key', scope: 'refunds:write', summary: 'Give money back' },
      schema: { body: RefundRequest, response: { 200: successReply(RefundData) } },
    },
    async (request) => {
      const caller = callerOf(request)
      const { refund, order } = await createRefund(deps, caller, request.body)
      return signedSuccess(deps.keys, request, refundData(caller, refund, order))
    },
  )
}
