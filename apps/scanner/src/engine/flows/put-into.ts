import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { stringified } from './named-variables.ts'
import type { Outgoing } from './outgoing.ts'

const ADDS = /^(?:push|unshift)$/
const MOST = 8

/** What was put into what goes out: `cards.push(card)`, `cards[id] = card` where `JSON.stringify(cards)` is stored. */
export function putInto(node: Node, scan: CodeScan): readonly Outgoing[] {
  const written = stringified(node)
  if (written) return putInto(written, scan)
  const binding = node.type === 'Identifier' ? scan.module.tree.bindings.get(node) : undefined
  if (!binding || binding.kind === 'import') return []
  const made = binding.declarations[0]?.parent
  const init = made?.type === 'VariableDeclarator' && made.id === binding.declarations[0] ? made.init : undefined
  if (init && stringified(init)) return putInto(init, scan)
  return binding.reads
    .flatMap(({ parent }): readonly Node[] => {
      if (parent?.type !== 'MemberExpression') return []
      const call = parent.parent
      if (call?.type === 'AssignmentExpression' && call.left === parent && parent.computed) return [call.right]
      if (parent.property.type !== 'Identifier') return []
      return ADDS.test(parent.property.name) && call?.type === 'CallExpression' && call.callee === parent
        ? call.arguments
        : []
    })
    .slice(0, MOST)
    .map((valueNode) => ({ value: scan.valueOf(valueNode), valueNode }))
}
