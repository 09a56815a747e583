import type { FastifyBaseLogger } from 'fastify'
import type { Worker } from './run-worker.ts'

/** Work that comes again. */
export interface Sweep {
  readonly everyMs: number
  readonly work: () => Promise<void>
  /** What the log says where it failed. */
  readonly failed: string
  /** Once more before it stops. */
  readonly last?: boolean
}

/** Does a piece of work again and again, never twice at once; a failure is logged, and the next turn comes all the same. */
export function runSweep(log: FastifyBaseLogger, { everyMs, work, failed, last = false }: Sweep): Worker {
  const turn = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      log.error({ err: error }, failed)
    }
  }
  let current = Promise.resolve()
  const timer = setInterval(() => {
    current = current.then(turn)
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      if (last) current = current.then(turn)
      await current
    },
  }
}
