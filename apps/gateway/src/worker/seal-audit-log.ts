import type { FastifyBaseLogger } from 'fastify'
import { renewCheckpoints, sealAudit, type SealDeps, type SignedHead } from '../domain/audit-log/seal-audit.ts'
import type { Clock } from '../domain/clock.ts'
import type { Worker } from './run-worker.ts'
import { runSweep } from './sweep.ts'

const EVERY_MS = 1_000
const RENEW_EVERY_MS = 60_000

/** Seals what was added to the audit log, every second, and once more before it stops. */
export function sealAuditLog(given: SealDeps & { clock: Clock; log: FastifyBaseLogger }): Worker {
  const deps = { ...given, signed: new Map<string, SignedHead>() }
  let renewedAt = Number.NEGATIVE_INFINITY
  const work = async (): Promise<void> => {
    await sealAudit(deps, deps.clock.now())
    if (performance.now() - renewedAt < RENEW_EVERY_MS) return
    renewedAt = performance.now()
    await renewCheckpoints(deps, deps.clock.now())
  }
  const failed = 'the audit log could not be sealed; it comes again in a second'
  return runSweep(deps.log, { everyMs: EVERY_MS, work, failed, last: true })
}
