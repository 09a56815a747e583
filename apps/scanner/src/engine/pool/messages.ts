import type { FileResult } from '../scan/scan-project.ts'

/** What a worker is told when it starts. */
export interface WorkerTask {
  readonly root: string
  readonly paths: readonly string[]
  readonly packages: readonly (readonly [name: string, folder: string])[]
  readonly ruleIds: readonly string[]
}

/** Files to scan, one after the other. */
export interface Batch {
  readonly paths: readonly string[]
}

/** What a worker says: that it is there, and then each result as soon as there is one, in the order of the batch. */
export type WorkerMessage = { readonly kind: 'ready' } | { readonly kind: 'result'; readonly result: FileResult }
