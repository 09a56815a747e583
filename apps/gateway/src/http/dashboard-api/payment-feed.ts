import type { FastifyBaseLogger } from 'fastify'
import type { PaymentRow } from '@ucanpay/wire/dashboard/payment-schemas'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../../domain/caller.ts'
import type { Clock } from '../../domain/clock.ts'
import { newestPayments } from '../../domain/reports/list-payments.ts'

const POLL_MS = 1_000
/** How many of the newest payments are watched. */
export const MOST_WATCHED = 100
/** What came between a page's list and its stream would else be seen by neither. */
const CAUGHT_UP_MS = 60_000

type Told = (rows: readonly PaymentRow[]) => void

/** Tells of payments that are new or changed. */
export interface PaymentFeed {
  /** Tells `told`, until the returned function is called. What came within the last minute is told at once. */
  watch(caller: Caller, told: Told): () => void
}

export interface PaymentFeedDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: FastifyBaseLogger
}

/** The newest payments of one merchant in one mode, read once a second for all who watch them. */
interface Watch {
  readonly viewers: Set<Told>
  /** As they were last read, by their number; undefined until they have been. */
  rows: ReadonlyMap<string, PaymentRow> | undefined
  timer: NodeJS.Timeout | undefined
}

/** A feed that asks the database once a second for each merchant and mode that somebody watches, and else not at all. */
export function createPaymentFeed(deps: PaymentFeedDeps): PaymentFeed {
  const watches = new Map<string, Watch>()
  return {
    watch(caller, told) {
      const name = `${caller.merchantId} ${caller.mode}`
      const watch = watches.get(name) ?? { viewers: new Set(), rows: undefined, timer: undefined }
      const viewer: Told = (rows) => told(rows) // Two views of one function are two viewers.
      watch.viewers.add(viewer)
      if (watch.rows) viewer(recent(watch.rows, deps.clock.now()))
      if (!watches.has(name)) {
        watches.set(name, watch)
        void poll(deps, caller, watch)
      }
      return () => {
        watch.viewers.delete(viewer)
        if (watch.viewers.size > 0 || watches.get(name) !== watch) return
        watches.delete(name)
        clearTimeout(watch.timer)
      }
    },
  }
}

async function poll(deps: PaymentFeedDeps, caller: Caller, watch: Watch): Promise<void> {
  try {
    const read = await newestPayments(deps.db, caller, MOST_WATCHED)
    const before = watch.rows
    watch.rows = new Map(read.map((row) => [row.ucpOrderNo, row]))
    const news = before ? read.filter((row) => differs(row, before)) : recent(watch.rows, deps.clock.now())
    if (news.length > 0) for (const viewer of watch.viewers) viewer(news)
  } catch (error) {
    deps.log.error({ err: error }, 'payments could not be read for who watches them; they come with the next second')
  }
  // One after the other: a slow database is not asked faster than it answers.
  if (watch.viewers.size > 0) watch.timer = setTimeout(() => void poll(deps, caller, watch), POLL_MS)
}

function differs(row: PaymentRow, before: ReadonlyMap<string, PaymentRow>): boolean {
  return JSON.stringify(before.get(row.ucpOrderNo)) !== JSON.stringify(row)
}

function recent(rows: ReadonlyMap<string, PaymentRow>, now: Date): PaymentRow[] {
  const since = new Date(now.getTime() - CAUGHT_UP_MS).toISOString()
  return [...rows.values()].filter(({ tranTime, timeEnd = '' }) => tranTime >= since || timeEnd >= since)
}
