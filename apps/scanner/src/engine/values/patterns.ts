import type { Node } from '../syntax/parse.ts'
import {
  constant,
  memberOf,
  named,
  optionsOf,
  union,
  type Evaluation,
  type Frame,
  type Origin,
  type Value,
} from './value.ts'
import { paramValue } from './params.ts'

/**
 * What comes to an identifier, or to a part of a pattern, where it is declared or assigned: climbs from there to the
 * expression that the pattern takes apart, and back down by members, indexes and defaults.
 */
export function incomingValue(node: Node, frame: Frame, evaluation: Evaluation): Value {
  const origin: Origin = { module: frame.module, node }
  const parent = node.parent
  if (!parent || !evaluation.step()) return named('~', origin)
  switch (parent.type) {
    case 'VariableDeclarator':
      return declared(parent, frame, evaluation)
    case 'AssignmentExpression':
      return assigned(parent, frame, evaluation)
    case 'ForOfStatement':
      return evaluation.member(evaluation.evaluate(parent.right, frame), undefined, origin)
    case 'AssignmentPattern': {
      const given = isParam(parent) ? paramValue(parent, frame, evaluation) : incomingValue(parent, frame, evaluation)
      return withDefault(given, () => evaluation.evaluate(parent.right, frame), origin)
    }
    case 'Property': {
      const pattern = parent.parent
      if (pattern?.type !== 'ObjectPattern') return named('~', origin)
      return evaluation.member(patternValue(pattern, frame, evaluation), keyOf(parent, frame, evaluation), origin)
    }
    case 'ArrayPattern': {
      const index = (parent.elements as (Node | null)[]).indexOf(node)
      return evaluation.member(patternValue(parent, frame, evaluation), String(index), origin)
    }
    case 'RestElement':
      return restValue(parent, frame, evaluation)
    case 'CatchClause':
      return named('@caught', origin)
    case 'TSParameterProperty':
      return paramValue(parent, frame, evaluation)
    default:
      return isParam(node) ? paramValue(node, frame, evaluation) : named(nameOf(node), origin)
  }
}

function patternValue(pattern: Node, frame: Frame, evaluation: Evaluation): Value {
  return isParam(pattern) ? paramValue(pattern, frame, evaluation) : incomingValue(pattern, frame, evaluation)
}

function nameOf(node: Node): string {
  return node.type === 'Identifier' ? `~${node.name}` : '~'
}

/** Whether a pattern stands directly in a list of parameters. */
export function isParam(node: Node): boolean {
  const parent = node.parent
  if (!parent || !('params' in parent) || !Array.isArray(parent.params)) return false
  return (parent.params as Node[]).includes(node)
}

function declared(declarator: Node & { type: 'VariableDeclarator' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: declarator.id }
  const loop = declarator.parent?.parent
  if (loop?.type === 'ForOfStatement' && loop.left === declarator.parent) {
    return evaluation.member(evaluation.evaluate(loop.right, frame), undefined, origin)
  }
  if (loop?.type === 'ForInStatement' && loop.left === declarator.parent) return named('~key', origin)
  return declarator.init ? evaluation.evaluate(declarator.init, frame) : constant(undefined, origin)
}

function assigned(node: Node & { type: 'AssignmentExpression' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node }
  const right = evaluation.evaluate(node.right, frame)
  if (node.operator === '=' || node.operator.endsWith('||=') || node.operator.endsWith('??=')) return right
  if (node.operator !== '+=') return node.operator === '&&=' ? right : named('~', origin)
  // What was added to stands among the other writes of the same name.
  return { kind: 'text', parts: [named('~', origin), right], origin }
}

/** A default counts where the value is missing, or may be. */
function withDefault(given: Value, otherwise: () => Value, origin: Origin): Value {
  const options = optionsOf(given)
  const missing = options.filter((option) => option.kind === 'constant' && option.value === undefined)
  if (missing.length === options.length) return otherwise()
  const unsure = options.some((option) => option.kind === 'named')
  if (missing.length === 0 && !unsure) return given
  return union([...options.filter((option) => !missing.includes(option)), otherwise()], origin)
}

function restValue(rest: Node & { type: 'RestElement' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: rest }
  const parent = rest.parent
  if (parent?.type === 'ObjectPattern') {
    const taken = (parent.properties as Node[]).flatMap((property) =>
      property.type === 'Property' ? [keyOf(property, frame, evaluation) ?? ''] : [],
    )
    const spread = (): Value => patternValue(parent, frame, evaluation)
    return { kind: 'object', layers: [{ spread, node: rest, maybe: false, except: taken }], origin }
  }
  if (isParam(rest)) return paramValue(rest, frame, evaluation)
  if (parent?.type !== 'ArrayPattern') return named('~', origin)
  const value = patternValue(parent, frame, evaluation)
  return value.kind === 'named' ? memberOf(value, undefined, origin) : named('~', origin)
}

/** The key of a property, where it is known. */
export function keyOf(property: Node, frame: Frame, evaluation: Evaluation): string | undefined {
  if (!('key' in property)) return undefined
  const key = property.key as Node
  if (!('computed' in property && property.computed)) {
    if (key.type === 'Identifier') return key.name
    if (key.type === 'PrivateIdentifier') return `#${key.name}`
    if (key.type === 'Literal') return String(key.value)
  }
  const value = evaluation.evaluate(key, frame)
  return value.kind === 'constant' ? String(value.value) : undefined
}
