import { writeLog, type ErrorLog } from './log.ts'
import { storyOf } from './story.ts'

/** How the last words are written down. */
export interface FatalOptions {
  /** As of `errorHandlers`; without one it is a line of JSON on stderr. */
  readonly log?: ErrorLog
}

/** What a logger that writes in its own time gets until the process ends. */
const LAST_WORDS_MS = 250

/**
 * Has the process end, with status 1, on what nobody caught, and the log told why, scrubbed. Node.js by itself would
 * print the whole error, and with it whatever its message quotes. Something has to start the process anew.
 *
 * @returns what takes it back
 */
export function logFatal({ log }: FatalOptions = {}): () => void {
  let isEnding = false
  const onFatal = (thrown: unknown, what: string): void => {
    writeLog(log, { record: { error: storyOf(thrown) }, level: 'error', what })
    if (isEnding || log === undefined) process.exit(1)
    isEnding = true
    setTimeout(() => process.exit(1), LAST_WORDS_MS)
  }
  const onException = (thrown: unknown): void => {
    onFatal(thrown, 'uncaught exception')
  }
  const onRejection = (thrown: unknown): void => {
    onFatal(thrown, 'unhandled rejection')
  }
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  return () => {
    process.off('uncaughtException', onException)
    process.off('unhandledRejection', onRejection)
  }
}
