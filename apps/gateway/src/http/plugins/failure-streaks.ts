import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../../domain/api-error.ts'
import { clearFailures, countFailure } from '../../domain/api-keys/key-use.ts'
import type { Caller } from '../../domain/caller.ts'
import type { Account } from '../../domain/merchants/account.ts'
import type { App } from '../app.ts'

export interface StreakDeps {
  readonly db: Tx
  readonly limits: { readonly failuresInARow: number }
}

/** Refuses keys that only fail. */
export interface FailureStreaks {
  /** @throws ApiError INVALID_REQ_TOO_MUCH */
  require(request: FastifyRequest, reply: FastifyReply, account: Account): void
}

interface Streak {
  failures: number
  blockedUntil: Date | undefined
  /** What was counted so far is in the database then. */
  written: Promise<unknown>
}

const BLOCK_MS = 60_000
const MOST_STREAKS = 10_000

/**
 * Counts failed requests of each key in a row: in memory, so that the one after the last is refused at once, and in the
 * database, so that it holds in every process. A key that does not fail costs nothing.
 *
 * @see contract §5, INVALID_REQ_TOO_MUCH
 */
export function addFailureStreaks(app: App, { db, limits }: StreakDeps): FailureStreaks {
  const streaks = new Map<string, Streak>()
  const mostInARow = limits.failuresInARow

  const streakOf = (apiKeyId: string): Streak => {
    const known = streaks.get(apiKeyId)
    if (known) return known
    if (streaks.size >= MOST_STREAKS) streaks.clear()
    const streak: Streak = { failures: 0, blockedUntil: undefined, written: Promise.resolve() }
    streaks.set(apiKeyId, streak)
    return streak
  }
  const fail = (streak: Streak, caller: Caller): Promise<void> => {
    streak.failures += 1
    if (streak.failures >= mostInARow) {
      streak.blockedUntil = new Date(caller.now.getTime() + BLOCK_MS)
      streak.failures = 0
    }
    return streak.written.then(async () => {
      const until = await countFailure(db, caller, { mostInARow, blockMs: BLOCK_MS })
      if (until) streak.blockedUntil = until
    })
  }
  const succeed = (streak: Streak, caller: Caller): Promise<void> => {
    streak.failures = 0
    return streak.written.then(() => clearFailures(db, caller))
  }

  // Before the answer leaves: whoever reads it and asks again at once meets the count.
  app.addHook('onSend', async (request, reply) => {
    const { account, caller } = request
    const status = reply.statusCode
    if (!account || !caller || status === 429 || status >= 500) return // Ours are no fault of the caller's.
    const failed = status >= 400
    const hadFailed = (streaks.get(caller.actor)?.failures ?? 0) > 0 || account.failuresInARow > 0
    if (!failed && !hadFailed) return
    const streak = streakOf(caller.actor)
    // One after the other: a success that was written late would take later failures out of the count, or not enough.
    streak.written = (failed ? fail(streak, caller) : succeed(streak, caller)).catch((error: unknown) =>
      request.log.error({ err: error }, 'a failure was not counted'),
    )
  })

  return {
    require(request, reply, account) {
      const now = request.receivedAt
      const until = [streaks.get(account.apiKeyId)?.blockedUntil, account.blockedUntil]
        .map((time) => time?.getTime() ?? 0)
        .reduce((a, b) => Math.max(a, b))
      if (until <= now.getTime()) return
      reply.header('retry-after', Math.ceil((until - now.getTime()) / 1000))
      throw new ApiError('INVALID_REQ_TOO_MUCH', 'too many failed requests in a row')
    },
  }
}
