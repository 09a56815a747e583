import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { folderFiles } from '../files/read-text.ts'
import type { Rule } from '../rule.ts'
import { ProjectScan, type FileResult } from '../scan/scan-project.ts'
import type { Batch, BatchResult, WorkerTask } from './messages.ts'

/** What is to be scanned. */
export interface PoolInput {
  readonly root: string
  /** All files of the project, which imports may lead to. */
  readonly paths: readonly string[]
  /** Those of them that are to be scanned. */
  readonly wanted: readonly string[]
  readonly packages: ReadonlyMap<string, string>
  readonly rules: readonly Rule[]
  /** The program that a worker runs. */
  readonly worker: URL
  readonly onResult: (result: FileResult) => void
}

/** Fewer files are done before a second thread has started. */
const FEWEST_FOR_WORKERS = 150
const MOST_WORKERS = 8
const BATCH = 24
/**
 * Room of a worker, in MB. Two of them and the main thread stay below 600 together; a tree that needs more than this is
 * larger than any file that is read.
 */
const WORKER_MB = 190
/** Most of what a file needs is gone with the file: in a larger nursery it never gets old. */
const YOUNG_MB = 96

/** Scans files on as many cores as there are, each with its own part of the list at a time. */
export async function scanInPool(input: PoolInput): Promise<void> {
  const { wanted } = input
  const count = Math.min(MOST_WORKERS, availableParallelism(), Math.ceil(wanted.length / FEWEST_FOR_WORKERS))
  if (count < 2) {
    const scan = new ProjectScan(folderFiles(input.root, input.paths), input.packages, input.rules)
    for (const path of wanted) input.onResult(scan.scan(path))
    return
  }
  const batches = batchesOf(wanted)
  await Promise.all(Array.from({ length: count }, () => runWorker(input, batches)))
}

/** Neighbours stay together: they import the same files, which are then read once. */
function batchesOf(paths: readonly string[]): string[][] {
  const batches: string[][] = []
  for (let at = 0; at < paths.length; at += BATCH) batches.push(paths.slice(at, at + BATCH))
  return batches.reverse()
}

async function runWorker(
  { root, paths, packages, rules, worker: program, onResult }: PoolInput,
  batches: string[][],
): Promise<void> {
  const task: WorkerTask = { root, paths, packages: [...packages], ruleIds: rules.map(({ id }) => id) }
  const worker = new Worker(program, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MB, maxYoungGenerationSizeMb: YOUNG_MB, stackSizeMb: 8 },
  })
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const batch = batches.pop()
      if (!batch) {
        resolve()
        return
      }
      worker.postMessage({ paths: batch } satisfies Batch)
    }
    worker.on('message', ({ results }: BatchResult) => {
      for (const result of results) onResult(result)
      next()
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      if (code !== 0) reject(new Error(`a worker ended with ${code}`))
    })
    next()
  }).finally(() => worker.terminate())
}
