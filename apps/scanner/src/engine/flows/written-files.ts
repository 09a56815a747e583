import type { CallSite, CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { shownText } from '../values/known-calls.ts'
import { optionsOf, type Named, type Value } from '../values/value.ts'
import type { Outgoing } from './outgoing.ts'

/** A value that is written to a file, a spreadsheet, an object store. */
export interface Written extends Outgoing {
  readonly node: Node
  /** What it is written to, as a part of a sentence: `a file`. */
  readonly where: string
  /** Names of columns that are written, where they are listed apart from the rows. */
  readonly columns: readonly string[]
}

interface Writer {
  readonly path: RegExp
  /** Which arguments are written; all from the first of them on where absent. */
  readonly args: readonly number[]
  readonly where: string
  /** The members of the argument that are written; all of it where absent. */
  readonly within?: readonly string[]
}

const FILE_NAMES =
  'writeFile|writeFileSync|appendFile|appendFileSync|outputFile|outputFileSync|outputJson|outputJSON|outputJsonSync|outputJSONSync|writeJson|writeJSON|writeJsonSync|writeJSONSync|write|writeSync|append|writeAsync|appendAsync'
const WRITERS: readonly Writer[] = [
  {
    path: new RegExp(
      `^(?:fs(?:/promises|\\.promises|-extra)?|graceful-fs|mz/fs|fs-jetpack|jsonfile|~?fsp?|~?fsPromises)\\.(?:${FILE_NAMES})$`,
    ),
    args: [1],
    where: 'a file',
  },
  {
    path: /^(?:write-file-atomic(?:\.sync)?|write-json-file(?:\.\w+)?|write|steno\.\w+|Bun\.write|Deno\.(?:writeTextFile|writeFile)(?:Sync)?)$/,
    args: [1],
    where: 'a file',
  },
  { path: /^fs(?:\/promises|\.promises)\.open\(\)\.(?:write|writeFile|appendFile)$/, args: [0], where: 'a file' },
  {
    path: /^(?:fs|fs-extra|graceful-fs)\.(?:createWriteStream\(\)|WriteStream)\.(?:write|end)$|^new fs\.WriteStream\.(?:write|end)$/,
    args: [0],
    where: 'a file',
  },
  { path: /^Bun\.file\(\)\.(?:writer\(\)\.)?write$/, args: [0], where: 'a file' },
  { path: /^new steno\.Writer\.write$|^file-saver\.(?:saveAs|default)$|^file-saver$/, args: [0], where: 'a file' },
  {
    path: /^csv-writer\.create(?:Object|Array)Csv(?:Writer|Stringifier)\(\)\.(?:writeRecords|stringifyRecords)$/,
    args: [0],
    where: 'a CSV file',
  },
  { path: /^(?:fast-csv|@fast-csv\/format)\.(?:writeToPath|writeToStream)$/, args: [1], where: 'a CSV file' },
  {
    path: /^(?:fast-csv|@fast-csv\/format)\.(?:write|format\(\)\.write|writeToString|writeToBuffer)$|^csv-stringify\.stringify\(\)\.write$/,
    args: [0],
    where: 'a CSV file',
  },
  {
    path: /^(?:new exceljs\.Workbook|new exceljs\.\w+\.WorkbookWriter|~workbook)\.(?:addWorksheet|getWorksheet)\(\)\.addRows?$|^~?(?:work)?sheet\.addRows?$|^xlsx\.utils\.(?:json_to_sheet|aoa_to_sheet|sheet_add_json|sheet_add_aoa)$/,
    args: [0, 1],
    where: 'a spreadsheet',
  },
  { path: /^new (?:pdfkit|jspdf(?:\.jsPDF)?)\.text$/, args: [0], where: 'a document' },
  {
    path: /^new @aws-sdk\/client-s3\.PutObjectCommand$|^(?:new aws-sdk(?:\.S3|\/clients\/s3)|~?s3(?:Client)?)\.(?:putObject|upload)$|^new @aws-sdk\/client-s3\.S3\.putObject$/i,
    args: [0],
    within: ['Body', 'Key', 'Metadata'],
    where: 'an object store',
  },
  {
    path: /^new @aws-sdk\/lib-storage\.Upload$/,
    args: [0],
    within: ['params'],
    where: 'an object store',
  },
  {
    path: /(?:bucket\(\)|storage|Storage)(?:\.\w+\(\))*\.file\(\)\.(?:save|createWriteStream\(\)\.(?:write|end))$|\.getBlockBlobClient\(\)\.(?:upload|uploadData)$|\.getAppendBlobClient\(\)\.appendBlock$/,
    args: [0],
    where: 'an object store',
  },
  {
    path: /\.storage\.from\(\)\.(?:upload|update)$|^@vercel\/blob\.put$|^(?:firebase\/storage|@firebase\/storage)\.(?:uploadString|uploadBytes|uploadBytesResumable)$/,
    args: [1],
    where: 'an object store',
  },
  { path: /^(?:new minio(?:\.Client)?|~?minio(?:Client)?)\.putObject$/, args: [2], where: 'an object store' },
  {
    path: /^new (?:ssh2-sftp-client|basic-ftp\.Client)\.(?:put|append|uploadFrom|appendFrom)$/,
    args: [0],
    where: 'a file',
  },
  {
    path: /^new (?:electron-store|conf|configstore)\.set$|^node-persist\.(?:setItem|set)$|^new node-localstorage\.\w+\.setItem$|^new node-json-db\.JsonDB\.push$/,
    args: [0, 1],
    where: 'a file',
  },
]

/** The calls that write files, for `calls` of a rule. */
export const FILE_CALLS: readonly string[] = [
  ...FILE_NAMES.split('|'),
  ...[
    'end',
    'pipe',
    'writeRecords',
    'stringifyRecords',
    'writeToPath',
    'writeToStream',
    'writeToString',
    'writeToBuffer',
  ],
  ...[
    'addRow',
    'addRows',
    'json_to_sheet',
    'aoa_to_sheet',
    'sheet_add_json',
    'sheet_add_aoa',
    'text',
    'saveAs',
    'sync',
  ],
  ...['PutObjectCommand', 'putObject', 'upload', 'Upload', 'save', 'uploadData', 'appendBlock', 'update', 'put'],
  ...['uploadString', 'uploadBytes', 'uploadBytesResumable', 'uploadFrom', 'appendFrom', 'set', 'setItem', 'push'],
  ...['writeTextFile', 'writeTextFileSync', 'writeJsonFile', 'writeJsonFileSync', 'pipeline'],
]
  .map((name) => `*.${name}`)
  .concat('write-file-atomic', 'write-json-file', 'write', 'file-saver')

/** What a call writes. */
export function writtenBy(call: CallSite, scan: CodeScan): Written[] {
  const { path, args, node } = call
  if (/(?:^|\.)(?:pipe|pipeline)$/.test(path)) return piped(call)
  return WRITERS.filter((writer) => writer.path.test(path)).flatMap(({ args: which, within, where }) =>
    which.flatMap((index): Written[] => {
      const value = args[index]
      if (!value || value.kind === 'function') return []
      const rest = { node, where, valueNode: node.arguments[index] ?? node, columns: columnsOf(call, scan) }
      return within ? within.map((name) => ({ ...rest, value: scan.member(value, name) })) : [{ ...rest, value }]
    }),
  )
}

const STREAM = /^(?:fs|fs-extra|graceful-fs)\.createWriteStream\(\)$/
const MADE_OF = /(?:^|\.)(?:Readable\.from|fast-csv\.write|format\.write|stringify)\(\)$/

/** `Readable.from(rows).pipe(createWriteStream(path))`, `pipeline(Readable.from(rows), createWriteStream(path))` */
function piped({ path, callee, args, node }: CallSite): Written[] {
  const source = path.endsWith('pipeline') ? args[0] : callee.kind === 'named' ? callee.base : undefined
  if (!source || !args.some((arg) => optionsOf(arg).some((each) => each.kind === 'named' && STREAM.test(each.path))))
    return []
  return sourcesOf(source).flatMap((from) =>
    (from.args ?? []).slice(0, 1).map((value) => ({
      value,
      valueNode: value.origin.node,
      node,
      where: 'a file',
      columns: [],
    })),
  )
}

/** The streams that a way begins with, before what was piped in between. */
function sourcesOf(value: Value): Named[] {
  const found: Named[] = []
  for (let at: Value | undefined = value; at?.kind === 'named'; at = at.base) if (MADE_OF.test(at.path)) found.push(at)
  return found
}

/** `createObjectCsvWriter({ path, header: [{ id: 'cardNumber', title: 'Card' }] })` */
function columnsOf({ path, callee }: CallSite, scan: CodeScan): string[] {
  if (!path.startsWith('csv-writer.')) return []
  const maker = callee.kind === 'named' && callee.base?.kind === 'named' ? callee.base.args?.[0] : undefined
  const [header] = maker ? scan.members(maker, 'header') : []
  const items = header?.value.kind === 'list' ? header.value.items : []
  return items.flatMap((item) => {
    const [id] = scan.members(item, 'id')
    const [title] = scan.members(item, 'title')
    const isShort = title !== undefined && /last|mask|\*|token/i.test(shownText(title.value))
    return id && !isShort ? [shownText(id.value)] : []
  })
}
