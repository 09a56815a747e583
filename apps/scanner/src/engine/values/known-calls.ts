import type { Evaluation, Layer, Named, Origin, Primitive, Value } from './value.ts'
import { constant, optionsOf } from './value.ts'

interface Call {
  readonly callee: Named
  readonly args: readonly Value[]
  readonly at: Origin
  readonly evaluation: Evaluation
}

/** Functions whose result the engine can reckon, by their path. */
const BY_PATH: Readonly<Record<string, (call: Call) => Value | undefined>> = {
  'Object.assign': merged,
  'lodash.assign': merged,
  'lodash.merge': merged,
  'lodash.extend': merged,
  'lodash.cloneDeep': first,
  'lodash.clone': first,
  'Object.freeze': first,
  'Object.seal': first,
  'Object.create': first,
  structuredClone: first,
  'Promise.resolve': first,
  'util.promisify': first,
  'react.useMemo': calledFirst,
  String: text,
  Boolean: (call) => convert(call, Boolean),
  Number: (call) => convert(call, Number),
  parseInt: (call) => convert(call, (value) => Number.parseInt(String(value), 10)),
  'JSON.parse': parsed,
  atob: (call) => convert(call, (value) => Buffer.from(String(value), 'base64').toString('latin1')),
}

/** Methods whose result the engine can reckon, where it knows what they belong to. */
const BY_METHOD: Readonly<Record<string, (call: Call, base: Value) => Value | undefined>> = {
  toString: (_call: Call, base: Value) => (base.kind === 'constant' ? { ...base, value: String(base.value) } : base),
  valueOf: (_call: Call, base: Value) => base,
  trim: (call, base) => convertBase(call, base, (value) => String(value).trim()),
  toUpperCase: (call, base) => convertBase(call, base, (value) => String(value).toUpperCase()),
  toLowerCase: (call, base) => convertBase(call, base, (value) => String(value).toLowerCase()),
  concat: concatenated,
  join: joined,
  bind: (_call, base) => base,
}

/** Whether the engine may know what a library's function gives for its arguments. */
export function mayBeKnown({ path, via, base }: Named): boolean {
  return Object.hasOwn(BY_PATH, path) || (via === 'member' && base !== undefined && base.kind !== 'named')
}

/** The result of a library's function that the engine knows; undefined for any other. */
export function knownResult(call: Call): Value | undefined {
  const { callee } = call
  const byPath = Object.hasOwn(BY_PATH, callee.path) ? BY_PATH[callee.path] : undefined
  if (byPath) return byPath(call)
  if (callee.via !== 'member' || !callee.base || callee.base.kind === 'named') return undefined
  const method = callee.path.slice(callee.path.lastIndexOf('.') + 1)
  return Object.hasOwn(BY_METHOD, method) ? BY_METHOD[method]?.(call, callee.base) : undefined
}

function first({ args }: Call): Value | undefined {
  return args[0]
}

function calledFirst({ args: [fn], evaluation }: Call): Value | undefined {
  return fn?.kind === 'function' ? evaluation.result(fn, [], undefined) : undefined
}

function merged({ args, at }: Call): Value {
  const layers = args.map((arg): Layer => ({ spread: () => arg, node: arg.origin.node, maybe: false }))
  return { kind: 'object', layers, origin: at }
}

function text({ args: [value], at }: Call): Value | undefined {
  if (!value) return constant('', at)
  return value.kind === 'constant' ? constant(String(value.value), at) : { kind: 'text', parts: [value], origin: at }
}

function convert({ args: [value], at }: Call, how: (value: Primitive) => Primitive): Value | undefined {
  return value?.kind === 'constant' ? constant(how(value.value), at) : undefined
}

function convertBase({ at }: Call, base: Value, how: (value: Primitive) => Primitive): Value | undefined {
  return base.kind === 'constant' ? constant(how(base.value), at) : base.kind === 'text' ? base : undefined
}

/** A copy by way of JSON is what was copied. */
function parsed({ args: [value] }: Call): Value | undefined {
  if (value?.kind !== 'named' || value.path !== 'JSON.stringify()') return undefined
  return value.args?.[0]
}

function concatenated({ args, at }: Call, base: Value): Value | undefined {
  if (base.kind === 'list') {
    const items = args.flatMap((arg) => (arg.kind === 'list' ? arg.items : [arg]))
    return { ...base, items: [...base.items, ...items], open: true }
  }
  if (base.kind !== 'constant' && base.kind !== 'text') return undefined
  return textOf([base, ...args], at)
}

function joined({ args: [separator], at }: Call, base: Value): Value | undefined {
  if (base.kind !== 'list') return undefined
  const between = separator ?? constant(',', at)
  return textOf(
    base.items.flatMap((item, index) => (index === 0 ? [item] : [between, item])),
    at,
  )
}

/** Parts put together: a constant where all of them are. */
export function textOf(parts: readonly Value[], origin: Origin): Value {
  const flat = parts.flatMap((part) => (part.kind === 'text' ? part.parts : [part]))
  if (flat.every((part) => part.kind === 'constant')) {
    return constant(flat.map((part) => String(part.value)).join(''), origin)
  }
  return { kind: 'text', parts: flat, origin }
}

/** The text of a value as far as it is known; `hole` stands for what is not. */
export function shownText(value: Value, hole = '\u0000'): string {
  switch (value.kind) {
    case 'constant':
      return String(value.value)
    case 'text':
      return value.parts.map((part) => shownText(part, hole)).join('')
    case 'union': {
      const [only, ...others] = optionsOf(value).map((option) => shownText(option, hole))
      return only !== undefined && others.every((other) => other === only) ? only : hole
    }
    default:
      return hole
  }
}
