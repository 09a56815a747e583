import { createHash, randomBytes } from 'node:crypto'
import type { RefundStatus, SceneType, TradeStatus } from '@ucanpay/wire/statuses'
import type { CardBehaviour, DeclineReason } from './cards.ts'
import { Refusal } from './refusal.ts'

/** One try to pay an order. */
export interface Attempt {
  readonly startedAt: Date
  readonly behaviour: CardBehaviour
  status: 'unanswered' | 'challenge' | 'succeeded' | 'refused'
  reason: DeclineReason | 'not_received' | undefined
}

/** An order as the test gateway keeps it. Amounts are minor units of `currency`. */
export interface Order {
  readonly ucpOrderNo: string
  readonly outTradeNo: string
  readonly subject: string
  readonly body: string
  readonly totalAmt: number
  readonly currency: string
  readonly sceneType: SceneType
  readonly captureMode: 'automatic' | 'manual'
  readonly notifyUrl: string
  readonly returnUrl: string | null
  readonly deviceNo: string | null
  readonly expiresInS: number
  expiresAt: Date
  readonly tranTime: Date
  readonly attempts: Attempt[]
  tradeStatus: TradeStatus
  capturedAmt: number
  /** Given back or on its way. */
  refundAmt: number
  refundCount: number
  timeEnd: Date | null
}

/** A refund as the test gateway keeps it. */
export interface Refund {
  readonly ucpRefundNo: string
  readonly outRefundNo: string
  readonly ucpOrderNo: string
  readonly refundAmt: number
  readonly refundDesc: string
  readonly notifyUrl: string | null
  readonly createdAt: Date
  refundStatus: RefundStatus
  refundSuccessTime: Date | null
}

/** A write that was done under an `Idempotency-Key`; without an answer where it may be tried again. */
export interface Done {
  readonly hash: string
  readonly number: string
  readonly expiresAt: number
  answer: unknown
}

/** What a merchant is to be told; signed at each attempt. */
export interface TestNotification {
  readonly notificationId: string
  readonly kind: 'payment' | 'refund'
  readonly outTradeNo: string
  readonly notifyUrl: string
  readonly data: Readonly<Record<string, string | number>>
  attempts: number
  status: 'pending' | 'delivered' | 'failed'
}

/** Everything that a test gateway remembers. It ends with the process. */
export interface State {
  readonly merchantId: string
  readonly clock: { now(): Date }
  readonly random: Random
  /** By `ucpOrderNo`, in the order in which they came. */
  readonly orders: Map<string, Order>
  readonly refunds: Map<string, Refund>
  readonly notifications: TestNotification[]
  /** Until when a nonce is kept, ms. */
  readonly nonces: Map<string, number>
  readonly done: Map<string, Done>
  /** What the merchant is owed, by currency. */
  readonly balances: Map<string, number>
}

/** Bytes for ids and nonces: of the system, or of a seed and then the same in every run. */
export type Random = (count: number) => Buffer

/** @param seed makes ids and nonces the same in each run */
export function createRandom(seed: number | undefined): Random {
  if (seed === undefined) return randomBytes
  let drawn = 0
  return (count) => {
    const blocks: Buffer[] = []
    for (let made = 0; made < count; made += 32) {
      blocks.push(createHash('sha256').update(`${seed} ${drawn++}`).digest())
    }
    return Buffer.concat(blocks).subarray(0, count)
  }
}

/** `req_…`, `msg_…`: sorts by time. */
export function newId(state: Pick<State, 'random'>, prefix: string, now: Date): string {
  return `${prefix}_${now.getTime().toString(32).padStart(10, '0')}${state.random(8).toString('hex')}`
}

/** 20 digits: 13 of milliseconds, 7 that count, so that of two in one millisecond the later one has the larger. */
export function newGatewayNumber(state: State): string {
  const count = state.orders.size + state.refunds.size
  return String(state.clock.now().getTime()).padStart(13, '0') + String(count % 10_000_000).padStart(7, '0')
}

/** A merchant's number where the merchant gave none: 32 characters of [0-9A-Z]. */
export function newOutNumber(state: State): string {
  return `UCP${state.random(15).toString('hex').toUpperCase()}`.slice(0, 32)
}

/** Names an order by one of its numbers. */
export interface OrderRef {
  readonly ucpOrderNo?: string | undefined
  readonly outTradeNo?: string | undefined
}

/** @throws Refusal LACK_PARAMS where the reference has no number; ORDERNOTEXIST */
export function findOrder(state: State, { ucpOrderNo, outTradeNo }: OrderRef): Order {
  if (ucpOrderNo === undefined && outTradeNo === undefined) {
    throw new Refusal('LACK_PARAMS', { failures: [{ pointer: '/ucpOrderNo', rule: 'required' }] })
  }
  const order = ucpOrderNo === undefined ? byOutTradeNo(state, outTradeNo) : state.orders.get(ucpOrderNo)
  if (!order) throw new Refusal('ORDERNOTEXIST')
  return order
}

/** @throws Refusal ORDERNOTEXIST */
export function findOrderByEither(state: State, number: string): Order {
  const order = state.orders.get(number) ?? byOutTradeNo(state, number)
  if (!order) throw new Refusal('ORDERNOTEXIST')
  return order
}

/** The order of that number, or none. */
export function byOutTradeNo(state: State, outTradeNo: string | undefined): Order | undefined {
  return [...state.orders.values()].find((order) => order.outTradeNo === outTradeNo)
}

/** Names a refund by one of its numbers. */
export interface RefundRef {
  readonly ucpRefundNo?: string | undefined
  readonly outRefundNo?: string | undefined
}

/** @throws Refusal LACK_PARAMS where the reference has no number; REFUNDNOTEXIST */
export function findRefund(state: State, { ucpRefundNo, outRefundNo }: RefundRef): Refund {
  if (ucpRefundNo === undefined && outRefundNo === undefined) {
    throw new Refusal('LACK_PARAMS', { failures: [{ pointer: '/outRefundNo', rule: 'required' }] })
  }
  const refund = ucpRefundNo === undefined ? byOutRefundNo(state, outRefundNo) : state.refunds.get(ucpRefundNo)
  if (!refund) throw new Refusal('REFUNDNOTEXIST')
  return refund
}

/** @throws Refusal REFUNDNOTEXIST */
export function findRefundByEither(state: State, number: string): Refund {
  const refund = state.refunds.get(number) ?? byOutRefundNo(state, number)
  if (!refund) throw new Refusal('REFUNDNOTEXIST')
  return refund
}

/** The refund of that number, or none. */
export function byOutRefundNo(state: State, outRefundNo: string | undefined): Refund | undefined {
  return [...state.refunds.values()].find((refund) => refund.outRefundNo === outRefundNo)
}

/** Adds to what the merchant is owed, or takes from it. @param amount minor units, may be negative */
export function addToBalance(state: State, currency: string, amount: number): void {
  state.balances.set(currency, (state.balances.get(currency) ?? 0) + amount)
}
