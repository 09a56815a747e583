import type { CreateRefundBody } from '@ucanpay/wire/rest-schemas'
import { notifyOfRefund } from './notifications.ts'
import { refuseCardNumbers, requireNotifyUrl } from './orders.ts'
import { Refusal } from './refusal.ts'
import {
  addToBalance,
  byOutRefundNo,
  findOrder,
  newGatewayNumber,
  type Order,
  type OrderRef,
  type Refund,
  type State,
} from './state.ts'

const REFUNDABLE_FOR_MS = 365 * 86_400_000
const MAX_REFUNDS = 10

/** A refund to accept; without `totalAmt` there is nothing to check the order's total against. */
export type WantedRefund = OrderRef &
  Pick<CreateRefundBody, 'refundAmt'> & {
    readonly outRefundNo: string
    readonly totalAmt?: number | undefined
    readonly refundDesc?: string | undefined
    readonly notifyUrl?: string | undefined
  }

/**
 * Accepts a refund, which is PROCESSING until it is settled; the same values again are the same refund.
 *
 * @throws Refusal as the gateway: see docs/errors.md
 */
export function createRefund(state: State, wanted: WantedRefund): Refund {
  const { outRefundNo, refundAmt, totalAmt, refundDesc = 'Refund', notifyUrl } = wanted
  refuseCardNumbers({ refundDesc })
  if (notifyUrl !== undefined) requireNotifyUrl(notifyUrl)
  const order = findOrder(state, wanted)
  const isTotal = totalAmt === undefined || totalAmt === order.totalAmt
  const earlier = byOutRefundNo(state, outRefundNo)
  if (earlier) {
    const same =
      earlier.ucpOrderNo === order.ucpOrderNo &&
      earlier.refundAmt === refundAmt &&
      earlier.refundDesc === refundDesc &&
      earlier.notifyUrl === (notifyUrl ?? null) &&
      isTotal
    if (!same) throw new Refusal('REFUND_FEE_MISMATCH')
    return earlier
  }
  refuseUnrefundable(state, order, { refundAmt, isTotal })
  const refund: Refund = {
    ucpRefundNo: newGatewayNumber(state),
    outRefundNo,
    ucpOrderNo: order.ucpOrderNo,
    refundAmt,
    refundDesc,
    notifyUrl: notifyUrl ?? null,
    createdAt: state.clock.now(),
    refundStatus: 'PROCESSING',
    refundSuccessTime: null,
  }
  state.refunds.set(refund.ucpRefundNo, refund)
  order.refundAmt += refundAmt
  order.refundCount += 1
  addToBalance(state, order.currency, -refundAmt)
  return refund
}

function refuseUnrefundable(
  state: State,
  order: Order,
  { refundAmt, isTotal }: { refundAmt: number; isTotal: boolean },
): void {
  const { tradeStatus } = order
  if (tradeStatus === 'CLOSED' || tradeStatus === 'REVOKED') throw new Refusal('ORDERCLOSED')
  if (tradeStatus !== 'SUCCESS' && tradeStatus !== 'REFUND') throw new Refusal('ORDER_NOT_READY')
  if (!isTotal) throw new Refusal('REFUND_FEE_MISMATCH')
  const age = state.clock.now().getTime() - (order.timeEnd?.getTime() ?? 0)
  if (age > REFUNDABLE_FOR_MS) throw new Refusal('TRADE_OVERDUE')
  if (order.refundCount >= MAX_REFUNDS) throw new Refusal('INVALID_REQUEST')
  if (refundAmt > order.capturedAmt - order.refundAmt) throw new Refusal('INVALID_REQUEST')
  if (refundAmt > (state.balances.get(order.currency) ?? 0)) throw new Refusal('NOTENOUGH')
}

/** Gives the money of every accepted refund back, or refuses it where the order's card says so. @returns how many */
export function settleRefunds(state: State): number {
  const open = [...state.refunds.values()].filter(({ refundStatus }) => refundStatus === 'PROCESSING')
  for (const refund of open) {
    const order = findOrder(state, refund)
    if (order.attempts.at(-1)?.behaviour.refundsFail === true) {
      refund.refundStatus = 'FAIL'
      order.refundAmt -= refund.refundAmt
      addToBalance(state, order.currency, refund.refundAmt)
    } else {
      refund.refundStatus = 'SUCCESS'
      refund.refundSuccessTime = state.clock.now()
      order.tradeStatus = 'REFUND'
    }
    notifyOfRefund(state, order, refund)
  }
  return open.length
}
