import type { RefundRequest } from '@ucanpay/wire/payment-requests'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { newGatewayNumber } from '../ids.ts'
import { lockMerchantBalance } from '../ledger/lock-balance.ts'
import { postEntries } from '../ledger/post-entries.ts'
import { requireAllowed, type AddressGuard } from '../notifications/address-guard.ts'
import { enqueue } from '../notifications/outbox.ts'
import { lockOrder, type Order, type OrderRef } from '../orders/order.ts'
import { REFUND_COLUMNS, findByOutRefundNo, type Refund } from './refund.ts'

/** Contract §4: within a year of the payment. */
export const REFUNDABLE_FOR_MS = 365 * 86_400_000
/** Contract §4: of one payment. */
export const MAX_REFUNDS = 10

const DEFAULT_DESC = 'Refund'

export interface RefundDeps {
  readonly db: Database
  readonly addresses: AddressGuard
  /** Throws where a new refund of this order may not be; asked in the refund's own transaction. */
  readonly allow?: (tx: Tx, order: Order) => Promise<void>
}

/** A refund to be accepted; without `totalAmt` there is nothing to check the order's total against. */
export type WantedRefund = OrderRef &
  Pick<RefundRequest, 'outRefundNo' | 'refundAmt' | 'notifyUrl'> &
  Partial<Pick<RefundRequest, 'totalAmt' | 'refundDesc'>>

type CompleteRefund = WantedRefund & Pick<RefundRequest, 'refundDesc'>

/**
 * Accepts a refund and leaves it for the worker to send; the acquirer is never called from here.
 *
 * @returns the refund, PROCESSING, and its order; the earlier refund where the same values come again
 * @throws ApiError ORDERNOTEXIST; REFUND_FEE_MISMATCH where `totalAmt` is not the order's, or the number was used with
 *   other values; ORDER_NOT_READY where the order is not paid; ORDERCLOSED; TRADE_OVERDUE past a year; INVALID_REQUEST
 *   where more would go back than was paid, and for an eleventh refund; NOTENOUGH where the balance does not cover it
 * @see contract §4 /payment/refund
 */
export async function createRefund(
  deps: RefundDeps,
  caller: Caller,
  wanted: WantedRefund,
): Promise<{ refund: Refund; order: Order }> {
  const request = { refundDesc: DEFAULT_DESC, ...wanted }
  refuseCardNumbers({ refundDesc: request.refundDesc })
  if (request.notifyUrl !== undefined) await requireAllowed(deps.addresses, request.notifyUrl, caller.mode)
  return deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, caller, request) // Two refunds of one order take turns here.
    const earlier = await findByOutRefundNo(tx, caller, request.outRefundNo)
    if (earlier) return { refund: sameRefund(earlier, order, request), order }
    await deps.allow?.(tx, order)
    await refuseUnrefundable(tx, caller, { order, request })
    return accept(tx, caller, { order, request })
  })
}

/** True where the total that was given as a check is the order's, or none was given. */
function isTotal(order: Order, { totalAmt }: CompleteRefund): boolean {
  return totalAmt === undefined || totalAmt === order.totalAmt
}

function sameRefund(earlier: Refund, order: Order, request: CompleteRefund): Refund {
  const same =
    earlier.ucpOrderNo === order.ucpOrderNo &&
    earlier.refundAmt === request.refundAmt &&
    earlier.refundDesc === request.refundDesc &&
    earlier.notifyUrl === (request.notifyUrl ?? null) &&
    isTotal(order, request)
  if (!same) throw new ApiError('REFUND_FEE_MISMATCH', 'the refund number was used with other values')
  return earlier
}

interface Acceptance {
  readonly order: Order
  readonly request: CompleteRefund
}

async function refuseUnrefundable(tx: Tx, caller: Caller, { order, request }: Acceptance): Promise<void> {
  if (order.tradeStatus === 'CLOSED' || order.tradeStatus === 'REVOKED') {
    throw new ApiError('ORDERCLOSED', `the order is ${order.tradeStatus}`)
  }
  if (order.tradeStatus !== 'SUCCESS' && order.tradeStatus !== 'REFUND') {
    throw new ApiError('ORDER_NOT_READY', `the order is ${order.tradeStatus}`)
  }
  if (!isTotal(order, request)) throw new ApiError('REFUND_FEE_MISMATCH', `the order is of ${order.totalAmt}`)
  if (caller.now.getTime() - (order.timeEnd?.getTime() ?? 0) > REFUNDABLE_FOR_MS) {
    throw new ApiError('TRADE_OVERDUE', 'paid over a year ago')
  }
  if (order.refundCount >= MAX_REFUNDS)
    throw new ApiError('INVALID_REQUEST', `${MAX_REFUNDS} refunds were made already`)
  const left = order.capturedAmt - order.refundAmt
  if (request.refundAmt > left) throw new ApiError('INVALID_REQUEST', `only ${left} left to refund`)
  const balance = await lockMerchantBalance(tx, caller, order.currency)
  if (request.refundAmt > balance) throw new ApiError('NOTENOUGH', `a refund of ${request.refundAmt} from ${balance}`)
}

async function accept(
  tx: Tx,
  caller: Caller,
  { order, request }: Acceptance,
): Promise<{ refund: Refund; order: Order }> {
  const { ucpOrderNo, currency } = order
  const [refund] = await tx.query<Refund>(
    `insert into refunds (merchant_id, mode, ucp_refund_no, out_refund_no, ucp_order_no, refund_amt, refund_desc, notify_url, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) 
     on conflict (merchant_id, mode, out_refund_no) do nothing returning ${REFUND_COLUMNS}`,
    [
      caller.merchantId,
      caller.mode,
      newGatewayNumber(caller.now),
      request.outRefundNo,
      ucpOrderNo,
      request.refundAmt,
      request.refundDesc,
      request.notifyUrl ?? null,
      caller.now,
    ],
  )
  // Two orders' refunds under one number at the same instant do not meet at the order's lock; the constraint meets them.
  if (!refund) throw new ApiError('REFUND_FEE_MISMATCH', 'the refund number was used for another order')
  await tx.query(
    `update orders set refund_amt = refund_amt + $4, refund_count = refund_count + 1
     where merchant_id = $1 and mode = $2 and ucp_order_no = $3`,
    [caller.merchantId, caller.mode, ucpOrderNo, request.refundAmt],
  )
  await postEntries(tx, caller, [
    {
      kind: 'refund',
      debit: 'merchant_payable',
      credit: 'refunds_pending',
      amount: request.refundAmt,
      currency,
      ucpOrderNo,
      ref: refund.ucpRefundNo,
    },
  ])
  await enqueue(tx, caller, { job: 'send-refund', ref: refund.ucpRefundNo }) // Same transaction: no refund without its sending.
  await recordAudit(tx, caller, {
    action: 'refund.accepted',
    target: refund.ucpRefundNo,
    after: String(request.refundAmt),
  })
  return { refund, order: { ...order, refundAmt: order.refundAmt + request.refundAmt } }
}
