/** Builds dist/: for each entry one file for `import`, one for `require`, and the types of both. No other package is imported. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import ts from 'typescript'

const folder = fileURLToPath(new URL('..', import.meta.url))
const dist = join(folder, 'dist')
const source = join(folder, 'src')
const { exports: entries, peerDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
/** What a merchant imports: `exports` of package.json names for each entry its source and its file in dist/. */
const ENTRIES = Object.fromEntries(
  Object.values(entries)
    .filter((entry) => 'ucanpay-source' in entry)
    .map((entry) => [
      entry.import.default.slice('./dist/'.length, -'.js'.length),
      join(folder, entry['ucanpay-source']),
    ]),
)
/** What a merchant has anyway where an adapter for it is of use. */
const peers = Object.keys(peerDependencies)
const isOutside = (name) =>
  name.startsWith('node:') || peers.some((peer) => name === peer || name.startsWith(`${peer}/`))

/** What a bundler for browsers is led to. It imports what cannot be found, so that the bundler's own error says why. */
const FOR_BROWSERS = 'ucanpay-sdk holds a secret key: it runs on servers, never in a browser'

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await buildCode()
buildTypes()
writeFileSync(join(dist, 'browser.js'), `export * from '${FOR_BROWSERS}'\n`)

async function buildCode() {
  const bundle = await rolldown({ input: ENTRIES, platform: 'node', external: isOutside })
  const minify = { compress: true, mangle: false, codegen: false }
  // What entries have in common is a file of its own: an error of the one is an error of the other.
  for (const [format, extension] of [
    ['esm', 'js'],
    ['cjs', 'cjs'],
  ]) {
    const names = { entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-[hash].${extension}` }
    await bundle.write({ dir: dist, format, minify, ...names })
  }
  await bundle.close()
}

/**
 * The client's types come from the wire's schemas, whose types come from a library that a consumer does not have. So
 * each type that the client takes from the wire is written out whole, and the declarations import those instead.
 */
function buildTypes() {
  const { config } = ts.readConfigFile(join(folder, '../../tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(folder, '../..'))
  const program = ts.createProgram(Object.values(ENTRIES), {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rewriteRelativeImportExtensions: true,
    outDir: dist,
    rootDir: source,
    typeRoots: [join(folder, '../../node_modules/@types')],
  })
  const checker = program.getTypeChecker()
  const taken = new Map()
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(source)) collectTaken(file, checker, taken)
  const written = [...taken].sort().map(([name, type]) => `export type ${name} = ${type};`)
  for (const extension of ['ts', 'cts']) writeFileSync(join(dist, `wire.d.${extension}`), `${written.join('\n')}\n`)
  for (const file of program.getSourceFiles()) {
    if (!file.fileName.startsWith(source)) continue
    program.emit(file, writeDeclaration, undefined, true)
  }
}

/** Every type that a file imports or re-exports from the wire, written out. */
function collectTaken(file, checker, taken) {
  for (const statement of file.statements) {
    const from = statement.moduleSpecifier?.text
    if (!from?.startsWith('@ucanpay/wire/')) continue
    const clause = statement.importClause?.namedBindings ?? statement.exportClause
    for (const element of clause?.elements ?? []) {
      let symbol = checker.getSymbolAtLocation(element.name)
      if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol)
      if (!(symbol.flags & (ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Interface))) continue
      taken.set(element.name.text, writeOut(checker.getDeclaredTypeOfSymbol(symbol), checker))
    }
  }
}

/** A type as its own text: objects by their members, everything else as the checker prints it. */
function writeOut(type, checker) {
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias
  if (!(type.flags & ts.TypeFlags.Object) || checker.isArrayType(type))
    return checker.typeToString(type, undefined, flags)
  const members = checker.getPropertiesOfType(type).map((property) => {
    const optional = property.flags & ts.SymbolFlags.Optional
    const text = printable(checker.getTypeOfSymbol(property), checker, flags)
    const read = optional ? text.replace(/^undefined \| /, '') : text
    return `  readonly ${property.name}${optional ? '?' : ''}: ${read}${optional ? ' | undefined' : ''};`
  })
  return `{\n${members.join('\n')}\n}`
}

function printable(type, checker, flags) {
  if (type.flags & ts.TypeFlags.Union) return type.types.map((each) => printable(each, checker, flags)).join(' | ')
  const element = checker.isArrayType(type) ? checker.getTypeArguments(type)[0] : undefined
  if (element) return `readonly ${checker.typeToString(element, undefined, flags)}[]`
  return checker.typeToString(type, undefined, flags)
}

/** Writes a declaration twice, for both module systems, with its imports led to its own kind. */
function writeDeclaration(file, text) {
  const up = relative(join(file, '..'), dist).replaceAll('\\', '/') || '.'
  const wired = text
    .replace(/(['"])@ucanpay\/wire\/[a-z-]+\1/g, `'${up}/wire.js'`)
    .replace(/(['"])(\.{1,2}\/[a-z/.-]+)\.ts\1/g, "'$2.js'")
  ts.sys.createDirectory(join(file, '..'))
  writeFileSync(file, wired)
  writeFileSync(file.replace(/\.ts$/, '.cts'), wired.replace(/(['"])(\.{1,2}\/[a-z/.-]+)\.js\1/g, "'$2.cjs'"))
}

for (const name of readdirSync(dist))
  if (/\.c?js$/.test(name) && readFileSync(join(dist, name), 'utf8').includes('typebox'))
    throw new Error(`the schemas got into ${name}`)
