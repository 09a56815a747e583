import { allowedFields, type FieldOptions } from './allowed-fields.ts'
import { describeError, isError, wordsOf } from './describe-error.ts'
import { safeFields, type SafeValue } from './safe-fields.ts'
import { safeText } from './safe-text.ts'

/** Writes a line: fields and a sentence, an error and a sentence, or either alone. */
export type LogLine = (fields: object | string, message?: string) => void

/** A logger as pino has it, as far as most programs need it. */
export interface SafeLog {
  readonly debug: LogLine
  readonly info: LogLine
  readonly warn: LogLine
  readonly error: LogLine
  /** A logger whose lines have these fields as well. */
  readonly child: (fields: object) => SafeLog
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** How the logger is set up. */
export interface SafeLogOptions extends FieldOptions {
  /** Named in every line. */
  readonly service?: string
  /** What is below is not written: `info` where absent. */
  readonly level?: (typeof LEVELS)[number]
  /** Takes each line, with its break; standard error where absent. */
  readonly write?: (line: string) => unknown
}

/**
 * A logger without a library: one line of JSON an event, with the list of fields and the scrubber of the others.
 *
 * @throws UCanPayConfigError for a field that stands for a secret
 */
export function safeLog(options: SafeLogOptions = {}): SafeLog {
  const fields = allowedFields(options)
  const { service, level = 'info', write = (line: string) => process.stderr.write(line) } = options
  const least = LEVELS.indexOf(level)
  const make = (bound: Record<string, SafeValue>): SafeLog => {
    const at =
      (name: (typeof LEVELS)[number]): LogLine =>
      (given, message) => {
        if (LEVELS.indexOf(name) < least) return
        const said = message ?? (typeof given === 'string' ? given : isError(given) ? wordsOf(given) : undefined)
        const kept =
          typeof given === 'string' ? {} : isError(given) ? { err: describeError(given) } : safeFields(given, fields)
        const line = {
          level: name,
          time: new Date().toISOString(),
          ...(service === undefined ? {} : { service: safeText(service) }),
          ...bound,
          ...kept,
          ...(said === undefined ? {} : { msg: safeText(said) }),
        }
        write(`${JSON.stringify(line)}\n`)
      }
    return {
      ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
      child: (more) => make({ ...bound, ...safeFields(more, fields) }),
    }
  }
  return make({})
}
