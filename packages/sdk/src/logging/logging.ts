import { types } from 'node:util'
import { UCanPayConfigError } from '../errors.ts'
import { allowedFields, type FieldOptions } from './allowed-fields.ts'
import { describeError, isError, wordsOf } from './describe-error.ts'
import { requestFields, responseFields } from './request-fields.ts'
import { safeArgument, safeFields } from './safe-fields.ts'

export type { FieldOptions } from './allowed-fields.ts'
export { safeLog, type LogLine, type SafeLog, type SafeLogOptions } from './plain-log.ts'
export { requestFields, type LoggedRequest } from './request-fields.ts'
export { safeFormat, type SafeFormat, type WinstonOptions } from './winston.ts'

/** How pino is set up. */
export interface PinoOptions extends FieldOptions {
  /** Named in every line. */
  readonly service?: string
  /** Pino's own options: `level`, `transport`, `mixin`, `serializers`, `redact`. What they make is filtered as well. */
  readonly pino?: Readonly<Record<string, unknown>>
}

/** Options for `pino()`, for `fastify({ logger })` and for all that takes pino's options. */
export interface SafePinoOptions {
  readonly [option: string]: unknown
  readonly base: Record<string, string> | null
  readonly timestamp: () => string
  readonly hooks: {
    readonly logMethod: (this: PinoLike, args: PinoArguments, method: LogMethod) => void
    readonly streamWrite: (line: string) => string
  }
}
/* eslint-disable @typescript-eslint/no-explicit-any -- Pino's own types of its hooks, in the words that all of its versions take. */
type PinoArguments = [any, ...any[]]
type PinoLike = any
type LogMethod = (this: any, ...args: any[]) => void
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * Options that make pino safe: what is logged is cut down to the list of fields and scrubbed before pino sees it, and
 * each line once more before it is written, so that bindings of children, serializers, mixins and formatters of yours,
 * or of a plug-in, cannot bring back what was taken out.
 *
 * @throws UCanPayConfigError for a field that stands for a secret, and for hooks in `pino`, which would take its place
 * @see product practice 9; PCI DSS 3.5.1 and OWASP ASVS 16.2.5: no card data and no credentials in logs
 */
export function safeLogging(options: PinoOptions = {}): SafePinoOptions {
  const { service, pino = {} } = options
  if ('hooks' in pino) {
    throw new UCanPayConfigError("The hooks of pino are where the log is made safe: wrap the logger's methods instead.")
  }
  const fields = new Set(allowedFields(options))
  for (const key of ['messageKey', 'errorKey', 'nestedKey']) if (typeof pino[key] === 'string') fields.add(pino[key])
  return {
    base: service === undefined ? null : { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    ...pino,
    // Pino's own, and Fastify's, would take apart once more what is described already.
    serializers: {
      err: (error: unknown) => (isError(error) ? describeError(error) : error),
      req: requestFields,
      res: responseFields,
      ...(pino['serializers'] as object | undefined),
    },
    hooks: {
      logMethod(args, method) {
        method.apply(
          this,
          safeArguments(args, { fields, errorKey: typeof pino['errorKey'] === 'string' ? pino['errorKey'] : 'err' }),
        )
      },
      streamWrite: (line) => safeLine(line, fields),
    },
  }
}

interface Rules {
  readonly fields: ReadonlySet<string>
  readonly errorKey: string
}

/** What was handed to a method of the logger, without what a log may not have. */
function safeArguments(args: readonly unknown[], { fields, errorKey }: Rules): [unknown, ...unknown[]] {
  const [first, ...rest] = args
  const others = rest.map((each) => safeArgument(each, fields))
  if (typeof first !== 'object' || first === null) return [safeArgument(first, fields), ...others]
  if (isError(first))
    return [{ [errorKey]: describeError(first) }, ...(others.length === 0 ? [wordsOf(first)] : others)]
  if (Array.isArray(first) || types.isProxy(first)) return [{}, ...others]
  const kept = safeFields(first, fields)
  // Pino takes the words of an error for the message where there is none.
  const error: unknown = Object.getOwnPropertyDescriptor(first, errorKey)?.value
  return [kept, ...(others.length === 0 && isError(error) ? [wordsOf(error)] : others)]
}

/** A line as it was going to be written, cut down and scrubbed. What is no line of JSON is not written at all. */
function safeLine(line: string, fields: ReadonlySet<string>): string {
  const end = line.endsWith('\r\n') ? '\r\n' : '\n'
  try {
    const written: unknown = JSON.parse(line)
    if (typeof written === 'object' && written !== null) return JSON.stringify(safeFields(written, fields)) + end
  } catch {
    return NOT_JSON + end // A serializer wrote something else: nobody can say what is in it.
  }
  return NOT_JSON + end
}
const NOT_JSON = '{"level":50,"msg":"A line that is not JSON was left out of the log."}'
