import type { UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import type { TradeStatus } from '@ucanpay/wire/statuses'
import type { Database, Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import type { Remembered, Task } from '../idempotency/run-once.ts'
import { newOutNumber } from '../ids.ts'
import type { AddressGuard } from '../notifications/address-guard.ts'
import { cancelOrder } from './cancel-order.ts'
import { captureOrder, type CaptureDeps } from './capture-order.ts'
import { createOrder } from './create-order.ts'
import { findOrder, findOrderByEither, type Order } from './order.ts'

/** Placing an order: its `outTradeNo` is the number that it is done under. */
export function placing(
  deps: { db: Database; addresses: AddressGuard },
  caller: Caller,
  request: UnifiedOrderRequest,
): Task<Order> {
  return {
    numberOf: () => request.outTradeNo ?? newOutNumber(caller.now),
    perform: (outTradeNo) => createOrder(deps, caller, { ...request, outTradeNo }),
    ...memory(deps.db, caller),
  }
}

/** Taking held money, all that is held where `captureAmt` is absent. @param of.id either number of the order */
export function capturing(
  deps: CaptureDeps,
  caller: Caller,
  { id, captureAmt }: { id: string; captureAmt?: number | undefined },
): Task<Order> {
  return {
    numberOf: () => id,
    perform: async (number) => {
      const { ucpOrderNo } = await findOrderByEither(deps.db, caller, number)
      return captureOrder(deps, caller, { ucpOrderNo, ...(captureAmt === undefined ? {} : { captureAmt }) })
    },
    ...memory(deps.db, caller),
  }
}

/** Ending an order. @param id either number of it */
export function cancelling(deps: Parameters<typeof cancelOrder>[0], caller: Caller, id: string): Task<Order> {
  return {
    numberOf: () => id,
    perform: async (number) => {
      const { ucpOrderNo } = await findOrderByEither(deps.db, caller, number)
      return cancelOrder(deps, caller, { ucpOrderNo })
    },
    ...memory(deps.db, caller),
  }
}

/** What an order's answer is made of again: what may have changed since; the rest stands in its row for good. */
function memory(tx: Tx, caller: Caller): Pick<Task<Order>, 'remember' | 'recall'> {
  return {
    remember: ({ ucpOrderNo, tradeStatus, capturedAmt, refundAmt, timeEnd }) => ({
      ucpOrderNo,
      tradeStatus,
      capturedAmt,
      refundAmt,
      timeEnd: timeEnd?.toISOString() ?? null,
    }),
    recall: async (remembered) => {
      const { ucpOrderNo, timeEnd, ...then } = remembered as RememberedOrder
      const order = await findOrder(tx, caller, { ucpOrderNo })
      return { ...order, ...then, timeEnd: timeEnd === null ? null : new Date(timeEnd) }
    },
  }
}

type RememberedOrder = Remembered & {
  readonly ucpOrderNo: string
  readonly tradeStatus: TradeStatus
  readonly capturedAmt: number
  readonly refundAmt: number
  readonly timeEnd: string | null
}
