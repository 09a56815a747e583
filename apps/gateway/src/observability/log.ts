import { scrub } from '@ucanpay/redaction/scrub'
import { pino, type DestinationStream, type Logger } from 'pino'

/** Fields that a log line may have. Anything else that is handed to the logger is left out. */
const FIELDS = new Set([
  'requestId',
  'method',
  'route',
  'status',
  'durationMs',
  'merchantId',
  'mode',
  'actor',
  'job',
  'ref',
  'tries',
  'role',
  'url',
  'err',
])

/** What is kept of an error. PostgreSQL's message, detail and where quote values, so of its errors only names stay. */
export interface LoggedError {
  readonly name: string
  readonly message?: string
  readonly msg?: string
  readonly code?: string
  readonly constraint?: string
  /** Places and rules, never values. */
  readonly failures?: readonly unknown[]
  readonly stack?: string
  readonly cause?: LoggedError
}

/**
 * The structured log: one JSON line an event, built from a closed list of fields, with a scrubber behind it that takes
 * out whatever looks like a card number, a key or an e-mail address all the same.
 *
 * @param destination a file's stream, or standard output where absent
 */
export function createLog(destination?: DestinationStream): Logger {
  const options = {
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => allowed(fields),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!FIELDS.has(name)) continue
    if (name === 'err')
      kept['error'] = describeError(value) // Under `err` pino's own serialiser would come after us.
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) kept[name] = value
    else if (typeof value === 'string') kept[name] = scrub(value)
  }
  return kept
}

/** Errors whose words are our own. Another library's may quote what it was given, so of those the name, code and place stay. */
const OURS = new Set([
  'ApiError',
  'StrictJsonError',
  'EnvelopeError',
  'KeySourceError',
  'AcquirerUnknownError',
  'OutboundError',
  'VaultAwayError',
  'EmbeddedDatabaseError',
  'MigrationError',
])

/** An error as the log and the error records may hold it. */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: 'NonError', code: typeof error }
  const { msg, code, constraint, severity, failures } = error as Error & Record<string, unknown>
  const words = OURS.has(error.name) ? scrub(error.message) : severity === undefined ? undefined : 'PostgreSQL refused'
  return {
    name: error.name,
    ...(words === undefined ? {} : { message: words }),
    ...(typeof msg === 'string' ? { msg } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(Array.isArray(failures) ? { failures } : {}),
    ...(error.stack === undefined ? {} : { stack: framesOf(error.stack) }),
    ...(error.cause === undefined || depth > 3 ? {} : { cause: describeError(error.cause, depth + 1) }),
  }
}

/**
 * The frames alone: the first lines of a stack repeat the message. Places are told from the root of the project, since
 * merchants read these records, and where the gateway lies on its machine is nobody's business.
 */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .map((line) => line.replaceAll(ROOT.href, '').replaceAll(ROOT.pathname, '').replace(ELSEWHERE, '$1'))
    .join('\n')
}

const ROOT = new URL('../../../../', import.meta.url)
/** Folders of a path that begins at the machine's root. */
const ELSEWHERE = /(^|[\s(])(?:file:\/\/)?\/(?:[^\s/:()]+\/)*/g

/** A log file that only we can read; it is made where it is missing, and its folder must be there. */
export function openLogFile(file: string): DestinationStream {
  return pino.destination({ dest: file, mode: 0o600 })
}
