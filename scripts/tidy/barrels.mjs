import ts from 'typescript'
import { isCode, visit } from './source-tree.mjs'

/** What a package is imported by from outside: the one place for a list of exports. */
const ENTRIES = [/^packages\/[^/]+\/src\/index\.ts$/]

/** A file that only passes on what others export. */
export function barrels(sources) {
  const candidates = sources.filter((source) => isCode(source) && !ENTRIES.some((entry) => entry.test(source.path)))
  return candidates.filter(onlyPassesOn).map(({ path }) => ({
    file: path,
    line: 1,
    what: 'a barrel: it only passes on what other files export',
    why: 'it hides where things are, loads more than is used, and makes circles',
    todo: 'import from the file that has it, and remove this one',
  }))
}

function onlyPassesOn(source) {
  const statements = []
  visit(source, (node) => {
    if (ts.isSourceFile(node)) statements.push(...node.statements)
  })
  const imported = new Set(statements.filter(ts.isImportDeclaration).flatMap(namesOf))
  const others = statements.filter((statement) => !ts.isImportDeclaration(statement))
  return others.length > 0 && others.every((statement) => passesOn(statement, imported))
}

function namesOf({ importClause }) {
  const bindings = importClause?.namedBindings
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [bindings]
  return [importClause, ...named].flatMap((binding) => (binding?.name ? [binding.name.text] : []))
}

/** `export … from`, and the export of a name that was imported. */
function passesOn(statement, imported) {
  if (!ts.isExportDeclaration(statement)) return false
  if (statement.moduleSpecifier) return true
  const exported = statement.exportClause?.elements ?? []
  return exported.length > 0 && exported.every(({ propertyName, name }) => imported.has((propertyName ?? name).text))
}
