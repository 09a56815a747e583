import { codeColumns } from '../data/code-columns.ts'
import type { Column } from '../data/column.ts'
import type { Setting } from '../data/setting.ts'
import { sinkOfAssignment, sinksOfCall, type Sink } from '../flows/sinks.ts'
import { findSources } from '../flows/sources.ts'
import type { Module } from '../modules/module.ts'
import type { CallMatcher, Rule } from '../rule.ts'
import type { Node } from '../syntax/parse.ts'
import type { Evaluator } from '../values/evaluator.ts'
import { argumentsOf } from '../values/expressions.ts'
import { shownText } from '../values/known-calls.ts'
import { membersNamed, namesOf } from '../values/members.ts'
import { PathIndex } from '../values/paths.ts'
import { optionsOf, pathsOf, type Frame, type FunctionValue, type Origin, type Value } from '../values/value.ts'
import { applies } from './applicable.ts'
import type { CallSite, CodeScan } from './code-scan.ts'
import type { Range } from './file-scan.ts'
import type { Reports } from './reports.ts'

interface Tools {
  /** Rules that are followed into functions of other files. */
  readonly entering: readonly Rule[]
  readonly evaluator: Evaluator
  readonly reports: Reports
  readonly onSettings: (rules: readonly Rule[], settings: readonly Setting[], reports: Reports) => void
  readonly onColumns: (rules: readonly Rule[], columns: readonly Column[], reports: Reports) => void
}

/** Takes a file's code through the rules. */
export function scanCode(rules: readonly Rule[], module: Module, tools: Tools): void {
  new CodeWalk(rules, { module, depth: 0 }, tools).run()
}

/** How many calls are looked at, for one file, within functions of other files that it calls. */
const MOST_ENTERED = 400
const DEEPEST_ENTERED = 2

class CodeWalk {
  readonly #rules: readonly Rule[]
  readonly #module: Module
  readonly #tools: Tools
  readonly #frame: Frame
  readonly #scans = new Map<Rule, CodeScan>()
  #calls: readonly CallSite[] | undefined

  constructor(rules: readonly Rule[], frame: Frame, tools: Tools) {
    this.#rules = rules
    this.#module = frame.module
    this.#tools = tools
    this.#frame = frame
  }

  run(): void {
    this.#checkOwn()
    this.#enterCalls(this.#callNodes(), { left: MOST_ENTERED }, 0)
  }

  #checkOwn(): void {
    const { onSettings, onColumns, reports, evaluator } = this.#tools
    if (this.#rules.some(({ on }) => on.calls)) this.#checkCalls()
    if (this.#rules.some(({ on }) => on.sinks)) this.#checkSinks(this.#assignedSinks())
    this.#checkNodes()
    if (this.#rules.some(({ on }) => on.settings)) onSettings(this.#rules, this.#assignedSettings(), reports)
    if (this.#rules.some(({ on }) => on.columns)) {
      onColumns(this.#rules, codeColumns(this.#module, this.#allCalls(), evaluator), reports)
    }
    for (const rule of this.#rules) rule.on.code?.(this.#scanOf(rule))
  }

  /**
   * Functions of other files that are called here, as they run with what is passed from here: an option or a body that
   * is handed to a wrapper is as bad as one that is used on the spot.
   */
  #enterCalls(nodes: readonly Node[], budget: { left: number }, depth: number): void {
    const { evaluator } = this.#tools
    if (this.#tools.entering.length === 0) return
    for (const node of nodes) {
      if (node.type !== 'CallExpression') continue
      for (const option of optionsOf(evaluator.evaluate(node.callee, this.#frame))) {
        if (option.kind !== 'function' || option.frame.module === this.#module || budget.left <= 0) continue
        this.#enter(option, node, { budget, depth })
      }
    }
  }

  #enter(
    fn: FunctionValue,
    node: Extract<Node, { type: 'CallExpression' }>,
    { budget, depth }: { budget: { left: number }; depth: number },
  ): void {
    const { evaluator } = this.#tools
    const { module } = fn.frame
    const rules = this.#tools.entering.filter((rule) => applies(rule, module, this.#module))
    const inner = innerCalls(fn.node, module)
    if (rules.length === 0 || inner.length === 0) return
    budget.left -= inner.length
    const { callee } = node
    const self = callee.type === 'MemberExpression' ? evaluator.evaluate(callee.object, this.#frame) : undefined
    const args = argumentsOf(node.arguments, this.#frame, evaluator)
    const frame = evaluator.ask(() => evaluator.entered(fn, args, self?.kind === 'object' ? self : undefined))
    const walk = new CodeWalk(rules, frame, this.#tools)
    walk.#checkWithin(inner)
    if (depth + 1 < DEEPEST_ENTERED) walk.#enterCalls(inner, budget, depth + 1)
  }

  /** Only these calls, with what is known of the parameters around them. */
  #checkWithin(nodes: readonly Node[]): void {
    this.#calls = nodes.flatMap((node) => this.#callsAt(node))
    this.#checkCalls()
    this.#checkSinks([])
  }

  #checkCalls(): void {
    const index = callIndexFor(this.#rules)
    for (const call of this.#allCalls()) {
      for (const { rule, matcher } of index.find(call.path)) matcher.check(call, this.#scanOf(rule))
    }
  }

  #checkSinks(assigned: readonly Sink[]): void {
    const sinks = [...this.#allCalls().flatMap(sinksOfCall), ...assigned]
    for (const rule of this.#rules) {
      for (const { kinds, check } of rule.on.sinks ?? []) {
        for (const sink of sinks) if (kinds.includes(sink.kind)) check(sink, this.#scanOf(rule))
      }
    }
  }

  #assignedSinks(): Sink[] {
    return this.#assignments().flatMap(({ node, path }): Sink[] => {
      const kind = sinkOfAssignment(path)
      if (!kind) return []
      return [
        { kind, path, value: this.#tools.evaluator.evaluate(node.right, this.#frame), node, valueNode: node.right },
      ]
    })
  }

  /** Assignments to members, with the path of what is assigned. */
  #assignments(): { node: Extract<Node, { type: 'AssignmentExpression' }>; path: string }[] {
    return (this.#module.tree.byType.get('AssignmentExpression') ?? []).flatMap((node) => {
      if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return []
      return pathsOf(this.#tools.evaluator.evaluate(node.left, this.#frame)).map((path) => ({ node, path }))
    })
  }

  #checkNodes(): void {
    for (const rule of this.#rules) {
      for (const [type, check] of Object.entries(rule.on.nodes ?? {})) {
        const scan = this.#scanOf(rule)
        for (const node of this.#module.tree.byType.get(type) ?? [])
          (check as (node: Node, scan: CodeScan) => void)(node, scan)
      }
    }
  }

  /** `process.env.NAME = value` */
  #assignedSettings(): Setting[] {
    return this.#assignments().flatMap(({ node, path }): Setting[] => {
      const name = /^process\.env\.(\w+)$/.exec(path)?.[1]
      const value = this.#tools.evaluator.evaluate(node.right, this.#frame)
      if (name === undefined) return []
      const { start, end } = node
      return optionsOf(value).flatMap((option): Setting[] => {
        if (option.kind !== 'constant' || option.value === undefined) return []
        const at = { start, end, valueStart: node.right.start, valueEnd: node.right.end }
        return [{ name, path: ['process', 'env', name], value: shownText(option), source: 'code', ...at }]
      })
    })
  }

  #allCalls(): readonly CallSite[] {
    this.#calls ??= this.#callNodes().flatMap((node) => this.#callsAt(node))
    return this.#calls
  }

  #callNodes(): readonly Node[] {
    return callNodesOf(this.#module)
  }

  #callsAt(node: Node): CallSite[] {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return []
    const { evaluator } = this.#tools
    const callee = evaluator.evaluate(node.callee, this.#frame)
    return optionsOf(callee).flatMap((option): CallSite[] => {
      if (option.kind !== 'named') return []
      const path = node.type === 'NewExpression' ? `new ${option.path}` : option.path
      const frame = this.#frame
      let args: readonly Value[] | undefined
      return [
        {
          node,
          path,
          callee: option,
          get args() {
            args ??= argumentsOf(node.arguments, frame, evaluator)
            return args
          },
        },
      ]
    })
  }

  #scanOf(rule: Rule): CodeScan {
    const known = this.#scans.get(rule)
    if (known) return known
    const scan = this.#makeScan(rule)
    this.#scans.set(rule, scan)
    return scan
  }

  #makeScan(rule: Rule): CodeScan {
    const { evaluator, reports } = this.#tools
    const module = this.#module
    const at = { module, node: module.tree.program }
    return {
      ...reports.scanOf(rule),
      module,
      valueOf: (node) => evaluator.evaluate(node, this.#frame),
      members: (value, name) => evaluator.ask(() => membersNamed(value, name, evaluator)),
      memberNames: (value) => evaluator.ask(() => namesOf(value, evaluator)),
      member: (value, name) => evaluator.member(value, name, at),
      sourcesIn: (value, kinds, options) => evaluator.ask(() => findSources(value, kinds, options)),
      placeOf: (place) => placeOf(place, module),
      callsTo: (...paths) => this.#callsTo(paths),
    }
  }

  #callsTo(paths: readonly string[]): readonly CallSite[] {
    const index = new PathIndex<true>()
    for (const path of paths) index.add(path, true)
    return this.#allCalls().filter(({ path }) => index.find(path).length > 0)
  }
}

const nodesByModule = new WeakMap<Module, readonly Node[]>()

/** Calls and `new`, in order. */
function callNodesOf(module: Module): readonly Node[] {
  const known = nodesByModule.get(module)
  if (known) return known
  const { byType } = module.tree
  const nodes = [...(byType.get('CallExpression') ?? []), ...(byType.get('NewExpression') ?? [])]
  nodes.sort((a, b) => a.start - b.start)
  nodesByModule.set(module, nodes)
  return nodes
}

const MOST_INNER = 40
const innerByFunction = new WeakMap<Node, readonly Node[]>()

/** The calls within a function; of a long one the first. */
function innerCalls(fn: Node, module: Module): readonly Node[] {
  const known = innerByFunction.get(fn)
  if (known) return known
  const nodes = callNodesOf(module)
    .filter(({ start, end }) => fn.start <= start && end <= fn.end)
    .slice(0, MOST_INNER)
  innerByFunction.set(fn, nodes)
  return nodes
}

type CallIndex = PathIndex<{ rule: Rule; matcher: CallMatcher }>

const indexes = new Map<string, CallIndex>()
const MOST_INDEXES = 200

/** The calls that rules ask for. Most files have the same few rules in them, so that the index is made once for these. */
function callIndexFor(rules: readonly Rule[]): CallIndex {
  const key = rules.map(({ id }) => id).join()
  const known = indexes.get(key)
  if (known) return known
  const index: CallIndex = new PathIndex()
  for (const rule of rules) {
    for (const matcher of rule.on.calls ?? []) for (const to of matcher.to) index.add(to, { rule, matcher })
  }
  if (indexes.size < MOST_INDEXES) indexes.set(key, index)
  return index
}

function placeOf(place: Origin | Node, module: Module): Range {
  const origin = 'node' in place && 'module' in place ? place : { module, node: place }
  const { node, module: there } = origin
  return { start: node.start - there.shift, end: node.end - there.shift, path: there.path }
}
