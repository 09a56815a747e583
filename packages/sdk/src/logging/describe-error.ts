import { types } from 'node:util'
import { safeText, shownName } from './safe-text.ts'

/** What is logged of an error. */
export type LoggedError = Readonly<Record<string, unknown>>

const DEEPEST_CAUSE = 4
const MOST_ERRORS = 5
const MOST_FRAMES = 16
const MOST_NAMES = 20
/** Names of things, never values: of these properties the words are kept. */
const KEPT = ['code', 'msg', 'status', 'statusCode', 'requestId', 'syscall', 'constraint', 'table', 'column', 'schema']
const SEEN = new Set([...KEPT, 'name', 'message', 'stack', 'cause', 'errors'])
const FRAME =
  /^ {4}at [^\n]{0,400}?(?:\(?(?:node:|file:\/\/|\/|[A-Za-z]:\\|webpack|ext:|eval |[\w@./-]+)[^\n()]{0,400}:[0-9]+:[0-9]+\)*|\(?native\)?|<anonymous>\)?|\(index [0-9]+\))$/

/**
 * An error as a log may have it: its type, its scrubbed words, the frames of its stack, its causes, and the codes and
 * names of things that it carries; of all else the names. Words of a database or a parser quote what they were given,
 * so of those only what happened is said.
 */
export function describeError(given: unknown, depth = 0): LoggedError {
  if (types.isProxy(given) || !isError(given)) return { type: 'NonError', message: typeof given }
  const type = read(given, 'name')
  const described: Record<string, unknown> = {
    type: typeof type === 'string' && /^[A-Za-z_$][\w$. ]{0,63}$/.test(type) ? safeText(type) : 'Error',
    message: wordsOf(given),
  }
  for (const name of KEPT) {
    const value = read(given, name)
    if (typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value)) described[name] = safeText(value)
    else if (typeof value === 'number') described[name] = Math.abs(value) < 1e6 ? value : safeText(String(value))
  }
  const stack = framesOf(read(given, 'stack'))
  if (stack !== '') described['stack'] = stack
  const cause = read(given, 'cause')
  if (isError(cause) && depth < DEEPEST_CAUSE) described['cause'] = describeError(cause, depth + 1)
  const errors = read(given, 'errors')
  if (Array.isArray(errors) && !types.isProxy(errors) && depth < DEEPEST_CAUSE)
    described['errors'] = errors.slice(0, MOST_ERRORS).map((each: unknown) => describeError(each, depth + 1))
  const others = Object.getOwnPropertyNames(given).filter((name) => !SEEN.has(name))
  if (others.length > 0) described['left_out'] = [...new Set(others.slice(0, MOST_NAMES).map(shownName))]
  return described
}

/** Whether it is an error, also one of another realm. A proxy is never asked. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Node.js 20 has no Error.isError.
  return types.isNativeError(value) || value instanceof Error
}

/** What an error says, as far as it may be repeated. */
export function wordsOf(error: Error): string {
  const message = read(error, 'message')
  if (typeof message !== 'string') return ''
  // PostgreSQL, MySQL, and what stands on them: Knex and Sequelize write whole statements, with their values.
  const isDatabase =
    (typeof read(error, 'severity') === 'string' && typeof read(error, 'code') === 'string') ||
    ['sqlMessage', 'sqlState', 'sql', 'query', 'parameters', 'driverError', 'clientVersion'].some(
      (name) => typeof read(error, name) !== 'undefined',
    )
  if (isDatabase) return 'the database refused; its words quote values'
  // A parser quotes the text that it could not read.
  if (/\bJSON\b/.test(message) && /["'`]/.test(message)) return 'a text is not JSON'
  return safeText(message)
}

/**
 * The frames alone, for the first lines of a stack repeat the message. Breaks stay between frames, and every line is one,
 * so that no message can put a line into the log.
 */
export function framesOf(stack: unknown): string {
  if (typeof stack !== 'string') return ''
  return stack
    .slice(0, 64_000)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => safeText(line))
    .join('\n')
}

/** A property, whatever reading it does. */
export function read(object: object, name: string): unknown {
  try {
    return (object as Record<string, unknown>)[name]
  } catch {
    return undefined // A getter that throws has nothing to say.
  }
}
