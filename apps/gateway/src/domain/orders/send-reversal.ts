import type { Database } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { postEntries } from '../ledger/post-entries.ts'
import { dequeue } from '../notifications/outbox.ts'
import { answerOf, type Acquirers } from './ask-acquirer.ts'
import { lockOrder } from './order.ts'
import { findAttempt, latestAttempt, updateAttempt } from './payment-attempt.ts'

/**
 * Sends a reversal to the acquirer and records its outcome. The acquirer does it once under the attempt's number,
 * however often it is asked.
 *
 * @returns false where the acquirer did not answer and the job has to come again
 */
export async function sendReversal(
  deps: { db: Database; acquirers: Acquirers },
  caller: Caller,
  attemptId: string,
): Promise<boolean> {
  const attempt = await findAttempt(deps.db, caller, attemptId)
  const acquirer = deps.acquirers(caller.mode)
  if (!attempt || !acquirer) throw new Error('a reversal without an attempt or an acquirer')
  const { ucpOrderNo, operation, amount } = attempt
  const authorisation = await latestAttempt(deps.db, caller, { ucpOrderNo, operation: 'authorise' })
  if (!authorisation) throw new Error('a reversal without an authorisation')
  const request = { operationId: attemptId, mode: caller.mode, authorisationId: authorisation.attemptId, amount }
  const outcome = await answerOf(() => (operation === 'void' ? acquirer.void(request) : acquirer.refund(request)))
  if (!outcome || outcome.status === 'challenge') return false

  await deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, caller, { ucpOrderNo })
    await dequeue(tx, caller, { job: 'send-reversal', ref: attemptId })
    const current = await findAttempt(tx, caller, attemptId)
    if (current?.status !== 'pending') return // Another worker was quicker.
    await updateAttempt(tx, caller, { attemptId, ...outcome })
    await recordAudit(tx, caller, { action: `reversal.${outcome.status}`, target: ucpOrderNo })
    // A refused reversal leaves its money in refunds_pending, where it is seen until a person has settled it.
    if (operation === 'void' || outcome.status === 'refused') return
    await postEntries(tx, caller, [
      {
        kind: 'reversal-sent',
        debit: 'refunds_pending',
        credit: 'acquirer_receivable',
        amount,
        currency: order.currency,
        ucpOrderNo,
        ref: attemptId,
      },
    ])
  })
  return true
}
