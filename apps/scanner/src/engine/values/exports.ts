import type { Node } from '../syntax/parse.ts'
import type { Module } from '../modules/module.ts'
import type { Evaluation, Frame, Layer, Origin, Value } from './value.ts'
import { named } from './value.ts'

interface Exports {
  /** By name, the node that has the value; several where a name is exported again. */
  readonly names: ReadonlyMap<string, Exported>
  /** `export * from` */
  readonly stars: readonly string[]
  /** CommonJS: what is assigned to `module.exports`, the last one last. */
  readonly whole: readonly Node[]
  /** CommonJS: `exports.name = …` and what is put into `module.exports` afterwards. */
  readonly isCommonJs: boolean
}

type Exported = { readonly node: Node } | { readonly from: string; readonly imported: string; readonly at: Node }

const known = new WeakMap<Module, Exports>()

/** What a file exports under a name, `*` for all of it as one object. */
export function exportedValue(
  module: Module,
  name: string,
  { at, evaluation }: { at: Origin; evaluation: Evaluation },
): Value {
  const exports = exportsOf(module)
  const frame: Frame = { module, depth: 0 }
  if (name === '*') return everything(exports, frame, evaluation)
  const found = exports.names.get(name)
  if (found) return valueOf(found, frame, evaluation)
  for (const star of exports.stars) {
    const value = evaluation.member(evaluation.imported(star, { module, node: module.tree.program }), name, at)
    if (value.kind !== 'constant' || value.value !== undefined) return value
  }
  if (exports.isCommonJs) {
    const whole = everything(exports, frame, evaluation)
    return name === 'default' ? whole : evaluation.member(whole, name, at)
  }
  return named(`~${name}`, at)
}

function valueOf(exported: Exported, frame: Frame, evaluation: Evaluation): Value {
  if ('node' in exported) return evaluation.evaluate(exported.node, frame)
  const at = { module: frame.module, node: exported.at }
  const module = evaluation.imported(exported.from, at)
  return exported.imported === '*' ? module : evaluation.member(module, exported.imported, at)
}

function everything(exports: Exports, frame: Frame, evaluation: Evaluation): Value {
  const { program } = frame.module.tree
  const origin = { module: frame.module, node: program }
  const last = exports.whole.at(-1)
  // A function or a class that is exported whole stays one.
  if (last && exports.names.size === 0) return evaluation.evaluate(last, frame)
  const layers: Layer[] = exports.stars.map((star) => ({
    spread: () => evaluation.imported(star, origin),
    node: program,
    maybe: false,
  }))
  for (const whole of exports.whole) {
    layers.push({ spread: () => evaluation.evaluate(whole, frame), node: whole, maybe: false })
  }
  for (const [name, exported] of exports.names) {
    const node = 'node' in exported ? exported.node : exported.at
    layers.push({ name, node, maybe: false, value: () => valueOf(exported, frame, evaluation) })
  }
  if (exports.isCommonJs && !exports.names.has('default') && last) {
    layers.unshift({ name: 'default', node: last, maybe: false, value: () => evaluation.evaluate(last, frame) })
  }
  return { kind: 'object', layers, origin }
}

function exportsOf(module: Module): Exports {
  const before = known.get(module)
  if (before) return before
  const names = new Map<string, Exported>()
  const stars: string[] = []
  const whole: Node[] = []
  for (const statement of (module.tree.program as Node & { body: Node[] }).body) moduleExports(statement, names, stars)
  const assigned = names.size === 0 && stars.length === 0
  if (assigned) for (const node of module.tree.byType.get('AssignmentExpression') ?? []) commonJs(node, names, whole)
  if (assigned && module.path.endsWith('.json')) whole.push(...jsonValue(module))
  const isCommonJs = assigned && whole.length + names.size > 0
  const exports: Exports = { names, stars, whole, isCommonJs }
  known.set(module, exports)
  return exports
}

function jsonValue(module: Module): Node[] {
  const [statement] = (module.tree.program as Node & { body: Node[] }).body
  return statement?.type === 'ExpressionStatement' ? [statement.expression] : []
}

function moduleExports(statement: Node, names: Map<string, Exported>, stars: string[]): void {
  switch (statement.type) {
    case 'ExportAllDeclaration':
      if (!statement.exported) stars.push(statement.source.value)
      else names.set(nameOf(statement.exported), { from: statement.source.value, imported: '*', at: statement })
      break
    case 'ExportDefaultDeclaration':
      names.set('default', { node: statement.declaration })
      break
    case 'TSExportAssignment':
      names.set('default', { node: statement.expression })
      break
    case 'ExportNamedDeclaration':
      for (const specifier of statement.specifiers) {
        const exported = statement.source
          ? { from: statement.source.value, imported: nameOf(specifier.local), at: specifier }
          : { node: specifier.local }
        names.set(nameOf(specifier.exported), exported)
      }
      if (statement.declaration) declaredNames(statement.declaration, names)
      break
    default:
  }
}

function declaredNames(declaration: Node, names: Map<string, Exported>): void {
  if (declaration.type === 'VariableDeclaration') {
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier') names.set(id.name, { node: id })
      else for (const inner of namesIn(id)) names.set(inner.name, { node: inner })
      if (!init) continue
    }
  } else if ('id' in declaration && declaration.id?.type === 'Identifier') {
    names.set(declaration.id.name, { node: declaration.id })
  }
}

function namesIn(pattern: Node): (Node & { name: string })[] {
  if (pattern.type === 'Identifier') return [pattern]
  if (pattern.type === 'ObjectPattern') {
    return pattern.properties.flatMap((property) =>
      namesIn(property.type === 'RestElement' ? property.argument : property.value),
    )
  }
  return pattern.type === 'AssignmentPattern' ? namesIn(pattern.left) : []
}

/** `module.exports = x`, `exports.a = x`, `module.exports.a = x` */
function commonJs(node: Node, names: Map<string, Exported>, whole: Node[]): void {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return
  const { left, right } = node
  if (isModuleExports(left)) {
    // `module.exports = exports = x` and chains like it: what counts is at the right end.
    whole.push(right.type === 'AssignmentExpression' ? right.right : right)
    return
  }
  if (left.computed) return
  const { object, property } = left
  const isExports = object.type === 'Identifier' && object.name === 'exports'
  if (isExports || isModuleExports(object)) names.set(property.name, { node: right })
}

function isModuleExports(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    node.property.name === 'exports'
  )
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : ''
}
