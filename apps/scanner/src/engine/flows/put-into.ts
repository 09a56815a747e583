import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { stringified } from './named-variables.ts'
import type { Outgoing } from './outgoing.ts'

const ADDS = /^(?:push|unshift)$/
const MOST = 8

/**
 * What was put into what goes out: `cards.push(card)`, `cards[id] = card` where `JSON.stringify(cards)` is stored, and the
 * rows that a callback made.
 */
export function putInto(node: Node, scan: CodeScan): readonly Outgoing[] {
  const parts = partsOf(node)
  if (parts.length > 0) return parts.flatMap((part) => putInto(part, scan)).slice(0, MOST)
  const rows = givenByCallback(node)
  if (rows.length > 0) return rows.map((valueNode) => ({ value: scan.valueOf(valueNode), valueNode }))
  const binding = node.type === 'Identifier' ? scan.module.tree.bindings.get(node) : undefined
  if (!binding || binding.kind === 'import') return []
  const made = binding.declarations[0]?.parent
  const init = made?.type === 'VariableDeclarator' && made.id === binding.declarations[0] ? made.init : undefined
  if (init?.type === 'CallExpression' && partsOf(init).length > 0) return putInto(init, scan)
  return [...(init ? givenByCallback(init) : []), ...binding.reads.flatMap(addedAt)]
    .slice(0, MOST)
    .map((valueNode) => ({ value: scan.valueOf(valueNode), valueNode }))
}

/** What is written within an expression: as JSON, under a key, in a text. */
function partsOf(node: Node): readonly Node[] {
  const written = stringified(node) ?? asTable(node)
  if (written) return [written]
  if (node.type === 'TemplateLiteral') return node.expressions
  if (node.type === 'BinaryExpression' && node.operator === '+') return [node.left, node.right]
  if (node.type !== 'ObjectExpression') return []
  return node.properties.flatMap((each) => (each.type === 'Property' ? [each.value] : []))
}

/** The rows of what libraries for CSV and YAML write: `stringify(rows)`, `Papa.unparse(rows)`. */
function asTable(node: Node): Node | undefined {
  if (node.type !== 'CallExpression') return undefined
  const { callee } = node
  const name = callee.type === 'MemberExpression' ? callee.property : callee
  // json2csv calls it `parse`, and means the opposite of what `JSON` means by it.
  if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'JSON')
    return undefined
  return name.type === 'Identifier' && /^(?:stringify|unparse|dump|parse)$/.test(name.name)
    ? node.arguments[0]
    : undefined
}

/** What is added where a list is read: also to a list within it, `data.orders.push(order)`. */
function addedAt(read: Node): readonly Node[] {
  let at = read
  while (at.parent?.type === 'MemberExpression' && at.parent.object === at) at = at.parent
  const { parent } = at
  if (at.type !== 'MemberExpression' || !parent) return []
  if (parent.type === 'AssignmentExpression' && parent.left === at) return at.computed ? [parent.right] : []
  const isAdding = at.property.type === 'Identifier' && ADDS.test(at.property.name)
  return isAdding && parent.type === 'CallExpression' && parent.callee === at ? parent.arguments : []
}

/** The rows of `orders.map((order) => ({ … }))`, also where a method makes a text of them. */
function givenByCallback(node: Node): readonly Node[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
  const { object, property } = node.callee
  const [fn] = node.arguments
  if (property.type !== 'Identifier' || !/^(?:map|flatMap)$/.test(property.name)) return givenByCallback(object)
  if (fn?.type !== 'ArrowFunctionExpression' && fn?.type !== 'FunctionExpression') return []
  if (!fn.body) return []
  if (fn.body.type !== 'BlockStatement') return [fn.body]
  return fn.body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [each.argument] : []))
}
