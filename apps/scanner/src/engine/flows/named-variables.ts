import { wordsOf } from '../data/column.ts'
import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf } from '../values/value.ts'
import { elementName } from './form-fields.ts'
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
    case 'ObjectExpression':
      return node.properties.flatMap((each) =>
        each.type === 'Property' ? sensitiveVariables(each.value, kinds, scan) : [],
      )
    case 'CallExpression': {
      const written = stringified(node)
      return written ? sensitiveVariables(written, kinds, scan) : []
    }
    case 'MemberExpression':
      return heldByMember(node, kinds, scan)
    default:
      return []
  }
}

/** What `JSON.stringify` writes, where an expression is that. */
export function stringified(node: Node): Node | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const { object, property } = node.callee
  const isJson = object.type === 'Identifier' && object.name === 'JSON'
  return isJson && property.type === 'Identifier' && property.name === 'stringify' ? node.arguments[0] : undefined
}

/** `this.cardNumber` of a component that begins empty: what a template puts into it is not seen here. */
function heldByMember(
  node: Extract<Node, { type: 'MemberExpression' }>,
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  if (node.computed || node.property.type !== 'Identifier') return []
  const { name } = node.property
  if (node.object.type === 'Identifier' && name === 'value') return inElement(node.object, kinds, scan)
  if (node.object.type !== 'ThisExpression') return []
  const kind = kindOf(name, kinds)
  const options = kind ? optionsOf(scan.valueOf(node)) : []
  const beginsEmpty = options.some((option) => option.kind === 'constant' && !option.value)
  return kind && beginsEmpty ? [{ kind, path: `~this.${name}`, origin: { module: scan.module, node } }] : []
}

/** `cvvInput.value`, wherever the element was looked up. */
function inElement(
  node: Extract<Node, { type: 'Identifier' }>,
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  const kind = kindOf(elementName(node.name), kinds)
  return kind ? [{ kind, path: `~${node.name}.value`, origin: { module: scan.module, node } }] : []
}

function kindOf(name: string, kinds: readonly NamedSourceKind[]): NamedSourceKind | undefined {
  const words = wordsOf(name)
  return kinds.find((each) => SENSITIVE_NAMES[each].pattern.test(words) && !SENSITIVE_NAMES[each].not.test(words))
}

/** Libraries that make up data for tests and demos. */
const MADE_UP = /faker|(?:^|[.~])(?:chance|casual)\b|\b(?:fake|mock|random)/i

function hitOf(
  node: Extract<Node, { type: 'Identifier' }>,
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  const kind = kindOf(node.name, kinds)
  if (!kind) return []
  const value = scan.valueOf(node)
  // Svelte binds what is typed to a variable that begins empty.
  if (value.kind === 'constant' && value.value === '' && scan.file.path.endsWith('.svelte'))
    return [{ kind, path: `~${node.name}`, origin: value.origin }]
  if (value.kind !== 'named' || value.via === 'root' || SANITIZER.test(value.path)) return []
  if (MADE_UP.test(value.path)) return []
  // Of a card these are the digits that may be shown.
  if (/\.(?:slice|substr|substring|at)\(\)$/.test(value.path)) return []
  return [{ kind, path: node.name, origin: value.origin }]
}
