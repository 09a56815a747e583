import { findCardNumbers } from '@ucanpay/redaction/card-numbers'
import type { UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import { isNotifyUrl, isReturnUrl } from './addresses.ts'
import { behaviourOf, type Payment } from './cards.ts'
import { notifyOfPayment } from './notifications.ts'
import { Refusal } from './refusal.ts'
import { addToBalance, byOutTradeNo, newGatewayNumber, newOutNumber, type Order, type State } from './state.ts'

const DEFAULT_EXPIRES_IN_S = 7_200
const REVERSIBLE_FOR_MS = 7 * 86_400_000
/** An attempt that the acquirer has not seen by now is taken back. */
const UNSEEN_LIMIT_MS = 20_000
/** A buyer has this long for a challenge. */
const CHALLENGE_LIMIT_MS = 10 * 60_000

/** Members of an order that a repeat has to repeat. */
const BUSINESS_VALUES = [
  'subject',
  'body',
  'totalAmt',
  'currency',
  'sceneType',
  'captureMode',
  'notifyUrl',
  'returnUrl',
  'deviceNo',
  'expiresInS',
] as const

/** @throws Refusal PARAM_ERROR for a card number in a text that is stored and shown as it is */
export function refuseCardNumbers(texts: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined || findCardNumbers(text).length === 0) continue
    throw new Refusal('PARAM_ERROR', { failures: [{ pointer: `/${name}`, rule: 'cardNumber' }] })
  }
}

/** @throws Refusal PARAM_ERROR for an address that notifications may not go to */
export function requireNotifyUrl(address: string): void {
  if (isNotifyUrl(address)) return
  throw new Refusal('PARAM_ERROR', { failures: [{ pointer: '/notifyUrl', rule: 'address' }] })
}

/**
 * Places an order; the same values under the same `outTradeNo` are the same order.
 *
 * @throws Refusal OUT_TRADE_NO_USED, PARAM_ERROR
 */
export function placeOrder(state: State, request: UnifiedOrderRequest): Order {
  const { subject, body, deviceNo, returnUrl, expiresIn = DEFAULT_EXPIRES_IN_S } = request
  refuseCardNumbers({ subject, body, deviceNo })
  requireNotifyUrl(request.notifyUrl)
  if (returnUrl !== undefined && !isReturnUrl(returnUrl)) {
    throw new Refusal('PARAM_ERROR', { failures: [{ pointer: '/returnUrl', rule: 'format' }] })
  }
  const now = state.clock.now()
  const order: Order = {
    ucpOrderNo: newGatewayNumber(state),
    outTradeNo: request.outTradeNo ?? newOutNumber(state),
    subject,
    body,
    totalAmt: request.totalAmt,
    currency: request.currency ?? 'CAD',
    sceneType: request.sceneType,
    captureMode: request.captureMode ?? 'automatic',
    notifyUrl: request.notifyUrl,
    returnUrl: returnUrl ?? null,
    deviceNo: deviceNo ?? null,
    expiresInS: expiresIn,
    expiresAt: new Date(now.getTime() + expiresIn * 1000),
    tranTime: now,
    attempts: [],
    tradeStatus: 'NOTPAY',
    capturedAmt: 0,
    refundAmt: 0,
    refundCount: 0,
    timeEnd: null,
  }
  const earlier = byOutTradeNo(state, order.outTradeNo)
  if (earlier) {
    if (BUSINESS_VALUES.some((name) => earlier[name] !== order[name])) throw new Refusal('OUT_TRADE_NO_USED')
    return earlier
  }
  state.orders.set(order.ucpOrderNo, order)
  return order
}

/** @throws Refusal ORDERCLOSED, ORDERPAID, BIZERR_NEED_RETRY */
export function closeOrder(order: Order): Order {
  if (order.tradeStatus === 'CLOSED') return order
  if (order.tradeStatus === 'REVOKED') throw new Refusal('ORDERCLOSED')
  if (order.tradeStatus === 'USERPAYING') throw new Refusal('BIZERR_NEED_RETRY')
  if (order.tradeStatus !== 'NOTPAY' && order.tradeStatus !== 'PAYERROR') throw new Refusal('ORDERPAID')
  order.tradeStatus = 'CLOSED'
  return order
}

/** @throws Refusal ORDERCLOSED, BIZERR_NEED_RETRY, ORDER_NOT_READY, TRADE_OVERDUE, NOTENOUGH */
export function reverseOrder(state: State, order: Order): Order {
  if (order.tradeStatus === 'REVOKED') return order
  if (order.tradeStatus === 'CLOSED') throw new Refusal('ORDERCLOSED')
  if (order.tradeStatus === 'USERPAYING') throw new Refusal('BIZERR_NEED_RETRY')
  if (order.tradeStatus === 'REFUND' || order.refundAmt > 0) throw new Refusal('ORDER_NOT_READY')
  if (order.tradeStatus === 'SUCCESS') {
    const paidAt = order.timeEnd?.getTime() ?? 0
    if (state.clock.now().getTime() - paidAt > REVERSIBLE_FOR_MS) throw new Refusal('TRADE_OVERDUE')
    if (order.capturedAmt > (state.balances.get(order.currency) ?? 0)) throw new Refusal('NOTENOUGH')
    addToBalance(state, order.currency, -order.capturedAmt)
  }
  order.tradeStatus = 'REVOKED'
  order.refundAmt = order.capturedAmt
  return order
}

/** Ends an order, whatever it takes. @throws Refusal what closing and reversing throw */
export function cancelOrder(state: State, order: Order): Order {
  const { tradeStatus } = order
  const unpaid = tradeStatus === 'NOTPAY' || tradeStatus === 'PAYERROR' || tradeStatus === 'CLOSED'
  return unpaid ? closeOrder(order) : reverseOrder(state, order)
}

/** Takes held money. @throws Refusal ORDERCLOSED, ORDERPAID, ORDER_NOT_READY, INVALID_REQUEST */
export function captureOrder(state: State, order: Order, captureAmt: number | undefined): Order {
  const amount = captureAmt ?? order.totalAmt
  const { tradeStatus } = order
  if (tradeStatus === 'CLOSED' || tradeStatus === 'REVOKED') throw new Refusal('ORDERCLOSED')
  if (tradeStatus === 'SUCCESS' || tradeStatus === 'REFUND') {
    if (order.captureMode === 'manual' && order.capturedAmt === amount) return order
    throw new Refusal('ORDERPAID')
  }
  if (tradeStatus !== 'AUTHORIZED') throw new Refusal('ORDER_NOT_READY')
  if (amount > order.totalAmt) throw new Refusal('INVALID_REQUEST')
  return payInto(state, order, amount)
}

/**
 * A buyer pays.
 *
 * @throws Refusal ORDER_NOT_READY while another attempt is open; ORDERCLOSED, also past its expiry; ORDERPAID
 * @throws UCanPayConfigError for what is no card number
 */
export function payOrder(state: State, order: Order, payment: Payment): Order {
  const behaviour = behaviourOf(payment)
  const { tradeStatus } = order
  const now = state.clock.now()
  if (tradeStatus === 'USERPAYING') throw new Refusal('ORDER_NOT_READY')
  if (tradeStatus === 'CLOSED' || tradeStatus === 'REVOKED') throw new Refusal('ORDERCLOSED')
  if (tradeStatus !== 'NOTPAY' && tradeStatus !== 'PAYERROR') throw new Refusal('ORDERPAID')
  if (order.expiresAt <= now) throw new Refusal('ORDERCLOSED')
  order.attempts.push({ startedAt: now, behaviour, status: 'unanswered', reason: undefined })
  order.tradeStatus = 'USERPAYING'
  if (behaviour.answerLost === true || behaviour.requestLost === true) return order
  if (behaviour.challenge === true) {
    openAttempt(order).status = 'challenge'
    return order
  }
  return settle(state, order, behaviour.refusal)
}

/** The buyer answers the bank's question. @throws Refusal NOT_FOUND where none is open */
export function answerChallenge(state: State, order: Order, passed: boolean): Order {
  if (order.tradeStatus !== 'USERPAYING' || openAttempt(order).status !== 'challenge') throw new Refusal('NOT_FOUND')
  return settle(state, order, passed ? undefined : 'challenge_failed')
}

/** Looks up what became of a payment whose answer has not come, as the gateway's worker does. */
export function lookUpPayment(state: State, order: Order): void {
  if (order.tradeStatus !== 'USERPAYING') return
  const { startedAt, behaviour, status } = openAttempt(order)
  const age = state.clock.now().getTime() - startedAt.getTime()
  if (status === 'challenge') {
    if (age > CHALLENGE_LIMIT_MS) settle(state, order, 'challenge_failed')
  } else if (behaviour.answerLost === true) settle(state, order, undefined)
  else if (age > UNSEEN_LIMIT_MS) settle(state, order, 'not_received')
}

/** Closes unpaid orders whose time is up. */
export function closeExpired(state: State): void {
  const now = state.clock.now()
  for (const order of state.orders.values()) {
    const unpaid = order.tradeStatus === 'NOTPAY' || order.tradeStatus === 'PAYERROR'
    if (unpaid && order.expiresAt <= now) order.tradeStatus = 'CLOSED'
  }
}

function openAttempt(order: Order): Order['attempts'][number] {
  const attempt = order.attempts.at(-1)
  if (!attempt) throw new Error('an order is being paid without an attempt')
  return attempt
}

function settle(state: State, order: Order, refusal: Order['attempts'][number]['reason']): Order {
  const attempt = openAttempt(order)
  attempt.status = refusal === undefined ? 'succeeded' : 'refused'
  attempt.reason = refusal
  if (refusal !== undefined) {
    order.tradeStatus = 'PAYERROR'
    return order
  }
  if (order.captureMode === 'automatic') return payInto(state, order, order.totalAmt)
  order.tradeStatus = 'AUTHORIZED'
  notifyOfPayment(state, order)
  return order
}

function payInto(state: State, order: Order, amount: number): Order {
  order.tradeStatus = 'SUCCESS'
  order.capturedAmt = amount
  order.timeEnd = state.clock.now()
  addToBalance(state, order.currency, amount)
  notifyOfPayment(state, order)
  return order
}
