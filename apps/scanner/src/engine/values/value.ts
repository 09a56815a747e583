import type { Node } from '../syntax/parse.ts'
import type { Binding } from '../syntax/scopes.ts'
import type { Module } from '../modules/module.ts'

/** Where a value was written down. */
export interface Origin {
  readonly module: Module
  readonly node: Node
}

/** Where an expression is evaluated: the file, and what is known of the parameters of the functions around it. */
export interface Frame {
  readonly module: Module
  readonly bound?: ReadonlyMap<Binding, Value>
  readonly self?: Value
  readonly depth: number
}

export type Primitive = string | number | boolean | null | undefined | bigint

/** A value that is known. */
export interface Constant {
  readonly kind: 'constant'
  readonly value: Primitive
  readonly origin: Origin
}

/** A text put together from parts, of which at least one is not known. */
export interface Text {
  readonly kind: 'text'
  readonly parts: readonly Value[]
  readonly origin: Origin
}

/**
 * One step in the making of an object. A later layer overrides an earlier one. `name` is undefined where the key is not
 * known; `maybe` marks what happens on some ways only.
 */
export type Layer =
  | { readonly name: string | undefined; readonly node: Node; readonly maybe: boolean; readonly value: () => Value }
  | { readonly spread: () => Value; readonly node: Node; readonly maybe: boolean; readonly except?: readonly string[] }

export interface ObjectValue {
  readonly kind: 'object'
  readonly layers: readonly Layer[]
  readonly origin: Origin
  /** The class that it is an instance of, where the project has it. */
  readonly of?: ClassValue
}

/** An array; `open` where more items may follow than are known. */
export interface ListValue {
  readonly kind: 'list'
  readonly items: readonly Value[]
  readonly open: boolean
  readonly origin: Origin
}

export interface FunctionValue {
  readonly kind: 'function'
  readonly node: Node
  readonly frame: Frame
  readonly origin: Origin
}

export interface ClassValue {
  readonly kind: 'class'
  readonly node: Node
  readonly frame: Frame
  readonly origin: Origin
}

/**
 * What is not known but has a name: the way that leads to it, such as `https.request`, `express().post`,
 * `new pg.Pool.query`, `process.env.PORT`, `@request.body`, `~card.number` (docs/scanner/writing-rules.md, "Paths").
 */
export interface Named {
  readonly kind: 'named'
  readonly path: string
  readonly via: 'root' | 'member' | 'call' | 'new'
  /** Whose member or whose result it is. */
  readonly base?: Value
  readonly args?: readonly Value[]
  readonly origin: Origin
}

/** One of several. */
export interface Union {
  readonly kind: 'union'
  readonly options: readonly Value[]
  readonly origin: Origin
}

export type Value = Constant | Text | ObjectValue | ListValue | FunctionValue | ClassValue | Named | Union

/** A member as it stands in an object: `certain` where no way leads past it. */
export interface Member {
  readonly value: Value
  /** Where it is set: the property, the assignment. */
  readonly origin: Origin
  readonly certain: boolean
}

/** What the parts of the engine ask of each other. */
export interface Evaluation {
  /** What an expression can be. Never throws; what takes too long to find out is a name without a value. */
  evaluate(node: Node, frame: Frame): Value
  member(value: Value, name: string | undefined, at: Origin): Value
  call(callee: Value, args: readonly Value[], at: Origin): Value
  /** What a function gives back for these arguments. */
  result(fn: FunctionValue, args: readonly Value[], self: Value | undefined): Value
  /** An instance of a class of the project: the one that is made with these arguments, or any. */
  instance(cls: ClassValue, args: readonly Value[] | undefined, at: Origin): Value
  /** What a file exports under a name; `*` for all of it. */
  exported(module: Module, name: string, at: Origin): Value
  /** What an import or require gives: the exports of a file of the project, or a name. */
  imported(specifier: string, from: Origin): Value
  /** Goes a level deeper; gives `otherwise` where that is too deep. */
  deeper<Answer>(otherwise: Answer, question: () => Answer): Answer
  /** Counts a step of work, or as many as it is worth; false where no more is to be done for this question. */
  step(cost?: number): boolean
}

const LONGEST_PATH = 160
export const MOST_OPTIONS = 12

export function constant(value: Primitive, origin: Origin): Constant {
  return { kind: 'constant', value, origin }
}

export function named(path: string, origin: Origin): Named {
  return { kind: 'named', path: path.slice(0, LONGEST_PATH), via: 'root', origin }
}

/** A member of something that is only known by name. */
export function memberOf(base: Named, name: string | undefined, origin: Origin): Named {
  // What a build made of `import x from` reaches its module by one more step.
  if (name === 'default' && base.via === 'root') return base
  const path = `${base.path}.${name ?? '[]'}`.slice(0, LONGEST_PATH)
  return { kind: 'named', path, via: 'member', base, origin }
}

/** The result of calling something that is only known by name. Its arguments are evaluated when somebody asks. */
export function resultOf(
  callee: Value,
  args: readonly Value[] | (() => readonly Value[]),
  place: { origin: Origin; via: 'call' | 'new' },
): Named {
  const path = callee.kind === 'named' ? callee.path : '~'
  const own = place.via === 'new' ? `new ${path}` : `${path}()`
  return new Result(own.slice(0, LONGEST_PATH), callee, { ...place, args })
}

class Result implements Named {
  readonly kind = 'named'
  readonly path: string
  readonly via: 'call' | 'new'
  readonly base: Value
  readonly origin: Origin
  #args: readonly Value[] | (() => readonly Value[])

  constructor(
    path: string,
    base: Value,
    given: { origin: Origin; via: 'call' | 'new'; args: readonly Value[] | (() => readonly Value[]) },
  ) {
    this.path = path
    this.base = base
    this.via = given.via
    this.origin = given.origin
    this.#args = given.args
  }

  get args(): readonly Value[] {
    if (typeof this.#args === 'function') this.#args = this.#args()
    return this.#args
  }
}

/** One of several values: flattened, without repetition, and no more of them than can be looked at. */
export function union(values: readonly Value[], origin: Origin): Value {
  const [only] = values
  if (only && values.length === 1) return only
  const options: Value[] = []
  for (const value of values) for (const option of optionsOf(value)) addOption(options, option)
  return options.length === 1 && options[0] ? options[0] : { kind: 'union', options, origin }
}

function addOption(options: Value[], value: Value): void {
  if (options.length < MOST_OPTIONS && !options.some((option) => isSame(option, value))) options.push(value)
}

function isSame(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a.kind === 'constant') return b.kind === 'constant' && a.value === b.value && a.origin.node === b.origin.node
  return a.kind === 'named' && b.kind === 'named' && !isResult(a) && !isResult(b) && a.path === b.path
}

function isResult({ via }: Named): boolean {
  return via === 'call' || via === 'new'
}

/** The values that a value can be, one by one. */
export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.options : [value]
}

/** Every way that a value can be named; empty where it is known. */
export function pathsOf(value: Value): readonly string[] {
  return optionsOf(value).flatMap((option) => (option.kind === 'named' ? [option.path] : []))
}

/** True, false, or undefined where it depends. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value)
    case 'object':
    case 'list':
    case 'function':
    case 'class':
      return true
    case 'text':
      return value.parts.some((part) => part.kind === 'constant' && part.value !== '') ? true : undefined
    case 'union': {
      const truths = value.options.map(truth)
      return truths.every((each) => each === truths[0]) ? truths[0] : undefined
    }
    default:
      return undefined
  }
}
