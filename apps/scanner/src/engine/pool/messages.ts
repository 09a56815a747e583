import type { FileResult } from '../scan/scan-project.ts'

/** What a worker is told when it starts. */
export interface WorkerTask {
  readonly root: string
  readonly paths: readonly string[]
  readonly packages: readonly (readonly [name: string, folder: string])[]
  readonly ruleIds: readonly string[]
}

/** Files to scan, in one go; the worker answers with a result for each. */
export interface Batch {
  readonly paths: readonly string[]
}

export interface BatchResult {
  readonly results: readonly FileResult[]
}
