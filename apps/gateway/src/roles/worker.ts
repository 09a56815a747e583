import type { SealDeps } from '../domain/audit-log/seal-audit.ts'
import { jobHandlers, type JobDeps } from '../worker/job-handlers.ts'
import { runRetention, type RetentionDeps } from '../worker/retention.ts'
import { sealAuditLog } from '../worker/seal-audit-log.ts'
import { runWorker, type Worker } from '../worker/run-worker.ts'

/** Starts everything that runs without being asked: the outbox, the retention, the audit log's seals. */
export function startWorker(deps: JobDeps & RetentionDeps & SealDeps): Worker {
  const parts = [runWorker({ ...deps, handlers: jobHandlers(deps) }), runRetention(deps), sealAuditLog(deps)]
  return {
    async stop() {
      await Promise.all(parts.map((part) => part.stop()))
    },
  }
}
