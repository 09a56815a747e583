import type { Node } from '../syntax/parse.ts'
import type { Module } from '../modules/module.ts'
import type { Binding } from '../syntax/scopes.ts'
import { bindParam } from './bind-params.ts'
import { bindingValue, identifierValue } from './bindings.ts'
import { classAround, classMembers, constructorOf } from './classes.ts'
import { expressionValue } from './expressions.ts'
import { exportedValue } from './exports.ts'
import { knownResult } from './known-calls.ts'
import { memberValue } from './members.ts'
import { incomingValue } from './patterns.ts'
import { returnsOf } from './returns.ts'
import type { ClassValue, Evaluation, Frame, FunctionValue, Origin, Value } from './value.ts'
import { constant, named, optionsOf, resultOf, union } from './value.ts'

/** Leads from an import to the file of the project that it means; undefined for a package. */
export type FindModule = (specifier: string, from: Module) => Module | undefined

const STEPS_PER_QUESTION = 4_000
/**
 * After this many steps for the questions about one file, the ones that are left are answered from what is near. Code
 * that people write takes a tenth of it; a bundle without names or line ends would take minutes.
 */
const STEPS_PER_FILE = 1_000_000
const STEPS_THEREAFTER = 100
const DEEPEST = 60
const DEEPEST_CALL = 5

/** Finds out what expressions can be, for one process. Bounded in depth and work for each question. */
export class Evaluator implements Evaluation {
  readonly #findModule: FindModule
  /** What expressions were found to be, where no caller matters; null while it is being found. It goes with its file. */
  readonly #values = new WeakMap<Module, Map<Node, Value | null>>()
  /** For all questions about the file that is being looked through. */
  #stepsOfFile = STEPS_PER_FILE
  #given = 0
  #steps = 0
  #depth = 0

  constructor(findModule: FindModule) {
    this.#findModule = findModule
  }

  /** The questions that follow are about another file. */
  nextFile(): void {
    this.#stepsOfFile = STEPS_PER_FILE
    this.#given = 0
    this.#steps = 0
  }

  evaluate(node: Node, frame: Frame): Value {
    if (node.type === 'Literal') return expressionValue(node, frame, this)
    if (this.#depth === 0) this.#begin()
    // What a caller passes differs from call to call, so that nothing of it is kept.
    const kept = frame.bound === undefined && frame.self === undefined ? this.#valuesOf(frame.module) : undefined
    const before = kept?.get(node)
    // Whoever comes here again on the way goes in a circle.
    if (before !== undefined) return before ?? unknown(node, frame)
    if (this.#depth >= DEEPEST || !this.step()) return unknown(node, frame)
    kept?.set(node, null)
    this.#depth++
    let value: Value | undefined
    try {
      value = this.#valueOf(node, frame)
      return value
    } finally {
      this.#depth--
      if (kept && value && this.#steps > 0) kept.set(node, value)
      else kept?.delete(node)
    }
  }

  /** Lets a question be asked that goes through more than one expression; the bounds hold for all of it. */
  ask<Answer>(question: () => Answer): Answer {
    if (this.#depth === 0) this.#begin()
    return question()
  }

  deeper<Answer>(otherwise: Answer, question: () => Answer): Answer {
    if (this.#depth >= DEEPEST || !this.step()) return otherwise
    this.#depth++
    try {
      return question()
    } finally {
      this.#depth--
    }
  }

  step(cost = 1): boolean {
    const isLeft = this.#steps > 0
    this.#steps -= cost
    return isLeft
  }

  member(value: Value, name: string | undefined, at: Origin): Value {
    if (this.#depth === 0) this.#begin()
    return memberValue(value, name, { at, evaluation: this })
  }

  call(callee: Value, args: readonly Value[], at: Origin): Value {
    const values = optionsOf(callee).map((option): Value => {
      if (option.kind === 'function') return this.result(option, args, undefined)
      if (option.kind !== 'named') return resultOf(option, args, { origin: at, via: 'call' })
      const known = knownResult({ callee: option, args, at, evaluation: this })
      return known ?? this.#methodOfFunction(option, args) ?? resultOf(option, args, { origin: at, via: 'call' })
    })
    return union(values, at)
  }

  result(fn: FunctionValue, args: readonly Value[], self: Value | undefined): Value {
    const { node, frame, origin } = fn
    if (frame.depth >= DEEPEST_CALL || !this.step() || !('params' in node)) return named('~()', origin)
    const inner = this.entered(fn, args, self)
    const values = returnsOf(node).map((expression) => this.evaluate(expression, inner))
    return values.length === 0 ? constant(undefined, origin) : union(values, origin)
  }

  /** What holds within a function that is called with these arguments. */
  entered({ node, frame, origin }: FunctionValue, args: readonly Value[], self: Value | undefined): Frame {
    const bound = new Map<Binding, Value>(frame.bound)
    const inner: Frame = { module: frame.module, bound, depth: frame.depth + 1, ...(self ? { self } : {}) }
    for (const [index, param] of ('params' in node ? (node.params as Node[]) : []).entries()) {
      const rest: Value = { kind: 'list', items: args.slice(index), open: false, origin }
      const value = param.type === 'RestElement' ? rest : (args[index] ?? constant(undefined, origin))
      bindParam(param, value, { frame: inner, bound, evaluation: this })
    }
    return inner
  }

  instance(cls: ClassValue, args: readonly Value[] | undefined, at: Origin): Value {
    const maker = args && cls.frame.depth < DEEPEST_CALL ? constructorOf(cls) : undefined
    const made = maker && args ? { ...cls, frame: this.entered(maker, args, undefined) } : cls
    return { ...classMembers(made, 'instance', this), origin: at }
  }

  exported(module: Module, name: string, at: Origin): Value {
    return exportedValue(module, name, { at, evaluation: this })
  }

  imported(specifier: string, from: Origin): Value {
    const module = this.#findModule(specifier, from.module)
    if (module) return this.exported(module, '*', from)
    return named(specifier.replace(/^node:/, ''), from)
  }

  #begin(): void {
    this.#stepsOfFile -= this.#given - Math.max(0, this.#steps)
    this.#given = this.#stepsOfFile > 0 ? STEPS_PER_QUESTION : STEPS_THEREAFTER
    this.#steps = this.#given
  }

  #valueOf(node: Node, frame: Frame): Value {
    if (node.type === 'Identifier') {
      const declaration = frame.module.tree.bindings.get(node)?.declarations.includes(node) === true
      // A declaration that is asked for itself, as by an export: what it is at the end of the file.
      if (declaration && node.parent) return this.#declared(node, frame)
      return identifierValue(node, frame, this)
    }
    if (node.type === 'ThisExpression') return this.#self(node, frame)
    return expressionValue(node, frame, this)
  }

  #declared(id: Node & { name: string }, frame: Frame): Value {
    const binding = frame.module.tree.bindings.get(id)
    if (!binding) return incomingValue(id, frame, this)
    const end = frame.module.text.length
    // The very end of the file stands for "whenever somebody imports it".
    const use: Node = { type: 'Identifier', name: id.name, start: end, end, parent: frame.module.tree.program }
    return bindingValue(binding, use, { frame, evaluation: this })
  }

  #valuesOf(module: Module): Map<Node, Value | null> {
    const before = this.#values.get(module)
    if (before) return before
    const values = new Map<Node, Value | null>()
    this.#values.set(module, values)
    return values
  }

  #self(node: Node, frame: Frame): Value {
    const origin = { module: frame.module, node }
    if (frame.self) return frame.self
    const cls = classAround(node)
    if (!cls) return named('~this', origin)
    return this.instance(
      { kind: 'class', node: cls, frame: { module: frame.module, depth: frame.depth }, origin },
      undefined,
      origin,
    )
  }

  /** `fn.call(self, …)` and `fn.apply(self, […])`. */
  #methodOfFunction({ path, base }: { path: string; base?: Value }, args: readonly Value[]): Value | undefined {
    if (base?.kind !== 'function') return undefined
    if (path.endsWith('.call')) return this.result(base, args.slice(1), args[0])
    const list = args[1]
    if (path.endsWith('.apply') && list?.kind === 'list') return this.result(base, list.items, args[0])
    return undefined
  }
}

function unknown(node: Node, frame: Frame): Value {
  return named(node.type === 'Identifier' ? `~${node.name}` : '~', { module: frame.module, node })
}
