import { parentPort, workerData } from 'node:worker_threads'
import { folderFiles } from './engine/files/read-text.ts'
import type { Batch, WorkerMessage, WorkerTask } from './engine/pool/messages.ts'
import { ProjectScan } from './engine/scan/scan-project.ts'
import { ALL_RULES } from './rules/all-rules.ts'

const { root, paths, packages, ruleIds } = workerData as WorkerTask
const wanted = new Set(ruleIds)
const rules = ALL_RULES.filter(({ id }) => wanted.has(id))
const scan = new ProjectScan(folderFiles(root, paths), new Map(packages), rules)

const say = (message: WorkerMessage): void => parentPort?.postMessage(message)

parentPort?.on('message', ({ paths: batch }: Batch) => {
  for (const path of batch) say({ kind: 'result', result: scan.scan(path) })
})
say({ kind: 'ready' })
