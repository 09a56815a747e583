import { Readable } from 'node:stream'
import type { PaymentRow } from '@ucanpay/wire/dashboard/payment-schemas'
import { ApiError } from '../../domain/api-error.ts'
import { isAlive } from '../../domain/sessions/session.ts'
import type { App } from '../app.ts'
import { createPaymentFeed, MOST_WATCHED, type PaymentFeedDeps } from './payment-feed.ts'
import { staffOf, type Staff } from './staff.ts'

export type PaymentsStreamDeps = PaymentFeedDeps

/** Proxies end a connection that is silent for longer, and the stream of a session that has ended is closed this fast. */
const BEAT_MS = 15_000
const MOST_STREAMS = 10

/**
 * GET /dashboard-api/payments/stream: payments that are new or changed, as they come, while the session lasts: who
 * has signed out is told of nothing more. Watching does not keep a session alive.
 *
 * @see WHATWG HTML, server-sent events
 */
export function paymentsStreamRoute(app: App, deps: PaymentsStreamDeps): void {
  const feed = createPaymentFeed(deps)
  const open = new Map<PaymentEvents, string>()
  app.addHook('preClose', (done) => {
    for (const events of open.keys()) events.finish()
    done()
  })
  app.get(
    '/dashboard-api/payments/stream',
    { config: { access: 'session', right: 'payments:read', passive: true } },
    (request, reply) => {
      const staff = staffOf(request)
      const mine = [...open.values()].filter((memberId) => memberId === staff.memberId)
      if (mine.length >= MOST_STREAMS) throw new ApiError('FREQUENCY_LIMITED', `${mine.length} streams are open`)
      const events = new PaymentEvents()
      open.set(events, staff.memberId)
      let turn = Promise.resolve() // One after the other, so that an older state is never told after a newer one.
      const whileAlive = (act: () => void): void => {
        turn = turn.then(() => actOrEnd(deps, staff, { events, act }))
      }
      const unwatch = feed.watch(staff.caller, (rows) => whileAlive(() => events.tell(rows)))
      const beat = setInterval(() => whileAlive(() => events.beat()), BEAT_MS)
      events.on('close', () => {
        clearInterval(beat)
        unwatch()
        open.delete(events)
      })
      return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(events)
    },
  )
}

async function actOrEnd(
  deps: PaymentsStreamDeps,
  { caller, sessionId }: Staff,
  { events, act }: { events: PaymentEvents; act: () => void },
): Promise<void> {
  // Where it cannot be known, the stream ends as well: the page asks anew, and is let in or not.
  const alive = await isAlive(deps.db, { ...caller, now: deps.clock.now() }, sessionId).catch(() => false)
  if (alive) act()
  else events.finish()
}

/**
 * The events of one viewer. Who reads slowly gets less often what has changed since: the last state of each payment, of the
 * 100 that changed last, so that nothing piles up for who does not read at all.
 */
class PaymentEvents extends Readable {
  readonly #changed = new Map<string, PaymentRow>()
  #comment = true // At once: a browser takes the stream for open when its first bytes are there.
  #ready = false
  #ended = false

  override _read(): void {
    this.#ready = true
    this.#flush()
  }

  tell(rows: readonly PaymentRow[]): void {
    for (const row of rows) {
      this.#changed.delete(row.ucpOrderNo)
      this.#changed.set(row.ucpOrderNo, row)
    }
    for (const ucpOrderNo of this.#changed.keys()) {
      if (this.#changed.size <= MOST_WATCHED) break
      this.#changed.delete(ucpOrderNo)
    }
    this.#flush()
  }

  beat(): void {
    this.#comment = true
    this.#flush()
  }

  finish(): void {
    if (this.#ended) return
    this.#ended = true
    this.push(null)
  }

  #flush(): void {
    if (!this.#ready || this.#ended) return
    const comment = this.#comment ? ':\n\n' : ''
    const rows = [...this.#changed.values()]
    const event = rows.length > 0 ? `event: payments\ndata: ${JSON.stringify(rows)}\n\n` : ''
    this.#comment = false
    this.#changed.clear()
    if (comment + event !== '') this.#ready = this.push(comment + event)
  }
}
