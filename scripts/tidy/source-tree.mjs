import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/**
 * One text file of the tree.
 * @typedef {{ path: string, text: string }} Source `path` from the root, with forward slashes
 *
 * What is wrong, where, why that matters, and what to do.
 * @typedef {{ file: string, line: number, what: string, why: string, todo: string }} Finding
 */

/** Neither ours nor text that anybody writes. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.cache', '.ucanpay', 'coverage'])
/** Wrong on purpose, in every way that it can be: test/unsafe-shop says how, and proves that the scanner finds it. */
const WRONG_ON_PURPOSE = 'examples/unsafe-shop'
const TEXT = /(?:\.(?:[cm]?[jt]sx?|json|sql|md|css|html|ya?ml|sh|svg|txt)|(?:^|\/)\.[^/.]+|\.ci\/[^/.]+)$/

/** Reads every text file below the root. @returns {Source[]} in a fixed order */
export function readTree(root, folder = '') {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) || path === WRONG_ON_PURPOSE ? [] : readTree(root, path)
    return entry.isFile() && TEXT.test(path) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : []
  })
}

/** True for TypeScript and JavaScript. */
export function isCode({ path }) {
  return /\.[cm]?[jt]sx?$/.test(path)
}

/** True for tests and for what only tests use. */
export function isTest({ path }) {
  return /\.test\.[^/]+$/.test(path) || /(?:^|\/)test\//.test(path)
}

const parsed = new WeakMap()

/** Goes through the syntax of a file: unlike a search in its text, it sees no comments and no quoted code. */
export function visit(source, see) {
  let tree = parsed.get(source)
  if (!tree) {
    tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true)
    parsed.set(source, tree)
  }
  const walk = (node) => {
    see(node, () => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1)
    ts.forEachChild(node, walk)
  }
  walk(tree)
}

/** The name in `name` and in `object.name`, `object['name']`; undefined for anything else. */
export function nameOf(node) {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return node.argumentExpression.text
  }
  return undefined
}

/** The object's name in `object.name` and `object['name']`. */
export function ownerOf(node) {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined
  return nameOf(node.expression)
}

/**
 * What an import takes at run time, in each of its forms.
 *
 * @returns {{ from: string, names: string[] } | undefined} `*` among the names where it takes the whole module; undefined
 *   where the node is no import or takes types alone
 */
export function importOf(node) {
  if (ts.isCallExpression(node)) {
    const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword || nameOf(node.expression) === 'require'
    const [from] = node.arguments
    return dynamic && from && ts.isStringLiteralLike(from) ? { from: from.text, names: ['*'] } : undefined
  }
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined
  if (!node.moduleSpecifier) return undefined
  const from = node.moduleSpecifier.text
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? undefined : { from, names: ['*'] }
  const clause = node.importClause
  if (!clause) return { from, names: [] }
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined
  if (clause.name || (clause.namedBindings && ts.isNamespaceImport(clause.namedBindings))) return { from, names: ['*'] }
  const taken = clause.namedBindings.elements.filter((element) => !element.isTypeOnly)
  if (taken.length === 0) return undefined
  return { from, names: taken.map((element) => (element.propertyName ?? element.name).text) }
}
