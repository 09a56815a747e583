import { jobHandlers, type JobDeps } from '../worker/job-handlers.ts'
import { runRetention } from '../worker/retention.ts'
import { runWorker, type Worker } from '../worker/run-worker.ts'

/** Starts everything that runs without being asked: the outbox and the retention. */
export function startWorker(deps: JobDeps): Worker {
  const parts = [runWorker({ ...deps, handlers: jobHandlers(deps) }), runRetention(deps)]
  return {
    async stop() {
      await Promise.all(parts.map((part) => part.stop()))
    },
  }
}
