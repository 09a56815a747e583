import type { Node } from '../syntax/parse.ts'
import type { Binding } from '../syntax/scopes.ts'
import { decoratedParam } from './decorated-params.ts'
import { callbackParam, conventionalParam, typedParam } from './frameworks.ts'
import type { Evaluation, Frame, Value } from './value.ts'
import { named, pathsOf, union } from './value.ts'

const MOST_CALL_SITES = 12

/**
 * What comes to a parameter: what a framework is known to hand to it, then what the calls in the same file pass, then
 * what its name says in the conventions of Node.js servers.
 */
export function paramValue(param: Node, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: param }
  const fn = param.parent
  if (!fn || !('params' in fn)) return named('~', origin)
  const params = fn.params as Node[]
  const index = params.indexOf(param)
  const id = identifierOf(param)
  const typed = decoratedParam(param) ?? (id && typedParam(id))
  if (typed !== undefined) return named(typed, origin)
  const callback = asCallback(fn, index, { frame, evaluation })
  if (callback) return callback
  const passed = fromCallSites(fn, param, { index, frame, evaluation })
  if (passed) return passed
  const names = params.map((each) => identifierOf(each)?.name)
  return named(conventionalParam(names, index, fn) ?? `~${id?.name ?? ''}`, origin)
}

/** The name of a parameter, also of one with a default; undefined for a pattern. */
function identifierOf(param: Node): (Node & { type: 'Identifier' }) | undefined {
  if (param.type === 'Identifier') return param
  if (param.type === 'AssignmentPattern') return identifierOf(param.left)
  if (param.type === 'RestElement') return identifierOf(param.argument)
  return param.type === 'TSParameterProperty' ? identifierOf(param.parameter) : undefined
}

interface Where {
  readonly frame: Frame
  readonly evaluation: Evaluation
}

/** The function as an argument of a call whose library is known: handlers, `then`, `map`. */
function asCallback(fn: Node, index: number, { frame, evaluation }: Where): Value | undefined {
  for (const place of [fn, ...usesOf(fn, frame)]) {
    const call = enclosingCall(place)
    if (!call) continue
    const callee = evaluation.evaluate(call.callee, frame)
    const origin = { module: frame.module, node: fn }
    for (const path of pathsOf(callee)) {
      const given = callbackParam(path, { index, count: (fn as unknown as { params: Node[] }).params.length })
      if (given === undefined) continue
      if (given !== '@receiver' && given !== '@element') return named(given, origin)
      const base = callee.kind === 'named' ? callee.base : undefined
      if (!base) continue
      return given === '@element' ? evaluation.member(base, undefined, origin) : base
    }
  }
  return undefined
}

/** The call that a function is an argument of, directly or in an array of handlers. */
function enclosingCall(node: Node): (Node & { type: 'CallExpression' }) | undefined {
  const parent = node.parent
  if (parent?.type === 'ArrayExpression') return enclosingCall(parent)
  // `catchErrors(async (req, res) => …)`: a wrapper hands on what it is handed.
  if (parent?.type !== 'CallExpression' || parent.callee === node) return undefined
  return parent
}

/** The identifiers that a function is used by, where it has a name. */
function usesOf(fn: Node, frame: Frame): readonly Node[] {
  return bindingOf(fn, frame)?.reads ?? []
}

function bindingOf(fn: Node, frame: Frame): Binding | undefined {
  const { bindings } = frame.module.tree
  if (fn.type === 'FunctionDeclaration' && fn.id) return bindings.get(fn.id)
  const parent = fn.parent
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return bindings.get(parent.id)
  return undefined
}

function fromCallSites(
  fn: Node,
  param: Node,
  { index, frame, evaluation }: Where & { index: number },
): Value | undefined {
  const origin = { module: frame.module, node: param }
  const values: Value[] = []
  for (const use of callSites(fn, { frame, evaluation }).slice(0, MOST_CALL_SITES)) {
    if (!evaluation.step()) return undefined
    const call = use.parent
    if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') continue
    if (call.callee !== use) continue
    const args = call.arguments.map((argument): Value => {
      if (argument.type !== 'SpreadElement') return evaluation.evaluate(argument, { module: frame.module, depth: 0 })
      return named('~', { module: frame.module, node: argument })
    })
    if (param.type === 'RestElement') values.push({ kind: 'list', items: args.slice(index), open: false, origin })
    else {
      const given = args[index]
      if (given) values.push(given)
    }
  }
  return values.length === 0 ? undefined : union(values, origin)
}

function usesOfClass(cls: Node | null | undefined, frame: Frame): readonly Node[] {
  if (cls?.type !== 'ClassDeclaration' || !cls.id) return []
  return frame.module.tree.bindings.get(cls.id)?.reads ?? []
}

/** Where a function is called by its name; for a method, on `this` or on an instance. */
function callSites(fn: Node, { frame, evaluation }: Where): readonly Node[] {
  const byName = usesOf(fn, frame)
  const method = fn.parent
  if (method?.type !== 'MethodDefinition' || method.computed) return byName
  if (method.kind === 'constructor') return usesOfClass(method.parent?.parent, frame)
  const { key } = method
  if (key.type !== 'Identifier' && key.type !== 'PrivateIdentifier') return byName
  const cls = method.parent?.parent
  return (frame.module.tree.byType.get('MemberExpression') ?? []).filter(
    (member) =>
      member.type === 'MemberExpression' &&
      !member.computed &&
      member.property.type === key.type &&
      member.property.name === key.name &&
      (member.object.type === 'ThisExpression' || isInstanceOf(member.object, cls, { frame, evaluation })),
  )
}

/** `new Orders().find(…)`, `orders.find(…)`: an instance of the class in the file that has it. */
function isInstanceOf(object: Node, cls: Node | null | undefined, { frame, evaluation }: Where): boolean {
  if (object.type !== 'Identifier' && object.type !== 'NewExpression') return false
  const value = evaluation.evaluate(object, { module: frame.module, depth: 0 })
  return value.kind === 'object' && value.of !== undefined && value.of.node === cls
}
