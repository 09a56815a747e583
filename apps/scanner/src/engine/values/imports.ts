import type { Node } from '../syntax/parse.ts'
import type { Evaluation, Frame, Value } from './value.ts'
import { named } from './value.ts'

/** What a name that an import declares stands for. */
export function importedValue(declaration: Node, frame: Frame, evaluation: Evaluation): Value {
  const specifier = declaration.parent
  const origin = { module: frame.module, node: declaration }
  if (specifier?.type === 'TSImportEqualsDeclaration') {
    const reference = specifier.moduleReference
    if (reference.type !== 'TSExternalModuleReference') return named('~', origin)
    return evaluation.imported(reference.expression.value, origin)
  }
  const statement = specifier?.parent
  if (!specifier || statement?.type !== 'ImportDeclaration') return named('~', origin)
  const module = evaluation.imported(statement.source.value, origin)
  if (specifier.type === 'ImportNamespaceSpecifier') return module
  const name = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default'
  return evaluation.member(module, name, origin)
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : ''
}
