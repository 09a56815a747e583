import { readFileSync } from 'node:fs'

/** Whether the sources run as they are, as in the repository; otherwise it is what was built of them, in one folder. */
const RUNS_FROM_SOURCE = import.meta.url.endsWith('.ts')

/** The folder of all that the scanner consists of. */
export const OWN_FOLDER = new URL('.', import.meta.url)

/** The program that a worker runs. */
export const WORKER = new URL(RUNS_FROM_SOURCE ? 'scan-worker.ts' : 'scan-worker.js', OWN_FOLDER)

/** The version of this scanner, as its manifest has it. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', OWN_FOLDER), 'utf8')) as { version: string }).version
}
