import { format, types } from 'node:util'
import { allowedFields, type FieldOptions } from './allowed-fields.ts'
import { describeError, isError, read, wordsOf } from './describe-error.ts'
import { safeArgument, safeFields, type SafeValue } from './safe-fields.ts'
import { safeText } from './safe-text.ts'

/** How winston's format is set up. */
export interface WinstonOptions extends FieldOptions {
  /** Named in every line. */
  readonly service?: string
}

/** A format of winston. */
export interface SafeFormat {
  readonly options: object
  readonly transform: (info: WinstonInfo) => WinstonInfo
}
/** What winston passes from format to format. */
interface WinstonInfo {
  level: string
  message: unknown
  [LEVEL]?: unknown
  [MESSAGE]?: unknown
  [SPLAT]?: unknown
  [name: string | symbol]: unknown
}

/** Winston's own names of what it keeps beside the fields. */
const LEVEL: unique symbol = Symbol.for('level')
const MESSAGE: unique symbol = Symbol.for('message')
const SPLAT: unique symbol = Symbol.for('splat')
const TOKEN = /%[scdjifoO%]/g
/** What winston writes before the words of what nobody caught. */
const UNCAUGHT = /^(?:uncaughtException|unhandledRejection): /

/**
 * A format that makes winston safe: it puts `%s` and the like into the message itself, cuts the fields down to the list,
 * scrubs, and writes JSON. What comes after it (another format, a transport's own, `printf`, `simple`) finds nothing
 * else than what it left, and texts of one line. It stands first where formats are combined.
 *
 * @throws UCanPayConfigError for a field that stands for a secret
 * @see product practice 9
 */
export function safeFormat(options: WinstonOptions = {}): SafeFormat {
  const fields = allowedFields(options)
  const { service } = options
  return {
    options: {},
    transform(info) {
      if (types.isProxy(info)) return line({ level: 'error', message: '[proxy]' }, 'error')
      const level = safeText(typeof info.level === 'string' ? info.level : 'info')
      const { message, error, leftOut } = messageOf(info, fields)
      const kept = safeFields(isError(info) ? {} : info, fields)
      for (const name of ['level', 'message', 'service', ...(error ? ['stack', 'cause', 'error', 'err'] : [])])
        Reflect.deleteProperty(kept, name)
      const left = [...((kept['left_out'] as string[] | undefined) ?? []), ...leftOut]
      const whole = {
        level,
        message,
        ...(service === undefined ? {} : { service: safeText(service) }),
        ...kept,
        ...(error ? { err: describeError(error) as SafeValue } : {}),
        ...(left.length === 0 ? {} : { left_out: left }),
      }
      return line(whole, read(info, LEVEL as unknown as string))
    },
  }
}

function line(fields: { level: string; message: string }, level: unknown): WinstonInfo {
  const time = new Date().toISOString()
  const info: WinstonInfo = { ...fields }
  info['timestamp'] ??= time
  // Transports choose by this one, so it stays what it was where it is a word.
  info[LEVEL] = typeof level === 'string' ? safeText(level) : fields.level
  info[MESSAGE] = JSON.stringify(info)
  return info
}

interface Message {
  readonly message: string
  readonly error: Error | undefined
  readonly leftOut: readonly string[]
}

/** The sentence, and the error that it is about. */
function messageOf(info: WinstonInfo, fields: ReadonlySet<string>): Message {
  if (isError(info)) return { message: wordsOf(info), error: info, leftOut: [] }
  const given = ownValue(info, 'message')
  const splat = ownValue(info, SPLAT) ?? ownValue(info, 'splat')
  const args = Array.isArray(splat) && !types.isProxy(splat) ? (splat as unknown[]) : []
  const error = [...['error', 'err'].map((name) => ownValue(info, name)), given, ...args].find(isError)
  if (isError(given)) return { message: wordsOf(given), error, leftOut: [] }
  const text = typeof given === 'string' ? withoutRawWords(given, error) : safeTextOf(given, fields)
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token !== '%%').length
  const put = args.slice(0, tokens).map((each) => safeArgument(each, fields))
  const more = args.slice(tokens).some((each) => typeof each !== 'object')
  const message = safeText(tokens > 0 && args.length > 0 ? format(text, ...put) : text)
  return { message, error, leftOut: more ? ['[argument]'] : [] }
}

function safeTextOf(value: unknown, fields: ReadonlySet<string>): string {
  const kept = safeArgument(value, fields)
  return typeof kept === 'object' ? JSON.stringify(kept) : String(kept ?? '')
}

/** Winston writes an error's own words, and of what nobody caught the whole stack, behind the message. */
function withoutRawWords(text: string, error: Error | undefined): string {
  const words = error && read(error, 'message')
  const uncaught = UNCAUGHT.exec(text)?.[0]
  if (error && uncaught !== undefined) return uncaught + wordsOf(error)
  if (error && typeof words === 'string' && words !== '' && text.endsWith(words))
    return text.slice(0, -words.length) + wordsOf(error)
  return uncaught === undefined ? text : (text.split('\n', 1)[0] ?? '')
}

/** A value of the object's own; no getter is called. */
function ownValue(object: object, name: string | symbol): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value
}
