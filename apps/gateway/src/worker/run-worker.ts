import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../database/tx.ts'
import type { Caller } from '../domain/caller.ts'
import type { Clock } from '../domain/clock.ts'
import { postpone, takeJobs, type Job, type TakenJob } from '../domain/notifications/outbox.ts'

/** Does one piece of work; it takes the job off the queue itself, in the transaction of its effect. */
export type JobHandler = (caller: Caller, ref: string) => Promise<Again | undefined>

/** The work could not be finished: take it again after this many milliseconds; by the tries so far where absent. */
export interface Again {
  readonly afterMs?: number
}

export interface WorkerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: FastifyBaseLogger
  readonly handlers: Readonly<Record<Job, JobHandler>>
}

/** A running worker. */
export interface Worker {
  /** Takes no more work, and waits for what is under way. */
  stop(): Promise<void>
}

const IDLE_MS = 150
/** Longer than any handler's own time limit, so that a job is taken twice only after a death. */
const LEASE_MS = 30_000
const CONCURRENCY = 32
const LONGEST_WAIT_MS = 300_000

/** Drains the outbox until it is stopped. Any number of workers may run on one database. */
export function runWorker(deps: WorkerDeps): Worker {
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const running = drain(deps, { stopping: stopping.signal, underWay })
  return {
    async stop() {
      stopping.abort()
      await running
      await Promise.all(underWay)
    },
  }
}

interface Running {
  readonly stopping: AbortSignal
  readonly underWay: Set<Promise<void>>
}

async function drain(deps: WorkerDeps, { stopping, underWay }: Running): Promise<void> {
  while (!stopping.aborted) {
    const free = CONCURRENCY - underWay.size
    const jobs = free > 0 ? await take(deps, free) : []
    for (const job of jobs) {
      const work = perform(deps, job).finally(() => underWay.delete(work))
      underWay.add(work)
    }
    // A full batch means that more is waiting; anything less, that there is time to breathe.
    if (jobs.length < free || free === 0) await Promise.race([pause(stopping), ...(free === 0 ? underWay : [])])
  }
}

async function pause(stopping: AbortSignal): Promise<void> {
  await sleep(IDLE_MS, undefined, { signal: stopping }).catch(() => undefined)
}

async function take({ db, clock, log }: WorkerDeps, limit: number): Promise<TakenJob[]> {
  try {
    return await takeJobs(db, { now: clock.now(), leaseMs: LEASE_MS, limit })
  } catch (error) {
    log.error({ err: error }, 'the outbox cannot be read')
    await sleep(1_000) // The database is away; asking at full speed would not bring it back.
    return []
  }
}

async function perform({ db, clock, log, handlers }: WorkerDeps, taken: TakenJob): Promise<void> {
  const { merchantId, mode, job, ref, tries } = taken
  const caller: Caller = { merchantId, mode, actor: 'worker', requestId: null, now: clock.now() }
  let again: Again | undefined
  try {
    again = await handlers[job](caller, ref)
  } catch (error) {
    log.error({ err: error, job, ref, tries }, 'a job failed')
    again = {}
  }
  if (!again) return
  const waitMs = again.afterMs ?? Math.min(1_000 * 2 ** Math.min(tries, 10), LONGEST_WAIT_MS)
  try {
    await postpone(db, caller, { job, ref, dueAt: new Date(clock.now().getTime() + waitMs) })
  } catch (error) {
    log.error({ err: error, job, ref }, 'a job could not be put off; its lease will run out') // And then it comes again.
  }
}
