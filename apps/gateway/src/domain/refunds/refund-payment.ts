import { decimalsOf } from '@ucanpay/wire/currencies'
import type { RefundPaymentRequest } from '@ucanpay/wire/dashboard/payment-schemas'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../database/tx.ts'
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

/** A member who was not asked for the password may give back the limit within this time, however many refunds it takes. */
const LIMIT_FOR_MS = 24 * 3_600_000

/**
 * Accepts a refund that a member asks for, as the API accepts one. Its number is the page's, so that pressing twice refunds
 * once. Where it and the member's other refunds of the last 24 hours, in this currency, are above the merchant's limit, the
 * member has to show first that it is still them.
 *
 * @throws NeedsError reauthentication; what `createRefund` throws
 */
export async function refundPayment(
  deps: { db: Database; addresses: AddressGuard },
  caller: Caller,
  { ucpOrderNo, request, fresh }: MemberRefund,
): Promise<{ refund: Refund; order: Order }> {
  const { totalAmt } = await findOrder(deps.db, caller, { ucpOrderNo })
  const allow = async (tx: Tx, { currency }: Order): Promise<void> => {
    if (!fresh) await requireWithinLimit(tx, caller, { refundAmt: request.refundAmt, currency })
  }
  return createRefund({ ...deps, allow }, caller, { ucpOrderNo, totalAmt, ...request })
}

async function requireWithinLimit(
  tx: Tx,
  caller: Caller,
  { refundAmt, currency }: { refundAmt: number; currency: string },
): Promise<void> {
  // Refunds of one member take turns, or many at once would each find the limit untouched.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `refunds ${caller.merchantId} ${caller.actor}`,
  ])
  const [row] = await tx.query<{ limit: number; given: number }>(
    `select refund_limit_amt as "limit",
            (select coalesce(sum(r.refund_amt), 0)::bigint
             from audit_log a
             join refunds r on r.merchant_id = a.merchant_id and r.mode = a.mode and r.ucp_refund_no = a.target
             join orders o on o.merchant_id = r.merchant_id and o.mode = r.mode and o.ucp_order_no = r.ucp_order_no
             where a.merchant_id = $1 and a.mode = $2 and a.actor = $3 and a.at > $4 and a.actor not in ('buyer', 'worker')
               and a.action = 'refund.accepted' and o.currency = $5) as given
     from merchants where merchant_id = $1`,
    [caller.merchantId, caller.mode, caller.actor, new Date(caller.now.getTime() - LIMIT_FOR_MS), currency],
  )
  const { limit, given } = row ?? { limit: 0, given: 0 }
  if (refundAmt + given > limitIn(currency, limit))
    throw new NeedsError('reauthentication', "the refund is above the merchant's limit")
}

/** The limit is kept in hundredths of a unit, whatever the currency: 10,000 is CAD 100.00, JPY 100 and KWD 100.000. */
function limitIn(currency: string, hundredths: number): number {
  return Math.floor((hundredths * 10 ** decimalsOf(currency)) / 100)
}
