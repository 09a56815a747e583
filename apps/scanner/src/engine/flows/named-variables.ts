import { wordsOf } from '../data/column.ts'
import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { SENSITIVE_NAMES, type NamedSourceKind } from './sensitive-names.ts'
import { SANITIZER, type SourceHit } from './sources.ts'

/**
 * Variables of an expression that are named after something sensitive, though what they were made from does not say so:
 * `const cardNumber = field.value`, `const [cvc, setCvc] = useState('')`. Only those that stand in it as they are.
 */
export function sensitiveVariables(
  node: Node,
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  switch (node.type) {
    case 'Identifier':
      return hitOf(node, kinds, scan)
    case 'TemplateLiteral':
      return node.expressions.flatMap((each) => sensitiveVariables(each, kinds, scan))
    case 'ArrayExpression':
      return node.elements.flatMap((each) => (each ? sensitiveVariables(each, kinds, scan) : []))
    case 'BinaryExpression':
      return node.operator === '+'
        ? [node.left, node.right].flatMap((each) => sensitiveVariables(each, kinds, scan))
        : []
    default:
      return []
  }
}

function hitOf(
  node: Extract<Node, { type: 'Identifier' }>,
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  const words = wordsOf(node.name)
  const kind = kinds.find((each) => SENSITIVE_NAMES[each].pattern.test(words) && !SENSITIVE_NAMES[each].not.test(words))
  if (!kind) return []
  const value = scan.valueOf(node)
  if (value.kind !== 'named' || value.via === 'root' || SANITIZER.test(value.path)) return []
  // Of a card these are the digits that may be shown.
  if (/\.(?:slice|substr|substring|at)\(\)$/.test(value.path)) return []
  return [{ kind, path: node.name, origin: value.origin }]
}
