import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const TYPES = fileURLToPath(new URL('../../node_modules/@types', import.meta.url))

/** What the type checker says of all programs in a folder, with the packages as a merchant gets them. */
export function typeFaultsOf(folder: string): string[] {
  const files = ts.sys.readDirectory(folder, ['.ts'], undefined, undefined, 1)
  const program = ts.createProgram(
    files.map((file) => join(folder, basename(file))),
    {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [TYPES],
    },
  )
  // Those of other packages, some of which do not pass, are theirs; asking for ours alone also takes a tenth of the time.
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(folder) || fileName.includes('/packages/sdk/dist/'))
    .flatMap((file) => ts.getPreEmitDiagnostics(program, file))
  return ours.map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `${file ? basename(file.fileName) : ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
