import type { Node } from '../syntax/parse.ts'
import type { Binding } from '../syntax/scopes.ts'
import type { Evaluation, Frame, Layer, Value } from './value.ts'

interface Into {
  readonly frame: Frame
  /** Filled as names are met; also what `frame` is bound to, so that a default sees the parameters before it. */
  readonly bound: Map<Binding, Value>
  readonly evaluation: Evaluation
}

/** Gives the names in a parameter their values for one call. */
export function bindParam(param: Node, value: Value, into: Into): void {
  const { frame, bound, evaluation } = into
  const at = { module: frame.module, node: param }
  switch (param.type) {
    case 'Identifier': {
      const binding = frame.module.tree.bindings.get(param)
      if (binding) bound.set(binding, value)
      break
    }
    case 'AssignmentPattern': {
      const isMissing = value.kind === 'constant' && value.value === undefined
      bindParam(param.left, isMissing ? evaluation.evaluate(param.right, frame) : value, into)
      break
    }
    case 'ObjectPattern':
      bindObject(param, value, into)
      break
    case 'ArrayPattern':
      for (const [index, element] of param.elements.entries()) {
        if (element) bindParam(element, evaluation.member(value, String(index), at), into)
      }
      break
    case 'RestElement':
      bindParam(param.argument, value, into)
      break
    case 'TSParameterProperty':
      bindParam(param.parameter, value, into)
      break
    default:
  }
}

function bindObject(pattern: Node & { type: 'ObjectPattern' }, value: Value, into: Into): void {
  const { frame, evaluation } = into
  const taken: string[] = []
  for (const property of pattern.properties) {
    const at = { module: frame.module, node: property as Node }
    if (property.type === 'RestElement') {
      const layers: Layer[] = [{ spread: () => value, node: property, maybe: false, except: taken }]
      bindParam(property.argument, { kind: 'object', layers, origin: at }, into)
      continue
    }
    const { key } = property
    const isPlain = !property.computed && key.type === 'Identifier'
    const name = isPlain ? key.name : key.type === 'Literal' ? String(key.value) : undefined
    if (name !== undefined) taken.push(name)
    bindParam(property.value, evaluation.member(value, name, at), into)
  }
}
