import type { Node } from '../syntax/parse.ts'
import type { ClassValue, Evaluation, Frame, FunctionValue, Layer, ObjectValue, Value } from './value.ts'
import { constant } from './value.ts'
import { keyOf } from './patterns.ts'

type Class = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>
type Element = Class['body']['body'][number]

/** The members of a class, or those of its instances: methods, fields, and what its methods put on `this`. */
export function classMembers(cls: ClassValue, side: 'static' | 'instance', evaluation: Evaluation): ObjectValue {
  const { node, frame, origin } = cls
  const layers: Layer[] = []
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    if (node.superClass) layers.push(inherited(node.superClass, frame, { side, evaluation }))
    for (const element of node.body.body) {
      const layer = layerOf(element, { cls, side, evaluation })
      if (layer) layers.push(layer)
    }
    if (side === 'instance') layers.push(...ownWrites(node, cls, evaluation))
  }
  return { kind: 'object', layers, origin, of: cls }
}

function inherited(
  superClass: Node,
  frame: Frame,
  { side, evaluation }: { side: 'static' | 'instance'; evaluation: Evaluation },
): Layer {
  const spread = (): Value => {
    const base = evaluation.evaluate(superClass, frame)
    const at = { module: frame.module, node: superClass }
    if (base.kind === 'class') return classMembers(base, side, evaluation)
    if (side === 'static' || base.kind !== 'named') return base
    return { kind: 'named', path: `new ${base.path}`, via: 'new', base, args: [], origin: at }
  }
  return { spread, node: superClass, maybe: false }
}

function layerOf(
  element: Element,
  { cls, side, evaluation }: { cls: ClassValue; side: 'static' | 'instance'; evaluation: Evaluation },
): Layer | undefined {
  if (!('static' in element) || element.static !== (side === 'static')) return undefined
  if (element.type === 'TSIndexSignature') return undefined
  const { frame } = cls
  const name = keyOf(element, frame, evaluation)
  const at = { module: frame.module, node: element as Node }
  if (element.type === 'MethodDefinition') {
    if (element.kind === 'constructor' || element.kind === 'set') return undefined
    const fn = (): Value => evaluation.evaluate(element.value, frame)
    const got = (): Value => {
      const value = fn()
      return value.kind === 'function' ? evaluation.result(value, [], undefined) : value
    }
    return { name, node: element, maybe: false, value: element.kind === 'get' ? got : fn }
  }
  if (element.type !== 'PropertyDefinition' && element.type !== 'AccessorProperty') return undefined
  const { value } = element
  const given = (): Value => (value ? evaluation.evaluate(value, frame) : constant(undefined, at))
  // A field without a value gets one elsewhere; that it is missing is not known.
  return value ? { name, node: element, maybe: false, value: given } : undefined
}

/** `this.name = value`, anywhere in the class. */
function ownWrites(node: Class, cls: ClassValue, evaluation: Evaluation): Layer[] {
  const writes = cls.frame.module.tree.byType.get('AssignmentExpression') ?? []
  const layers: Layer[] = []
  for (const write of writes) {
    if (write.start < node.start || write.end > node.end || write.type !== 'AssignmentExpression') continue
    const { left, right } = write
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression') continue
    if (classAround(write) !== node) continue
    const name = left.computed
      ? undefined
      : left.property.type === 'PrivateIdentifier'
        ? `#${left.property.name}`
        : left.property.name
    layers.push({ name, node: write, maybe: !inConstructor(write), value: () => evaluation.evaluate(right, cls.frame) })
  }
  return [...layers, ...parameterProperties(node, cls, evaluation)]
}

/** TypeScript's `constructor(private readonly client: Client)`. */
function parameterProperties(node: Class, cls: ClassValue, evaluation: Evaluation): Layer[] {
  const constructor = node.body.body.find(
    (element) => element.type === 'MethodDefinition' && element.kind === 'constructor',
  )
  if (constructor?.type !== 'MethodDefinition') return []
  return constructor.value.params.flatMap((param): Layer[] => {
    if (param.type !== 'TSParameterProperty') return []
    const { parameter } = param
    const id = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
    if (id.type !== 'Identifier') return []
    return [{ name: id.name, node: param, maybe: false, value: () => evaluation.evaluate(id, cls.frame) }]
  })
}

function inConstructor(node: Node): boolean {
  for (let at: Node | null | undefined = node; at; at = at.parent) {
    if (at.type === 'MethodDefinition') return at.kind === 'constructor'
    if (at.type === 'IfStatement' || at.type === 'FunctionDeclaration') return false
  }
  return false
}

/** The class whose `this` is meant here; undefined within a function that has its own. */
export function classAround(node: Node): Class | undefined {
  for (let at: Node | null | undefined = node; at; at = at.parent) {
    if (at.type === 'ClassDeclaration' || at.type === 'ClassExpression') return at
    if (at.type === 'FunctionDeclaration') return undefined
    if (at.type === 'FunctionExpression' && at.parent?.type !== 'MethodDefinition') return undefined
  }
  return undefined
}

/** The constructor of a class as a function; undefined where it has none of its own. */
export function constructorOf({ node, frame, origin }: ClassValue): FunctionValue | undefined {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return undefined
  for (const element of node.body.body) {
    if (element.type !== 'MethodDefinition' || element.kind !== 'constructor') continue
    return { kind: 'function', node: element.value, frame, origin }
  }
  return undefined
}
