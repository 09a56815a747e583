import type { RefundStatus } from '@ucanpay/wire/statuses'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { Remembered, Task } from '../idempotency/run-once.ts'
import { newOutNumber } from '../ids.ts'
import type { Order } from '../orders/order.ts'
import { createRefund, type RefundDeps, type WantedRefund } from './create-refund.ts'
import { queryRefund } from './query-refund.ts'
import type { Refund } from './refund.ts'

/** A refund and its order. */
export interface AcceptedRefund {
  readonly refund: Refund
  readonly order: Order
}

/**
 * Accepting a refund: its `outRefundNo` is the number that it is done under. Without it and without an Idempotency-Key a
 * repeat after a lost answer would give the money back twice, so one of them has to be there.
 */
export function refunding(
  deps: RefundDeps,
  caller: Caller,
  request: Omit<WantedRefund, 'outRefundNo'> & { readonly outRefundNo?: string | undefined },
): Task<AcceptedRefund> {
  return {
    numberOf: (claimed) => {
      if (request.outRefundNo !== undefined) return request.outRefundNo
      if (claimed) return newOutNumber(caller.now)
      throw new ApiError('LACK_PARAMS', 'neither outRefundNo nor an Idempotency-Key', {
        failures: [{ pointer: '/outRefundNo', rule: 'required' }],
      })
    },
    perform: (outRefundNo) => createRefund(deps, caller, { ...request, outRefundNo }),
    remember: ({ refund, order }) => ({
      ucpRefundNo: refund.ucpRefundNo,
      refundStatus: refund.refundStatus,
      refundSuccessTime: refund.refundSuccessTime?.toISOString() ?? null,
      totalRefundAmt: order.refundAmt,
    }),
    recall: async (remembered) => {
      const { ucpRefundNo, refundStatus, refundSuccessTime, totalRefundAmt } = remembered as RememberedRefund
      const { refund, order } = await queryRefund(deps.db, caller, { ucpRefundNo })
      const time = refundSuccessTime === null ? null : new Date(refundSuccessTime)
      return {
        refund: { ...refund, refundStatus, refundSuccessTime: time },
        order: { ...order, refundAmt: totalRefundAmt },
      }
    },
  }
}

type RememberedRefund = Remembered & {
  readonly ucpRefundNo: string
  readonly refundStatus: RefundStatus
  readonly refundSuccessTime: string | null
  readonly totalRefundAmt: number
}
