import type { Database } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { EncryptedCard } from '../cards/card-entry-key.ts'
import { insertCard, type CardVault } from '../cards/card-vault.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'
import { enqueue, postpone } from '../notifications/outbox.ts'
import { answerOf, type Acquirers } from './ask-acquirer.ts'
import { moveOrder } from './move-order.ts'
import { lockOrder, type Order } from './order.ts'
import { insertAttempt } from './payment-attempt.ts'
import { settleAttempt } from './settle-attempt.ts'

/** What moving money needs. */
export interface PayDeps {
  readonly db: Database
  readonly acquirers: Acquirers
  readonly cards: CardVault
  readonly clock: Clock
}

/** If the process dies in between, a worker takes the attempt up after this. Longer than any acquirer's time limit. */
const RESOLVE_AFTER_MS = 30_000

/**
 * Pays an order with a card, in three steps: the attempt is recorded, the acquirer is asked, the outcome is recorded.
 * The card stays encrypted to the vault, which alone opens it and takes it to the acquirer.
 *
 * @param payment.returnUrl where a challenge sends the buyer back to
 * @returns the order: SUCCESS, AUTHORIZED, PAYERROR, or USERPAYING while a challenge or an unknown answer is open
 * @throws ApiError ORDERPAID; ORDERCLOSED, also past its expiry; ORDER_NOT_READY while another attempt is open;
 *   USER_ACCOUNT_ABNORMAL where no acquirer is connected in this mode
 */
export async function payOrder(
  deps: PayDeps,
  caller: Caller,
  payment: { ucpOrderNo: string; card: EncryptedCard; returnUrl: string },
): Promise<Order> {
  const acquirer = deps.acquirers(caller.mode)
  if (!acquirer) throw new ApiError('USER_ACCOUNT_ABNORMAL', 'no acquirer is connected in this mode')
  const sealed = await deps.cards.seal(caller, payment.card)
  const attemptId = newId('att', caller.now)
  const { ucpOrderNo } = payment

  const order = await deps.db.transaction(async (tx) => {
    const found = await lockOrder(tx, caller, { ucpOrderNo })
    refuseUnpayable(found, caller.now)
    await insertCard(tx, caller, sealed)
    await insertAttempt(tx, caller, {
      attemptId,
      ucpOrderNo,
      operation: 'authorise',
      amount: found.totalAmt,
      acquirer: acquirer.name,
      card: sealed,
    })
    const dueAt = new Date(caller.now.getTime() + RESOLVE_AFTER_MS)
    await enqueue(tx, caller, { job: 'resolve-attempt', ref: attemptId, dueAt })
    return moveOrder(tx, caller, { order: found, to: { tradeStatus: 'USERPAYING' } })
  })

  const outcome = await answerOf(() =>
    deps.cards.authorise(caller, {
      operationId: attemptId,
      amount: order.totalAmt,
      currency: order.currency,
      capture: order.captureMode === 'automatic',
      card: payment.card,
      returnUrl: payment.returnUrl,
    }),
  )
  const after = { ...caller, now: deps.clock.now() }
  if (!outcome) {
    await postpone(deps.db, after, { job: 'resolve-attempt', ref: attemptId, dueAt: after.now })
    return order
  }
  return deps.db.transaction((tx) => settleAttempt(tx, after, { attemptId, ucpOrderNo, outcome }))
}

function refuseUnpayable(order: Order, now: Date): void {
  const { tradeStatus } = order
  if (tradeStatus === 'USERPAYING') throw new ApiError('ORDER_NOT_READY', 'another attempt is open')
  if (tradeStatus === 'CLOSED' || tradeStatus === 'REVOKED')
    throw new ApiError('ORDERCLOSED', `the order is ${tradeStatus}`)
  if (tradeStatus !== 'NOTPAY' && tradeStatus !== 'PAYERROR')
    throw new ApiError('ORDERPAID', `the order is ${tradeStatus}`)
  if (order.expiresAt <= now) throw new ApiError('ORDERCLOSED', 'the order has expired')
}
