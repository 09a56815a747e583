import type { CaptureRequest } from '@ucanpay/wire/payment-requests'
import type { Acquirer, FollowUpRequest } from '../../acquirers/acquirer.ts'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'
import { enqueue, postpone } from '../notifications/outbox.ts'
import { answerOf, type Acquirers } from './ask-acquirer.ts'
import { lockOrder, type Order } from './order.ts'
import { insertAttempt, latestAttempt } from './payment-attempt.ts'
import { settleAttempt } from './settle-attempt.ts'

const RESOLVE_AFTER_MS = 30_000

/** What capturing needs. */
export interface CaptureDeps {
  readonly db: Database
  readonly acquirers: Acquirers
  readonly clock: Clock
}

/**
 * Takes held money, all or part of it; what is left of the hold is released. The same amount again gives the same
 * answer.
 *
 * @throws ApiError ORDER_NOT_READY where nothing is held; ORDERPAID where another amount was taken; ORDERCLOSED;
 *   INVALID_REQUEST where more would be taken than is held; BIZERR_NEED_RETRY while the acquirer's answer is open;
 *   ERROR where the acquirer refused
 * @see contract §4 /payment/capture
 */
export async function captureOrder(deps: CaptureDeps, caller: Caller, request: CaptureRequest): Promise<Order> {
  const acquirer = deps.acquirers(caller.mode)
  if (!acquirer) throw new ApiError('USER_ACCOUNT_ABNORMAL', 'no acquirer is connected in this mode')
  const begun = await deps.db.transaction((tx) => begin(tx, caller, { request, acquirer }))
  if ('order' in begun) return begun.order
  const { capture, ucpOrderNo } = begun
  const attemptId = capture.operationId
  const outcome = await answerOf(() => acquirer.capture(capture))
  const after = { ...caller, now: deps.clock.now() }
  if (!outcome) {
    await postpone(deps.db, after, { job: 'resolve-attempt', ref: attemptId, dueAt: after.now })
    throw new ApiError('BIZERR_NEED_RETRY', 'the acquirer has not answered')
  }
  const order = await deps.db.transaction((tx) => settleAttempt(tx, after, { attemptId, ucpOrderNo, outcome }))
  if (outcome.status === 'refused') throw new ApiError('ERROR', `the acquirer refused the capture: ${outcome.reason}`)
  return order
}

type Begun = { readonly order: Order } | { readonly capture: FollowUpRequest; readonly ucpOrderNo: string }

async function begin(
  tx: Tx,
  caller: Caller,
  { request, acquirer }: { request: CaptureRequest; acquirer: Acquirer },
): Promise<Begun> {
  const order = await lockOrder(tx, caller, request)
  const { ucpOrderNo } = order
  const amount = request.captureAmt ?? order.totalAmt
  if (order.tradeStatus === 'CLOSED' || order.tradeStatus === 'REVOKED') {
    throw new ApiError('ORDERCLOSED', `the order is ${order.tradeStatus}`)
  }
  if (order.tradeStatus === 'SUCCESS' || order.tradeStatus === 'REFUND') {
    const repeated = order.captureMode === 'manual' && order.capturedAmt === amount
    if (repeated) return { order }
    throw new ApiError('ORDERPAID', `${order.capturedAmt} was captured already`)
  }
  if (order.tradeStatus !== 'AUTHORIZED') throw new ApiError('ORDER_NOT_READY', `the order is ${order.tradeStatus}`)
  if (amount > order.totalAmt) throw new ApiError('INVALID_REQUEST', `${order.totalAmt} is held`)
  const earlier = await latestAttempt(tx, caller, { ucpOrderNo, operation: 'capture' })
  if (earlier?.status === 'pending') throw new ApiError('BIZERR_NEED_RETRY', 'a capture is open')
  const authorisation = await latestAttempt(tx, caller, { ucpOrderNo, operation: 'authorise' })
  if (!authorisation) throw new Error('an authorised order without an authorisation')
  const attemptId = newId('att', caller.now)
  await insertAttempt(tx, caller, { attemptId, ucpOrderNo, operation: 'capture', amount, acquirer: acquirer.name })
  const dueAt = new Date(caller.now.getTime() + RESOLVE_AFTER_MS)
  await enqueue(tx, caller, { job: 'resolve-attempt', ref: attemptId, dueAt })
  return {
    ucpOrderNo,
    capture: { operationId: attemptId, mode: caller.mode, authorisationId: authorisation.attemptId, amount },
  }
}
