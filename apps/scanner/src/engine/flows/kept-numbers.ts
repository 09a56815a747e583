import { sourceOf } from '../modules/source-text.ts'
import type { Module } from '../modules/module.ts'
import type { Node } from '../syntax/parse.ts'

/**
 * What becomes of a number: it is rounded, shown to somebody, compared, or kept as it is: put into an object or a
 * variable that is passed on, returned, or stored.
 */
export type Fate = 'rounded' | 'shown' | 'compared' | 'kept' | 'unused'

const ROUNDS =
  /^Math\.(?:round|floor|ceil|trunc)$|round|to_?cents|to_?minor|to_?price|to_?money|decimal|dinero|big_?number|bigint|BigInt|currency\(/i
const SHOWS =
  /format|display|render|print|console|log\b|\.info$|\.debug$|label|intl|locale|String$|alert|toast|text|writeHead|\$\(|append|html|isNaN|isFinite|expect|assert/i
const TO_TEXT = /^(?:toFixed|toLocaleString|toString|toPrecision)$/
const MOST_READS = 30

/** @param depth how many variables are followed */
export function fateOf(node: Node, module: Module, depth = 3): Fate {
  let at = node
  for (;;) {
    const { parent } = at
    if (!parent) return 'unused'
    const next = fateWithin(at, parent, { module, depth })
    if (typeof next === 'string') return next
    at = next
  }
}

interface Way {
  readonly module: Module
  readonly depth: number
}

/** The fate of what stands directly in `parent`, or the node by which it goes on. */
function fateWithin(at: Node, parent: Node, way: Way): Fate | Node {
  switch (parent.type) {
    case 'ParenthesizedExpression':
    case 'UnaryExpression':
    case 'LogicalExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ChainExpression':
    case 'AwaitExpression':
    case 'SpreadElement':
      return parent
    case 'BinaryExpression':
      return /^[-+*/%]|\*\*$/.test(parent.operator) ? parent : 'compared'
    case 'ConditionalExpression':
      return parent.test === at ? 'compared' : parent
    case 'IfStatement':
    case 'WhileStatement':
      return 'compared'
    case 'TemplateLiteral':
    case 'JSXExpressionContainer':
      return 'shown'
    case 'MemberExpression':
      return fateOfMember(at, parent)
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === at ? parent : fateInCall(parent, way.module)
    case 'VariableDeclarator':
      return fateOfVariable(parent.id, way)
    case 'AssignmentExpression':
      return parent.left.type === 'Identifier' ? fateOfVariable(parent.left, way) : 'kept'
    case 'ArrowFunctionExpression':
      return fateOfResult(parent, way)
    case 'ReturnStatement': {
      const fn = functionAround(parent)
      return fn ? fateOfResult(fn, way) : 'kept'
    }
    case 'ExpressionStatement':
      return 'unused'
    default:
      return 'kept'
  }
}

function fateOfMember(at: Node, member: Extract<Node, { type: 'MemberExpression' }>): Fate | Node {
  if (member.object !== at) return 'compared'
  if (member.computed) return 'compared'
  const { name } = member.property
  if (!TO_TEXT.test(name)) return member
  // `Number(x.toFixed(2))` is a number again.
  const call = member.parent
  const outer = call?.parent
  const isNumberAgain =
    (outer?.type === 'UnaryExpression' && outer.operator === '+') ||
    (outer?.type === 'CallExpression' &&
      outer.callee.type === 'Identifier' &&
      /^(?:Number|parseFloat)$/.test(outer.callee.name))
  return isNumberAgain ? outer : 'shown'
}

function fateInCall(call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, module: Module): Fate | Node {
  const callee = sourceOf(call.callee, module).slice(-60)
  if (ROUNDS.test(callee)) return 'rounded'
  if (SHOWS.test(callee)) return 'shown'
  if (/^(?:Number|parseFloat|Math\.(?:max|min|abs))$/.test(callee)) return call
  return 'kept'
}

/** Of all that is done with a variable the worst. */
function fateOfVariable(id: Node, { module, depth }: Way): Fate {
  if (id.type !== 'Identifier' || depth === 0) return 'kept'
  const reads = module.tree.bindings.get(id)?.reads ?? []
  return worst(reads.slice(0, MOST_READS).map((read) => fateOf(read, module, depth - 1)))
}

function fateOfResult(fn: Node, { module, depth }: Way): Fate | Node {
  const { parent } = fn
  // `items.reduce((sum, item) => sum + item.price * 1.19, 0)`
  if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression' && !parent.callee.computed) {
    return /^(?:reduce|reduceRight)$/.test(parent.callee.property.name) ? parent : 'kept'
  }
  const id = fn.type === 'FunctionDeclaration' ? fn.id : parent?.type === 'VariableDeclarator' ? parent.id : null
  if (id?.type !== 'Identifier' || depth === 0) return 'kept'
  const reads = module.tree.bindings.get(id)?.reads ?? []
  const calls = reads.flatMap((read) =>
    read.parent?.type === 'CallExpression' && read.parent.callee === read ? [read.parent] : [],
  )
  if (calls.length === 0 || calls.length < reads.length) return 'kept'
  return worst(calls.slice(0, MOST_READS).map((call) => fateOf(call, module, depth - 1)))
}

function functionAround(node: Node): Node | undefined {
  for (let at: Node | null | undefined = node; at; at = at.parent) if (at.type.includes('Function')) return at
  return undefined
}

function worst(fates: readonly Fate[]): Fate {
  const count = (wanted: Fate): number => fates.filter((fate) => fate === wanted).length
  // Where it is rounded in most places, it is by a design that the others are a part of.
  if (count('rounded') > 0 && count('rounded') >= count('kept')) return 'rounded'
  for (const fate of ['kept', 'rounded', 'shown', 'compared'] as const) if (fates.includes(fate)) return fate
  return 'unused'
}
