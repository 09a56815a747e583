import { scrub } from '@ucanpay/redaction/scrub'

/** What the log is told of an error: scrubbed, bounded, and safe to make of whatever was thrown. */
export interface ErrorStory {
  readonly name: string
  readonly message: string
  /** Where it was thrown; the lines of the stack without the message. */
  readonly stack?: readonly string[]
  /** A code of the system, the database or the framework, e.g. `23505`. */
  readonly code?: string
  /** Which parts of the input were refused, where a validator says so: names and rules, never values. */
  readonly issues?: readonly { readonly path: string; readonly code: string }[]
  /** What a database names: `table`, `column`, `constraint`, `schema`. */
  readonly database?: Readonly<Record<string, string>>
  readonly cause?: ErrorStory
  /** Of an AggregateError. */
  readonly errors?: readonly ErrorStory[]
}

/** Longer texts are cut before they are searched; what that cut may have halved is taken off after. */
const READ_AT_MOST = 32_768
const CUT_OFF = 512
const LONGEST_MESSAGE = 2_048
const LONGEST_LINE = 512
const MOST_LINES = 30
const DEEPEST = 6
const MOST_ISSUES = 20

/** @param thrown anything: an error, text, nothing at all, an object whose members throw when they are read */
export function storyOf(thrown: unknown): ErrorStory {
  return tell(thrown, new Set())
}

function tell(thrown: unknown, seen: Set<unknown>): ErrorStory {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'thrown value', message: cleaned(textOf(thrown), LONGEST_MESSAGE) }
  if (seen.has(thrown)) return { name: 'Error', message: '(as above)' }
  seen.add(thrown)
  const isDeepEnough = seen.size >= DEEPEST
  const code = textIn(thrown, 'code')
  const cause = read(thrown, 'cause')
  const errors = read(thrown, 'errors')
  const issues = issuesOf(thrown)
  const database = databaseOf(thrown)
  const stack = stackOf(thrown)
  return {
    name: cleaned(textIn(thrown, 'name') ?? 'Error', LONGEST_LINE),
    message: issues ? `${issues.length} issues` : messageOf(thrown, code, database !== undefined),
    ...(stack.length > 0 ? { stack } : {}),
    ...(code === undefined ? {} : { code: cleaned(code, LONGEST_LINE) }),
    ...(issues ? { issues } : {}),
    ...(database ? { database } : {}),
    ...(cause === undefined || isDeepEnough ? {} : { cause: tell(cause, seen) }),
    ...(isList(errors) && !isDeepEnough ? { errors: membersOf(errors, 3).map((each) => tell(each, seen)) } : {}),
  }
}

/** A database quotes the value that it could not take; its details hold whole rows, and stay out altogether. */
function messageOf(thrown: object, code: string | undefined, isDatabase: boolean): string {
  const message = textIn(thrown, 'message') ?? '(no message)'
  const kept = isDatabase && code?.startsWith('22') === true ? message.replace(/"[^"]*"/g, '"…"') : message
  return cleaned(kept, LONGEST_MESSAGE)
}

function stackOf(thrown: object): string[] {
  const lines = (textIn(thrown, 'stack') ?? '').slice(0, READ_AT_MOST).split('\n')
  const frames = lines.filter((line) => /^ {4}at /.test(line)).slice(0, MOST_LINES)
  return frames.map((line) => cleaned(line.trim(), LONGEST_LINE))
}

/** What PostgreSQL's drivers say of a row: names of the schema, which are no one's data. */
function databaseOf(thrown: object): Record<string, string> | undefined {
  if (textIn(thrown, 'severity') === undefined) return undefined
  const names = ['schema', 'table', 'column', 'constraint', 'routine'].flatMap((name) => {
    const text = textIn(thrown, name)
    return text === undefined ? [] : [[name, cleaned(text, LONGEST_LINE)] as const]
  })
  return Object.fromEntries(names)
}

/** A validator's list (zod, valibot): its messages quote what was sent. */
function issuesOf(thrown: object): { path: string; code: string }[] | undefined {
  const issues = read(thrown, 'issues')
  if (!isList(issues)) return undefined
  return membersOf(issues, MOST_ISSUES).map((issue) => {
    const [path, code] = typeof issue === 'object' && issue !== null ? [read(issue, 'path'), textIn(issue, 'code')] : []
    const parts = isList(path) ? membersOf(path, 10).filter((part) => /string|number/.test(typeof part)) : []
    return { path: cleaned(parts.join('.'), LONGEST_LINE), code: cleaned(code ?? 'refused', LONGEST_LINE) }
  })
}

/** Control characters would let a message begin lines of its own, and part a number that is one to its reader. */
function cleaned(text: string, longest: number): string {
  // eslint-disable-next-line no-control-regex
  const oneLine = text.slice(0, READ_AT_MOST).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
  const scrubbed = scrub(oneLine)
  return (text.length > READ_AT_MOST ? scrubbed.slice(0, -CUT_OFF) : scrubbed).slice(0, longest)
}

function textIn(thrown: object, name: string): string | undefined {
  const value = read(thrown, name)
  return typeof value === 'string' ? value : undefined
}

/** A member of what may be a trap: a getter or proxy that throws has none. */
export function read(thrown: object, name: string): unknown {
  try {
    return (thrown as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined // Whoever threw this has nothing to tell.
  }
}

function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    return false // A revoked proxy throws even here.
  }
}

function membersOf(list: readonly unknown[], most: number): unknown[] {
  try {
    return list.slice(0, most)
  } catch {
    return []
  }
}

function textOf(thrown: unknown): string {
  return typeof thrown === 'function' ? 'function' : String(thrown)
}
