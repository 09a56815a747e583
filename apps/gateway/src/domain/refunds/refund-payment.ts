import type { RefundPaymentRequest } from '@ucanpay/wire/dashboard/payment-schemas'
import type { Static } from 'typebox'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { NeedsError } from '../needs-error.ts'
import type { AddressGuard } from '../notifications/address-guard.ts'
import { findOrder, type Order } from '../orders/order.ts'
import { createRefund } from './create-refund.ts'
import type { Refund } from './refund.ts'

/** A refund that a member of the staff wants. */
export interface MemberRefund {
  readonly ucpOrderNo: string
  readonly request: Static<typeof RefundPaymentRequest>
  /** Has the member shown within 5 minutes that it is still them? */
  readonly fresh: boolean
}

/**
 * Accepts a refund that a member asks for, as the API accepts one. Its number is the page's, so that pressing twice refunds
 * once. Above the merchant's limit the member has to show first that it is still them.
 *
 * @throws NeedsError reauthentication; what `createRefund` throws
 */
export async function refundPayment(
  deps: { db: Database; addresses: AddressGuard },
  caller: Caller,
  { ucpOrderNo, request, fresh }: MemberRefund,
): Promise<{ refund: Refund; order: Order }> {
  const { totalAmt } = await findOrder(deps.db, caller, { ucpOrderNo })
  const [merchant] = await deps.db.query<{ limit: number }>(
    `select refund_limit_amt as limit from merchants where merchant_id = $1`,
    [caller.merchantId],
  )
  if (!fresh && request.refundAmt > (merchant?.limit ?? 0)) {
    throw new NeedsError('reauthentication', "the refund is above the merchant's limit")
  }
  return createRefund(deps, caller, { ucpOrderNo, totalAmt, ...request })
}
