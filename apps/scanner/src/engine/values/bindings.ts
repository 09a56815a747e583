import type { Node } from '../syntax/parse.ts'
import type { Binding } from '../syntax/scopes.ts'
import type { Evaluation, Frame, Value } from './value.ts'
import { constant, named, union } from './value.ts'
import { standing } from './order.ts'
import { incomingValue, isParam } from './patterns.ts'
import { enumValue } from './enums.ts'
import { importedValue } from './imports.ts'
import { withMemberWrites } from './member-writes.ts'
import { paramValue } from './params.ts'

/** What a name is where it is used: the values that can have come to it by then. */
export function identifierValue(id: Node & { name: string }, frame: Frame, evaluation: Evaluation): Value {
  const binding = frame.module.tree.bindings.get(id)
  const origin = { module: frame.module, node: id as Node }
  return binding ? bindingValue(binding, id, { frame, evaluation }) : globalValue(id.name, origin)
}

/** What a name is at a place, with what was put into it after it was made. */
export function bindingValue(
  binding: Binding,
  use: Node,
  { frame, evaluation }: { frame: Frame; evaluation: Evaluation },
): Value {
  const value = frame.bound?.get(binding) ?? ownValue(binding, use, { frame, evaluation })
  return withMemberWrites(value, { binding, use, frame, evaluation })
}

function globalValue(name: string, origin: { module: Frame['module']; node: Node }): Value {
  if (name === 'undefined') return constant(undefined, origin)
  if (name === 'NaN' || name === 'Infinity') return constant(Number(name), origin)
  return named(name, origin)
}

function ownValue(binding: Binding, use: Node, { frame, evaluation }: { frame: Frame; evaluation: Evaluation }): Value {
  const origin = { module: frame.module, node: use }
  const declaration = binding.declarations.at(-1)
  if (!declaration?.parent) return named(`~${binding.name}`, origin)
  switch (binding.kind) {
    case 'import':
      return importedValue(declaration, frame, evaluation)
    case 'function':
    case 'class':
      if (binding.writes.length > 0) break
      return evaluation.evaluate(implementation(binding, declaration), frame)
    case 'enum':
      return enumValue(declaration.parent, frame, evaluation)
    default:
  }
  return reaching(binding, use, { frame, evaluation })
}

/** Of a function with overloads, the one with a body. */
function implementation(binding: Binding, declaration: Node): Node {
  const parents = binding.declarations.flatMap(({ parent }) => (parent ? [parent] : []))
  return parents.find((parent) => 'body' in parent && parent.body !== null) ?? parents[0] ?? declaration
}

/** Goes through the assignments in order: what is sure to have happened replaces all before it. */
function reaching(binding: Binding, use: Node, { frame, evaluation }: { frame: Frame; evaluation: Evaluation }): Value {
  const origin = { module: frame.module, node: use }
  const [only] = binding.declarations
  if (only && binding.declarations.length === 1 && binding.writes.length === 0) return incoming(only, frame, evaluation)
  let values: Value[] = []
  const happenings = [...binding.declarations, ...binding.writes].sort((a, b) => a.start - b.start)
  for (const id of happenings) {
    if (!evaluation.step()) break
    const assignment = assignmentOf(id)
    const isDeclaration = binding.declarations.includes(id)
    const stands = isDeclaration ? 'sure' : standing(assignment, use)
    if (stands === 'not yet') continue
    // A variable that is declared without a value and gets one elsewhere is not "undefined" to whoever reads it.
    if (isDeclaration && isBare(assignment) && binding.writes.length > 0) continue
    const value = incoming(id, frame, evaluation)
    values = stands === 'sure' && !addsTo(assignment) ? [value] : [...values, value]
  }
  return values.length === 0 ? named(`~${binding.name}`, origin) : union(values, origin)
}

function incoming(id: Node, frame: Frame, evaluation: Evaluation): Value {
  const parent = id.parent
  if (parent?.type === 'FunctionDeclaration' || parent?.type === 'FunctionExpression') {
    if (parent.id === id) return evaluation.evaluate(parent, frame)
  }
  return isParam(id) ? paramValue(id, frame, evaluation) : incomingValue(id, frame, evaluation)
}

/** The assignment, declarator or parameter that an identifier on its left belongs to. */
function assignmentOf(id: Node): Node {
  for (let at: Node | null | undefined = id; at; at = at.parent) {
    if (at.type === 'AssignmentExpression' || at.type === 'VariableDeclarator' || at.type === 'UpdateExpression')
      return at
    if (at.type === 'ForOfStatement' || at.type === 'ForInStatement') return at.left
  }
  return id
}

function isBare(node: Node): boolean {
  const loop = node.parent?.parent?.type
  return node.type === 'VariableDeclarator' && !node.init && loop !== 'ForOfStatement' && loop !== 'ForInStatement'
}

/** `+=` and its like keep what was there. */
function addsTo(node: Node): boolean {
  return node.type === 'UpdateExpression' || (node.type === 'AssignmentExpression' && node.operator !== '=')
}
