import { parentPort, workerData } from 'node:worker_threads'
import { folderFiles } from '../../src/engine/files/read-text.ts'
import type { Batch, WorkerMessage, WorkerTask } from '../../src/engine/pool/messages.ts'
import type { Rule } from '../../src/engine/rule.ts'
import { ProjectScan } from '../../src/engine/scan/scan-project.ts'
import { rule as model } from '../../src/rules/api-keys/secret-in-source.ts'

/** A rule that some files are too much for: it never ends, or ends the process. */
const rule: Rule = {
  ...model,
  id: 'hostile',
  on: {
    text: {
      check: (scan) => {
        const { text } = scan.file
        while (text.includes('for ever')) if (text === '') break
        if (text.includes('the end')) process.exit(3)
        scan.report({ at: { start: 0, end: 1 } })
      },
    },
  },
}

const { root, paths } = workerData as WorkerTask
if (paths.includes('no-start')) throw new Error('there is no room for a worker')
const scan = new ProjectScan(folderFiles(root, paths), new Map(), [rule])
const say = (message: WorkerMessage): void => parentPort?.postMessage(message)
parentPort?.on('message', ({ paths: batch }: Batch) => {
  for (const path of batch) say({ kind: 'result', result: scan.scan(path) })
})
say({ kind: 'ready' })
