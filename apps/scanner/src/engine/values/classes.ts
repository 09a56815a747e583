import type { Node } from '../syntax/parse.ts'
import { treeIndex } from '../syntax/tree-index.ts'
import type { ClassValue, Evaluation, Frame, FunctionValue, Layer, ObjectValue, Value } from './value.ts'
import { constant } from './value.ts'
import { keyOf } from './patterns.ts'

type Class = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>
type Element = Class['body']['body'][number]

type Side = 'static' | 'instance'

/** Of a class by itself, by side and depth of call: it is asked for wherever `this` stands, and may have thousands. */
const knownLayers = new WeakMap<Node, Map<string, readonly Layer[]>>()

/** The members of a class, or those of its instances: methods, fields, and what its methods put on `this`. */
export function classMembers(cls: ClassValue, side: Side, evaluation: Evaluation): ObjectValue {
  const { node, frame, origin } = cls
  // What a constructor was called with differs from call to call.
  if (frame.bound || frame.self) return { kind: 'object', layers: layersOf(cls, side, evaluation), origin, of: cls }
  const known = knownLayers.get(node) ?? new Map<string, readonly Layer[]>()
  const key = `${side} ${frame.depth}`
  const layers =
    known.get(key) ?? layersOf({ ...cls, frame: { module: frame.module, depth: frame.depth } }, side, evaluation)
  knownLayers.set(node, known.set(key, layers))
  return { kind: 'object', layers, origin, of: cls }
}

function layersOf(cls: ClassValue, side: Side, evaluation: Evaluation): Layer[] {
  const { node, frame } = cls
  const layers: Layer[] = []
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    if (node.superClass) layers.push(inherited(node.superClass, frame, { side, evaluation }))
    for (const element of node.body.body) {
      const layer = layerOf(element, { cls, side, evaluation })
      if (layer) layers.push(layer)
    }
    if (side === 'instance') layers.push(...ownWrites(node, cls, evaluation))
  }
  return layers
}

function inherited(
  superClass: Node,
  frame: Frame,
  { side, evaluation }: { side: Side; evaluation: Evaluation },
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
  { cls, side, evaluation }: { cls: ClassValue; side: Side; evaluation: Evaluation },
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

/** `this.name = value`, by the class whose `this` it is. */
const writesOfClass = treeIndex(function* (tree) {
  for (const write of tree.byType.get('AssignmentExpression') ?? []) {
    if (write.type !== 'AssignmentExpression') continue
    const { left, right } = write
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression') continue
    const cls = classAround(write)
    if (cls) yield [cls, { write, left, right }] as const
  }
})

/** `this.name = value`, anywhere in the class. */
function ownWrites(node: Class, cls: ClassValue, evaluation: Evaluation): Layer[] {
  const layers = writesOfClass(cls.frame.module.tree, node).map(({ write, left, right }): Layer => {
    const name = left.computed
      ? undefined
      : left.property.type === 'PrivateIdentifier'
        ? `#${left.property.name}`
        : left.property.name
    return { name, node: write, maybe: !inConstructor(write), value: () => evaluation.evaluate(right, cls.frame) }
  })
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
