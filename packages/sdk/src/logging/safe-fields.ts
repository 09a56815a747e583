import { types } from 'node:util'
import { describeError, framesOf, isError } from './describe-error.ts'
import { requestFields, responseFields } from './request-fields.ts'
import { safePath, safeText, shownName } from './safe-text.ts'

/** A value of JSON that a log may have. */
export type SafeValue = string | number | boolean | null | readonly SafeValue[] | { readonly [name: string]: SafeValue }

const DEEPEST = 5
const MOST_ITEMS = 50
const MOST_VALUES = 500
const MOST_NAMES = 20
/** Fields that hold an address. */
const PATHS = new Set(['url', 'path', 'originalUrl'])

/** One line's worth of values: how many there were, and what was left out. */
class Line {
  readonly #fields: ReadonlySet<string>
  readonly #leftOut = new Set<string>()
  #values = 0

  constructor(fields: ReadonlySet<string>) {
    this.#fields = fields
  }

  /** The names of what was left out. */
  leftOut(): string[] {
    return [...this.#leftOut]
  }

  /** What is kept of an object: fields of the list by their own values. No getter and no `toJSON` is ever called. */
  object(given: object, path: string, depth: number): Record<string, SafeValue> {
    const kept: Record<string, SafeValue> = {}
    for (const name of Object.keys(given)) {
      if (name === 'left_out') {
        this.#keepNames(given, path)
        continue
      }
      const property = Object.getOwnPropertyDescriptor(given, name)
      const isField = this.#fields.has(name) && property !== undefined && 'value' in property && name !== '__proto__'
      const value = isField ? this.#field(name, property.value, { path: `${path}${name}.`, depth }) : undefined
      if (value !== undefined) kept[name] = value
      else if (!isField || typeof property.value === 'function' || typeof property.value === 'symbol')
        this.#leave(`${path}${shownName(name)}`)
      if (this.#values > MOST_VALUES) break
    }
    return kept
  }

  #field(name: string, value: unknown, at: { path: string; depth: number }): SafeValue | undefined {
    if (PATHS.has(name) && typeof value === 'string') return safeText(safePath(value))
    // A stack begins with the words of its error, which are told apart from it.
    if (name === 'stack') return framesOf(value)
    if (typeof value === 'object' && value !== null && !types.isProxy(value)) {
      // Of a framework's own objects, whatever they are made of.
      if (name === 'req') return requestFields(value)
      if (name === 'res') return responseFields(value)
    }
    return this.value(value, at)
  }

  value(value: unknown, at: { path: string; depth: number }): SafeValue | undefined {
    this.#values++
    switch (typeof value) {
      case 'string':
        return safeText(value)
      case 'number':
        return safeNumber(value)
      case 'bigint':
        return safeText(value.toString().slice(0, 100))
      case 'boolean':
        return value
      case 'object':
        return value === null ? null : this.#object(value, at)
      case 'undefined':
      case 'function':
      case 'symbol':
        return undefined
    }
  }

  #object(value: object, { path, depth }: { path: string; depth: number }): SafeValue {
    if (types.isProxy(value)) return '[proxy]'
    if (depth >= DEEPEST || this.#values > MOST_VALUES) return '[more]'
    if (isError(value)) return describeError(value, depth) as SafeValue
    if (types.isDate(value)) return safeDate(value)
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`
    if (types.isMap(value) || types.isSet(value)) return `[${value.size} entries]`
    if (types.isBoxedPrimitive(value) || types.isPromise(value) || types.isRegExp(value)) return '[object]'
    return Array.isArray(value) ? this.#list(value, { path, depth }) : this.object(value, path, depth + 1)
  }

  #list(list: readonly unknown[], at: { path: string; depth: number }): SafeValue {
    const items: SafeValue[] = []
    for (let index = 0; index < Math.min(list.length, MOST_ITEMS); index++) {
      const property = Object.getOwnPropertyDescriptor(list, index)
      items.push(this.value(property?.value, { path: at.path, depth: at.depth + 1 }) ?? null)
    }
    const plain = items.filter((item) => typeof item === 'string' || typeof item === 'number')
    // A number that was taken apart is one as well: [4242, 4242, 4242, 4242].
    if (plain.length >= 3) {
      const joined = plain.join(' ')
      const together = plain.join('')
      if (
        safeText(joined.slice(0, 1_000)) !== joined.slice(0, 1_000) ||
        (/^[0-9]{12,19}$/.test(together) && safeText(together) !== together)
      )
        return '[list]'
    }
    if (list.length > MOST_ITEMS) items.push(`[${list.length} in all]`)
    return items
  }

  /** Names that an earlier pass has left out: they are names already, and are only looked at again. */
  #keepNames(given: object, path: string): void {
    const names: unknown = Object.getOwnPropertyDescriptor(given, 'left_out')?.value
    if (!Array.isArray(names) || types.isProxy(names)) return
    for (const name of names.slice(0, MOST_NAMES + 1)) {
      if (typeof name === 'string')
        this.#leave(
          path +
            name
              .split('.')
              .map((part) => (part === '[name]' || part === '[argument]' ? part : shownName(part)))
              .join('.'),
        )
    }
  }

  #leave(name: string): void {
    if (this.#leftOut.size < MOST_NAMES) this.#leftOut.add(name)
  }
}

/**
 * What a log may have of an object: the fields of the list, at every depth, scrubbed and bounded; `left_out` names the
 * others. It never throws, whatever the object is.
 */
export function safeFields(given: object, fields: ReadonlySet<string>): Record<string, SafeValue> {
  if (types.isProxy(given)) return { left_out: ['[name]'] }
  try {
    const line = new Line(fields)
    const kept = line.object(given, '', 0)
    const leftOut = line.leftOut()
    return leftOut.length === 0 ? kept : { ...kept, left_out: leftOut }
  } catch {
    return { left_out: ['[name]'] } // An object that cannot even be looked at.
  }
}

/** A value that is put into a sentence: objects are cut down to the fields of the list. */
export function safeArgument(value: unknown, fields: ReadonlySet<string>): SafeValue | undefined {
  if (isError(value)) return describeErrorShortly(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Line(fields).value(value, { path: '', depth: 0 })
  const whole = new Line(fields).value(value, { path: '', depth: 0 })
  return typeof whole === 'object' ? safeFields(value, fields) : whole
}

function describeErrorShortly(error: Error): string {
  const { type, message } = describeError(error)
  return `${String(type)}: ${String(message)}`
}

/** A number is logged as one, but for those that are a card's. */
function safeNumber(value: number): SafeValue {
  if (!Number.isFinite(value)) return null
  if (Math.abs(value) < 1e11) return value
  const text = String(value)
  const scrubbed = safeText(text)
  return scrubbed === text ? value : scrubbed
}

function safeDate(date: Date): SafeValue {
  const time = Date.prototype.getTime.call(date)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
