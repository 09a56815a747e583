import type { Module } from '../modules/module.ts'
import type { Node } from '../syntax/parse.ts'
import { shownText } from '../values/known-calls.ts'
import type { Evaluation, Value } from '../values/value.ts'
import type { Attribute, Element } from './element.ts'

/** The elements of a file's JSX. Intrinsic ones have lower-case names, components their own. */
export function jsxElements(module: Module, evaluation: Evaluation): Element[] {
  const byNode = new Map<Node, Element>()
  for (const node of module.tree.byType.get('JSXOpeningElement') ?? []) {
    if (node.type !== 'JSXOpeningElement') continue
    const attributes = node.attributes.flatMap((attribute) => attributeFrom(attribute, module, evaluation))
    const open = node.attributes.some((attribute) => attribute.type === 'JSXSpreadAttribute')
    const { parent } = node
    if (!parent) continue
    byNode.set(parent, {
      name: nameOf(node.name),
      attributes,
      parent: parentOf(parent, byNode),
      start: node.start,
      end: node.end,
      source: 'jsx',
      open,
    })
  }
  return [...byNode.values()]
}

function parentOf(element: Node, byNode: ReadonlyMap<Node, Element>): Element | undefined {
  for (let at = element.parent; at; at = at.parent) {
    const found = byNode.get(at)
    if (found) return found
  }
  return undefined
}

function attributeFrom(node: Node, module: Module, evaluation: Evaluation): Attribute[] {
  if (node.type !== 'JSXAttribute') return []
  const { value, start, end } = node
  const name = nameOf(node.name)
  if (!value) return [{ name, value: '', start, end }]
  if (value.type === 'Literal') return [{ name, value: value.value, start, end }]
  const expression = evaluation.evaluate(value, { module, depth: 0 })
  return [{ name, value: textOf(expression), expression, start, end }]
}

function textOf(value: Value): string | undefined {
  return value.kind === 'constant' ? shownText(value) : undefined
}

function nameOf(node: Node): string {
  switch (node.type) {
    case 'JSXIdentifier':
      return node.name
    case 'JSXNamespacedName':
      return `${node.namespace.name}:${node.name.name}`
    case 'JSXMemberExpression':
      return `${nameOf(node.object)}.${node.property.name}`
    default:
      return ''
  }
}
