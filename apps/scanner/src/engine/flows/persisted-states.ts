import type { CallSite, CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, truth, type FunctionValue, type Origin, type Value } from '../values/value.ts'

/** A member of a state that a library keeps in the browser. */
export interface PersistedMember {
  readonly name: string
  readonly origin: Origin
}

/** The calls that make a state which is kept, for `calls` of a rule. */
export const PERSISTING_CALLS: readonly string[] = [
  ...['*.persist', '*.defineStore', '*.persistReducer', '*.createStore', 'new *.Store', '*.atomWithStorage'],
  ...['*.persistentAtom', '*.persistentMap', '*.persisted'],
]

/** The members of a state that is kept, as far as it is chosen which of them are. */
export function persistedBy(call: CallSite, scan: CodeScan): PersistedMember[] {
  const { path, args } = call
  const [first, second, third] = args
  if (!first) return []
  // Zustand: `persist((set) => ({ … }), { name, partialize })`
  if (/(?:^|[.~/])persist$/.test(path)) return zustand(first, second, scan)
  if (/(?:^|[.~/])defineStore$/.test(path)) return pinia([first, second, third], scan)
  if (/(?:^|[.~/])persistReducer$/.test(path)) return second ? redux(first, second, scan) : []
  if (/(?:^|[.~/])(?:createStore|Store)$/.test(path)) return vuex(first, scan)
  return second ? stateMembers(second, scan) : []
}

function zustand(creator: Value, options: Value | undefined, scan: CodeScan): PersistedMember[] {
  const chosen = options ? scan.members(options, 'partialize') : []
  const [only] = chosen
  if (!only) return stateMembers(returned(creator, scan), scan)
  return only.value.kind === 'function' ? stateMembers(returned(only.value, scan), scan) : []
}

function pinia([id, second, third]: readonly (Value | undefined)[], scan: CodeScan): PersistedMember[] {
  const isSetup = second?.kind === 'function'
  const options = isSetup ? third : (second ?? id)
  const [persist] = options ? scan.members(options, 'persist') : []
  if (!options || !persist || truth(persist.value) === false) return []
  const state = isSetup ? second : scan.members(options, 'state')[0]?.value
  if (!state) return []
  const picked = ['pick', 'paths'].flatMap((name) => namesIn(persist.value, name, scan) ?? [])
  const left = ['omit', 'omitPaths'].flatMap((name) => namesIn(persist.value, name, scan) ?? [])
  return stateMembers(returned(state, scan), scan).filter(
    ({ name }) => (picked.length === 0 || picked.includes(name)) && !left.includes(name),
  )
}

/** `persistReducer({ whitelist }, combineReducers({ payment: slice.reducer }))` */
function redux(config: Value, reducer: Value, scan: CodeScan): PersistedMember[] {
  const allowed = namesIn(config, 'whitelist', scan)
  const refused = namesIn(config, 'blacklist', scan) ?? []
  return optionsOf(reducer).flatMap((option) => {
    if (option.kind !== 'named') return []
    if (!option.path.endsWith('combineReducers()')) return ofSlice(option, scan)
    const [slices] = option.args ?? []
    if (!slices) return []
    return [...scan.memberNames(slices).names].flatMap((name) =>
      (allowed && !allowed.includes(name)) || refused.includes(name) ? [] : ofSlice(scan.member(slices, name), scan),
    )
  })
}

function ofSlice(reducer: Value, scan: CodeScan): PersistedMember[] {
  return optionsOf(reducer).flatMap((option) => {
    if (option.kind !== 'named' || !option.path.endsWith('createSlice().reducer')) return []
    const slice = option.base?.kind === 'named' ? option.base.args?.[0] : undefined
    return slice ? scan.members(slice, 'initialState').flatMap(({ value }) => stateMembers(value, scan)) : []
  })
}

/** Vuex, where the plugin that keeps it is among its plugins and keeps all of it. */
function vuex(options: Value, scan: CodeScan): PersistedMember[] {
  const plugins = scan.members(options, 'plugins').flatMap(({ value }) => (value.kind === 'list' ? value.items : []))
  const persists = plugins.some((plugin) =>
    optionsOf(plugin).some((each) => {
      if (each.kind !== 'named' || !/persist/i.test(each.path)) return false
      const [given] = each.args ?? []
      return !given || !['paths', 'reducer', 'modules'].some((name) => scan.members(given, name).length > 0)
    }),
  )
  if (!persists) return []
  return scan.members(options, 'state').flatMap(({ value }) => stateMembers(returned(value, scan), scan))
}

/** The texts of a list that is a member; undefined where it is not given. */
function namesIn(value: Value, name: string, scan: CodeScan): readonly string[] | undefined {
  if (value.kind !== 'object') return undefined
  const [member] = scan.members(value, name)
  if (!member) return undefined
  const items = member.value.kind === 'list' ? member.value.items : []
  return items.flatMap((item) => (item.kind === 'constant' ? [String(item.value).replace(/\..*$/, '')] : []))
}

const WRAPS = /(?:^|[.~/])(?:immer|devtools|subscribeWithSelector|combine|redux)\(\)$/

/** What a function gives back where it is written down here; the value itself where it is none. */
function returned(value: Value, scan: CodeScan): Value {
  const wrapped = value.kind === 'named' && WRAPS.test(value.path) ? value.args?.[0] : undefined
  if (wrapped) return returned(wrapped, scan)
  if (value.kind !== 'function' || value.origin.module !== scan.module) return value
  const [expression] = returnedBy(value)
  return expression ? scan.valueOf(expression) : value
}

function returnedBy({ node }: FunctionValue): Node[] {
  const body = 'body' in node ? (node.body as Node | null) : null
  if (!body) return []
  if (body.type !== 'BlockStatement') return [body]
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [each.argument] : []))
}

const MOST_LAYERS = 60

/** The members of an object and of the objects in it, which are written down. */
export function stateMembers(value: Value, scan: CodeScan, depth = 0): PersistedMember[] {
  if (depth > 3) return []
  return optionsOf(value).flatMap((option) => {
    if (option.kind !== 'object') return []
    return option.layers.slice(0, MOST_LAYERS).flatMap((layer): PersistedMember[] => {
      if ('spread' in layer) return stateMembers(layer.spread(), scan, depth + 1)
      const inner = layer.value()
      if (layer.name === undefined || inner.kind === 'function' || isMasked(inner)) return []
      const origin = { module: option.origin.module, node: layer.node }
      return [{ name: layer.name, origin }, ...stateMembers(inner, scan, depth + 1)]
    })
  })
}

function isMasked(value: Value): boolean {
  return value.kind === 'constant' && /[*•]/.test(String(value.value))
}
