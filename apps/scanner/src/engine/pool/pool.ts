import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Rule } from '../rule.ts'
import type { FileResult } from '../scan/scan-project.ts'
import type { Batch, WorkerMessage, WorkerTask } from './messages.ts'

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
  /** How long one file may take, in milliseconds; 20 s where absent. */
  readonly longestMs?: number
}

/** A second thread is worth its start from this many files on. */
const FILES_PER_WORKER = 150
const MOST_WORKERS = 8
const BATCH = 24
/**
 * Room of a worker, in MB. Two of them and the main thread stay below 600 together; a tree that needs more than this is
 * larger than any file that is read.
 */
const WORKER_MB = 190
/** Most of what a file needs is gone with the file: in a larger nursery it never gets old. */
const YOUNG_MB = 96
/** The longest file of a million lines takes a second. One that takes this long was made to. */
const LONGEST_MS = 20_000
const CHECK_MS = 500

/**
 * Scans files on as many cores as there are, each with its own part of the list at a time. A file that never comes to an
 * end, or that ends its worker, is its own problem alone: the others are scanned. (Where a worker runs out of room V8
 * mostly ends that worker, but has been seen to end the whole process; no file that is read is large enough for that.)
 *
 * @throws Error where no worker can be started
 */
export async function scanInPool(input: PoolInput): Promise<void> {
  const { wanted } = input
  if (wanted.length === 0) return
  const count = Math.min(MOST_WORKERS, availableParallelism(), Math.ceil(wanted.length / FILES_PER_WORKER))
  const batches = batchesOf(wanted)
  await Promise.all(Array.from({ length: count }, () => runWorkers(input, batches)))
}

/** Neighbours stay together: they import the same files, which are then read once. */
function batchesOf(paths: readonly string[]): string[][] {
  const batches: string[][] = []
  for (let at = 0; at < paths.length; at += BATCH) batches.push(paths.slice(at, at + BATCH))
  return batches.reverse()
}

/** One worker after the other: the next takes over where a file was too much for the one before. */
async function runWorkers(input: PoolInput, batches: string[][]): Promise<void> {
  for (;;) {
    const end = await runWorker(input, batches)
    if (end === undefined) return
    input.onResult({ path: end.path, findings: [], dependencies: [], looks: [], problem: end.problem })
    if (end.rest.length > 0) batches.push([...end.rest])
  }
}

/** The file that was too much for a worker, and those of its batch that come after it. */
interface Ended {
  readonly path: string
  readonly problem: string
  readonly rest: readonly string[]
}

async function runWorker(input: PoolInput, batches: string[][]): Promise<Ended | undefined> {
  const { root, paths, packages, rules, worker: program, onResult, longestMs = LONGEST_MS } = input
  const task: WorkerTask = { root, paths, packages: [...packages], ruleIds: rules.map(({ id }) => id) }
  const worker = new Worker(program, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MB, maxYoungGenerationSizeMb: YOUNG_MB, stackSizeMb: 8 },
  })
  let due: string[] = []
  let since = Date.now()
  let watch: NodeJS.Timeout | undefined
  return new Promise<Ended | undefined>((resolve, reject) => {
    const next = (): void => {
      due = batches.pop() ?? []
      if (due.length === 0) resolve(undefined)
      else worker.postMessage({ paths: due } satisfies Batch)
    }
    const giveUp = (problem: string, cause?: Error): void => {
      const [path, ...rest] = due
      // Before it had a file it was no file that ended it.
      if (path === undefined) reject(cause ?? new Error(problem))
      else resolve({ path, problem, rest })
    }
    worker.on('message', (message: WorkerMessage) => {
      since = Date.now()
      if (message.kind === 'result') {
        due = due.slice(1)
        onResult(message.result)
      }
      if (due.length === 0) next()
    })
    worker.on('error', (error: Error) => giveUp(error.message, error))
    worker.on('exit', (code) => giveUp(`the worker ended with ${code}`))
    watch = setInterval(() => {
      if (due.length > 0 && Date.now() - since > longestMs) giveUp(`takes longer than ${longestMs / 1_000} s`)
    }, CHECK_MS)
  }).finally(() => {
    clearInterval(watch)
    return worker.terminate()
  })
}
