/**
 * Writes docs/sdk/: for each entry of ucanpay-sdk one page, made of the declarations that a merchant's compiler reads,
 * with their docstrings. The package has to be built. `--check` writes nothing and fails where a page is not what it
 * would be.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import prettier from 'prettier'
import ts from 'typescript'

import { ROOT } from './bootstrap.mjs'

const SDK = join(ROOT, 'packages', 'sdk')
const PAGES = join(ROOT, 'docs', 'sdk')
const NO_TRUNCATION = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope

/** @returns {Promise<Map<string, string>>} file name of each page to its text */
async function makePages() {
  const { exports: entries } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8'))
  const sources = Object.entries(entries).flatMap(([path, { import: given }]) =>
    given === undefined ? [] : [{ name: join('ucanpay-sdk', path), source: join(SDK, given.types) }],
  )
  const options = { strict: true, module: ts.ModuleKind.NodeNext, types: ['node'], noEmit: true }
  const program = ts.createProgram(
    sources.map(({ source }) => source),
    { ...options, typeRoots: [join(ROOT, 'node_modules', '@types')] },
  )
  const style = await prettier.resolveConfig(join(PAGES, 'page.md'))
  const pages = new Map()
  for (const entry of sources) {
    const fileName = `${entry.name.replaceAll('/', '-')}.md`
    const text = pageOf(entry, program)
    pages.set(fileName, await prettier.format(text, { ...style, parser: 'markdown' }))
  }
  const index = sources.map(({ name }) => `- [\`${name}\`](${name.replaceAll('/', '-')}.md)`).join('\n')
  pages.set(
    'README.md',
    await prettier.format(`${NOTE}# Reference of ucanpay-sdk\n\n${index}\n`, { ...style, parser: 'markdown' }),
  )
  return pages
}

const NOTE = '<!-- Made by npm run sdk-reference of the docstrings; changes belong there. -->\n\n'

function pageOf({ name, source }, program) {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(source)
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file))
  const sections = exported
    .map((symbol) => sectionOf(symbol, checker))
    .sort((one, other) => one.rank - other.rank || one.title.localeCompare(other.title, 'en'))
  return `${NOTE}# ${name}\n\n${sections.map(({ text }) => text).join('\n\n')}\n`
}

/** What one calls comes first, then what is thrown, then the shapes. */
function sectionOf(symbol, checker) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const [declaration] = target.declarations
  const title = symbol.name
  const isError = ts.isClassDeclaration(declaration) && title.endsWith('Error')
  const rank = ts.isFunctionDeclaration(declaration) ? 0 : isError ? 3 : target.flags & ts.SymbolFlags.Value ? 1 : 4
  const body = [
    `## ${title}`,
    fenced(declarationOf(title, { declaration, target, checker })),
    docOf(target, checker),
    membersOf({ declaration, target, checker }),
  ]
  return { title, rank, text: body.filter((part) => part !== '').join('\n\n') }
}

function declarationOf(title, { declaration, target, checker }) {
  if (ts.isFunctionDeclaration(declaration)) {
    const type = checker.getTypeOfSymbolAtLocation(target, declaration)
    return type
      .getCallSignatures()
      .map((signature) => `function ${title}${checker.signatureToString(signature, declaration, NO_TRUNCATION)}`)
      .join('\n')
  }
  if (ts.isClassDeclaration(declaration)) return `class ${title}${heritageOf(declaration)}`
  if (ts.isInterfaceDeclaration(declaration))
    return `interface ${title}${typeParametersOf(declaration)}${heritageOf(declaration)}`
  if (ts.isTypeAliasDeclaration(declaration)) {
    const text = declaration.type.getText()
    return `type ${title}${typeParametersOf(declaration)} = ${text}`
  }
  return `const ${title}: ${checker.typeToString(checker.getTypeOfSymbolAtLocation(target, declaration), declaration, NO_TRUNCATION)}`
}

function typeParametersOf({ typeParameters = [] }) {
  return typeParameters.length === 0 ? '' : `<${typeParameters.map((each) => each.getText()).join(', ')}>`
}

function heritageOf({ heritageClauses = [] }) {
  return heritageClauses.map((clause) => ` ${clause.getText()}`).join('')
}

/** What every class of ours has and nobody needs to be told of. */
const UNTOLD = new Set(['name', 'toJSON'])

/** A table of the members that a user may touch. */
function membersOf({ declaration, target, checker }) {
  const rows =
    ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)
      ? declaration.members.filter(isOpen).flatMap((member) => rowsOf(member, { checker, prefix: '' }))
      : aliasRowsOf({ declaration, target, checker })
  if (rows.length === 0) return ''
  return `| Member | Type | |\n| --- | --- | --- |\n${rows.join('\n')}`
}

function isOpen({ name, modifiers }) {
  if (name === undefined || ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)) return false
  return !UNTOLD.has(name.getText()) && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) !== true
}

/** The members of a type that is made of others, which its own text does not show. */
function aliasRowsOf({ declaration, target, checker }) {
  if (!ts.isTypeAliasDeclaration(declaration) || ts.isTypeLiteralNode(declaration.type)) return []
  const type = checker.getDeclaredTypeOfSymbol(target)
  if (
    type.isUnion() ||
    type.getCallSignatures().length > 0 ||
    !(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
  )
    return []
  return checker.getPropertiesOfType(type).map((property) => {
    const text = checker.typeToString(checker.getTypeOfSymbol(property), declaration, NO_TRUNCATION)
    const optional = property.flags & ts.SymbolFlags.Optional ? '?' : ''
    return `| \`${property.name}${optional}\` | ${code(text)} | ${cell(docOf(property, checker))} |`
  })
}

function rowsOf(member, { checker, prefix }) {
  const symbol = checker.getSymbolAtLocation(member.name)
  const type = checker.getTypeOfSymbolAtLocation(symbol, member)
  const name = `${prefix}${symbol.name}${member.questionToken ? '?' : ''}`
  const text = checker.typeToString(type, member, NO_TRUNCATION)
  const inner = member.type && ts.isTypeLiteralNode(member.type) ? member.type.members.filter((each) => each.name) : []
  if (inner.length > 0) return inner.flatMap((each) => rowsOf(each, { checker, prefix: `${symbol.name}.` }))
  return [`| \`${name}\` | ${code(text)} | ${cell(docOf(symbol, checker))} |`]
}

function docOf(symbol, checker) {
  const words = ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const tags = symbol.getJsDocTags(checker).flatMap(({ name, text }) => {
    const told = ts.displayPartsToString(text)
    const lead = { throws: 'Throws ', returns: 'Returns ', see: 'See ' }[name]
    if (lead !== undefined) return [lead + told]
    return name === 'param' ? [told.replace(/^(\S+)\s*/, '`$1`: ')] : []
  })
  return [words, ...tags].filter((part) => part !== '').join('\n\n')
}

function fenced(text) {
  return `\`\`\`ts\n${text}\n\`\`\``
}

function code(text) {
  const flat = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
  return flat.includes('`') ? flat : `\`${flat}\``
}

function cell(text) {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')
}

const pages = await makePages()
const stale = [...pages].filter(
  ([name, text]) => !existsSync(join(PAGES, name)) || readFileSync(join(PAGES, name), 'utf8') !== text,
)
const left = existsSync(PAGES) ? readdirSync(PAGES).filter((name) => !pages.has(name)) : []
if (process.argv.includes('--check')) {
  const wrong = [...stale.map(([name]) => name), ...left]
  if (wrong.length > 0) {
    process.stderr.write(`docs/sdk is not what the docstrings say (${wrong.join(', ')}): run npm run sdk-reference\n`)
    process.exitCode = 1
  }
} else {
  mkdirSync(PAGES, { recursive: true })
  for (const name of left) rmSync(join(PAGES, name))
  for (const [name, text] of stale) writeFileSync(join(PAGES, name), text)
  process.stdout.write(`docs/sdk: ${pages.size} pages, ${stale.length} of them written anew\n`)
}
