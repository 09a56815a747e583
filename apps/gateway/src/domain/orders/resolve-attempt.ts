import type { Acquirer, Outcome } from '../../acquirers/acquirer.ts'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { dequeue } from '../notifications/outbox.ts'
import { answerOf, type Acquirers } from './ask-acquirer.ts'
import { findAttempt, latestAttempt, type PaymentAttempt } from './payment-attempt.ts'
import { CHALLENGE_LIMIT_MS, settleAttempt } from './settle-attempt.ts'

/** An attempt that the acquirer has not seen by now is taken back rather than waited for. */
const UNSEEN_LIMIT_MS = 20_000

export interface ResolveDeps {
  readonly db: Database
  readonly acquirers: Acquirers
}

/**
 * Finds out what became of an attempt whose answer did not come, by asking the acquirer, and settles it.
 *
 * Only authorisations that the acquirer has not seen, or challenges that nobody answered, are taken back by a void;
 * after it the acquirer refuses them even if they arrive late, and a second look-up tells so.
 *
 * @returns true where the attempt is settled now, or was; false where it is still open
 */
export async function resolveAttempt(deps: ResolveDeps, caller: Caller, attemptId: string): Promise<boolean> {
  const attempt = await findAttempt(deps.db, caller, attemptId)
  if (!attempt || attempt.status === 'succeeded' || attempt.status === 'refused') {
    await dequeue(deps.db, caller, { job: 'resolve-attempt', ref: attemptId })
    return true
  }
  const acquirer = deps.acquirers(caller.mode)
  if (!acquirer) return false
  const outcome = await answerOf(() => askAbout({ acquirer, db: deps.db }, caller, attempt))
  if (!outcome) return false
  await deps.db.transaction((tx) => settleAttempt(tx, caller, { attemptId, ucpOrderNo: attempt.ucpOrderNo, outcome }))
  return outcome.status !== 'challenge'
}

async function askAbout(
  { acquirer, db }: { acquirer: Acquirer; db: Database },
  caller: Caller,
  attempt: PaymentAttempt,
): Promise<Outcome | undefined> {
  const known = { operationId: attempt.attemptId, mode: caller.mode }
  const found = await acquirer.lookUp(known)
  const age = caller.now.getTime() - attempt.startedAt.getTime()
  const overdue =
    (found.status === 'unseen' && age > UNSEEN_LIMIT_MS) || (found.status === 'challenge' && age > CHALLENGE_LIMIT_MS)
  if (attempt.operation === 'capture' && found.status === 'unseen') {
    const authorisation = await latestAttempt(db, caller, { ucpOrderNo: attempt.ucpOrderNo, operation: 'authorise' })
    if (!authorisation) throw new Error('a capture without an authorisation')
    return acquirer.capture({ ...known, authorisationId: authorisation.attemptId, amount: attempt.amount })
  }
  if (!overdue) return found.status === 'unseen' ? undefined : found
  await acquirer.void({
    operationId: newId('att', caller.now),
    mode: caller.mode,
    authorisationId: attempt.attemptId,
    amount: attempt.amount,
  })
  const after = await acquirer.lookUp(known)
  return after.status === 'unseen' || after.status === 'challenge' ? undefined : after
}
