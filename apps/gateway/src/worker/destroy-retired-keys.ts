import type { FastifyBaseLogger } from 'fastify'
import type { Tx } from '../database/tx.ts'
import type { Clock } from '../domain/clock.ts'
import { destroyRetiredKeys } from '../domain/sealing/rotate-keys.ts'
import type { Worker } from './run-worker.ts'
import { runSweep } from './sweep.ts'

/** Destroys data keys that were replaced and seal nothing any more, once a minute (PCI DSS 3.7.5). */
export function runKeyDestruction(deps: { db: Tx; clock: Clock; log: FastifyBaseLogger }): Worker {
  return runSweep(deps.log, {
    everyMs: 60_000,
    work: () => destroyRetiredKeys(deps.db, deps.clock.now()),
    failed: 'retired keys were not destroyed; it comes again in a minute',
  })
}
