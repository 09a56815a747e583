import type { RefundData } from '@ucanpay/wire/payment-replies'
import type { RefundRequest } from '@ucanpay/wire/payment-requests'
import { newNumber, type GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions } from '../options.ts'
import type { Added } from './orders.ts'

/** A refund to make; `outRefundNo` is made where it is absent. */
export type NewRefund = Omit<RefundRequest, Added | 'outRefundNo' | 'refundDesc'> &
  Partial<Pick<RefundRequest, 'outRefundNo' | 'refundDesc'>>
/** A refund by one of its numbers; `ucpRefundNo` goes first where both are given. */
export interface RefundRef {
  readonly ucpRefundNo?: string
  readonly outRefundNo?: string
}

/** Refunds by their v1.0 names. */
export class Refunds {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /**
   * Gives money back. The answer is acceptance; the result comes by notification or query. A repeat with the same
   * `outRefundNo` and amounts finds the first one, so that one call never gives back twice.
   *
   * @param refund.refundAmt minor units, at least 1; `totalAmt` repeats the order's total as a check
   * @throws UCanPayError, `Refused.NOTENOUGH`, `Refused.INVALID_REQUEST` where more would go back than was paid
   */
  create(refund: NewRefund, options?: CallOptions): Promise<RefundData> {
    const { outRefundNo = newNumber(), refundDesc = 'Refund' } = refund
    const members = { ...refund, outRefundNo, refundDesc }
    return this.#calls.ask({ method: 'POST', route: '/payment/refund', members, options })
  }

  /** Asks for a refund, by a signed request. @throws UCanPayError, `Refused.REFUNDNOTEXIST` */
  query(ref: RefundRef, options?: CallOptions): Promise<RefundData> {
    return this.#calls.ask({ method: 'POST', route: '/payment/refundquery', members: { ...ref }, options })
  }

  /** Asks for a refund by GET, without a signature of yours. @throws UCanPayError, `Refused.REFUNDNOTEXIST` */
  status(ref: RefundRef, options?: CallOptions): Promise<RefundData> {
    return this.#calls.ask({ method: 'GET', route: '/payment/refund/status', query: ref, options })
  }
}
