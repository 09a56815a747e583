import { visitorKeys } from 'oxc-parser'
import type { Node } from '../syntax/parse.ts'

const known = new WeakMap<Node, readonly Node[]>()
const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassDeclaration',
  'ClassExpression',
])

/** The expressions that a function returns. */
export function returnsOf(fn: Node): readonly Node[] {
  const before = known.get(fn)
  if (before) return before
  const found: Node[] = []
  const body = 'body' in fn ? (fn.body as Node | null) : null
  if (body?.type === 'BlockStatement') collect(body, found)
  else if (body) found.push(body)
  known.set(fn, found)
  return found
}

function collect(node: Node, found: Node[]): void {
  if (node.type === 'ReturnStatement') {
    if (node.argument) found.push(node.argument)
    return
  }
  const members = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>
  for (const key of visitorKeys[node.type] ?? []) {
    const child = members[key]
    for (const each of Array.isArray(child) ? child : [child]) {
      if (each && !FUNCTIONS.has(each.type) && !each.type.endsWith('Expression')) collect(each, found)
    }
  }
}
