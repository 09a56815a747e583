import type { Node } from '../syntax/parse.ts'
import type { Evaluation, Frame, Layer, Value } from './value.ts'
import { constant, named } from './value.ts'

/** A TypeScript enum as the object that it becomes. */
export function enumValue(node: Node, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node }
  if (node.type !== 'TSEnumDeclaration') return named('~enum', origin)
  let next = 0
  const layers = node.body.members.map((member): Layer => {
    const { id, initializer } = member
    const name = id.type === 'Identifier' ? id.name : id.type === 'Literal' ? id.value : undefined
    const given = initializer?.type === 'Literal' ? initializer.value : undefined
    if (typeof given === 'number') next = given
    const number = next++
    const at = { module: frame.module, node: member as Node }
    const value = (): Value => (initializer ? evaluation.evaluate(initializer, frame) : constant(number, at))
    return { name, node: member, maybe: false, value }
  })
  return { kind: 'object', layers, origin }
}
