import { parentPort, workerData } from 'node:worker_threads'
import { folderFiles } from './engine/files/read-text.ts'
import type { Batch, BatchResult, WorkerTask } from './engine/pool/messages.ts'
import { ProjectScan } from './engine/scan/scan-project.ts'
import { ALL_RULES } from './rules/all-rules.ts'

const { root, paths, packages, ruleIds } = workerData as WorkerTask
const wanted = new Set(ruleIds)
const rules = ALL_RULES.filter(({ id }) => wanted.has(id))
const scan = new ProjectScan(folderFiles(root, paths), new Map(packages), rules)

parentPort?.on('message', (batch: Batch) => {
  const result: BatchResult = { results: batch.paths.map((path) => scan.scan(path)) }
  parentPort?.postMessage(result)
})
