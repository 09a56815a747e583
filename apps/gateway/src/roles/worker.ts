import { jobHandlers, type JobDeps } from '../worker/job-handlers.ts'
import { runRetention } from '../worker/retention.ts'
import { sealAuditLog } from '../worker/seal-audit-log.ts'
import { runWorker, type Worker } from '../worker/run-worker.ts'

/** Starts everything that runs without being asked: the outbox, the retention, the audit log's seals. */
export function startWorker(deps: JobDeps): Worker {
  const parts = [runWorker({ ...deps, handlers: jobHandlers(deps) }), runRetention(deps), sealAuditLog(deps)]
  return {
    async stop() {
      await Promise.all(parts.map((part) => part.stop()))
    },
  }
}
