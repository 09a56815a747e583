import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../database/tx.ts'
import { deliverNotification, type DeliverDeps } from '../domain/notifications/deliver-notification.ts'
import type { Job } from '../domain/notifications/outbox.ts'
import type { Acquirers } from '../domain/orders/ask-acquirer.ts'
import { sendLink, type SendLinkDeps } from '../domain/members/send-link.ts'
import { tellOwners } from '../domain/members/tell-owners.ts'
import { expireOrder } from '../domain/orders/expire-order.ts'
import { resolveAttempt } from '../domain/orders/resolve-attempt.ts'
import { sendReversal } from '../domain/orders/send-reversal.ts'
import { sendRefund } from '../domain/refunds/send-refund.ts'
import type { JobHandler } from './run-worker.ts'

export interface JobDeps extends DeliverDeps, SendLinkDeps {
  readonly db: Database
  readonly acquirers: Acquirers
  readonly log: FastifyBaseLogger
}

/** Challenges wait for a person, so they are looked up at a walking pace. */
const RESOLVE_AGAIN_MS = 2_000

/** What the worker does for each kind of job. */
export function jobHandlers(deps: JobDeps): Record<Job, JobHandler> {
  return {
    'deliver-notification': async (caller, ref) => {
      const status = await deliverNotification(deps, caller, ref)
      if (status === 'failed') deps.log.error({ job: 'deliver-notification', ref }, 'a notification failed for good')
      return undefined // It has put itself off, by the contract's schedule.
    },
    'send-link': async (caller, ref) => ((await sendLink(deps, caller, ref)) ? undefined : {}),
    'tell-owners': async (caller, ref) => ((await tellOwners(deps, caller, ref)) ? undefined : {}),
    'send-refund': async (caller, ref) => ((await sendRefund(deps, caller, ref)) ? undefined : {}),
    'send-reversal': async (caller, ref) => ((await sendReversal(deps, caller, ref)) ? undefined : {}),
    'resolve-attempt': async (caller, ref) =>
      (await resolveAttempt(deps, caller, ref)) ? undefined : { afterMs: RESOLVE_AGAIN_MS },
    'expire-order': async (caller, ref) => {
      await expireOrder(deps.db, caller, ref)
      return undefined
    },
  }
}
