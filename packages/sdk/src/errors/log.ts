import { writeSync } from 'node:fs'
import type { ErrorStory } from './story.ts'

/** One failed request, for the log. It holds no address, header, body or value of the caller's. */
export interface ErrorRecord {
  readonly requestId?: string
  readonly method?: string
  /** The route's pattern, e.g. `/orders/:id`, where the framework tells it: an address holds ids and searches. */
  readonly route?: string
  /** What the caller got; 0 where the answer had begun, and the connection was cut. */
  readonly status?: number
  readonly userId?: string
  readonly error: ErrorStory
}

/** pino, winston, console, or anything else with an `error`; a function gets the record and its level. */
export type ErrorLog =
  | ((record: ErrorRecord, level: LogLevel) => unknown)
  | { error(...parts: never[]): unknown; info?(...parts: never[]): unknown }

/** `error` for what went wrong on our side, `info` for what was refused. */
export type LogLevel = 'error' | 'info'

type Write = (...parts: unknown[]) => unknown
interface AnyLogger {
  readonly error: Write
  readonly info?: Write
  readonly log?: Write
  /** pino's. */
  readonly bindings?: unknown
  /** winston's. */
  readonly configure?: unknown
}

/** @param what e.g. `request failed` */
export interface Line {
  readonly record: ErrorRecord
  readonly level: LogLevel
  readonly what: string
}

/** Writes a record as its logger wants it. A logger that fails loses nothing: the line goes to stderr instead. */
export function writeLog(log: ErrorLog | undefined, line: Line): void {
  const instead = (): void => {
    writeLine(line)
  }
  if (log === undefined) {
    instead()
    return
  }
  try {
    const written = hand(log, line)
    if (written instanceof Promise) written.catch(instead)
  } catch {
    instead()
  }
}

function hand(log: ErrorLog, { record, level, what }: Line): unknown {
  if (typeof log === 'function') return log(record, level)
  const logger = log as unknown as AnyLogger
  if (typeof logger.bindings === 'function') return (logger[level] ?? logger.error).call(logger, record, what)
  if (typeof logger.configure === 'function' && logger.log)
    return logger.log.call(logger, { level, message: what, ...record })
  return (logger[level] ?? logger.error).call(logger, asLine({ record, level, what }))
}

function asLine({ record, level, what }: Line): string {
  return JSON.stringify({ time: new Date().toISOString(), level, msg: what, ...record })
}

/** At once and whole: it may be the last thing that the process does. */
function writeLine(line: Line): void {
  try {
    writeSync(2, `${asLine(line)}\n`)
  } catch {
    return // Nobody listens to stderr any more; the caller gets an answer all the same.
  }
}
