import type { CallSite, CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { shownText } from '../values/known-calls.ts'
import { optionsOf, type Value } from '../values/value.ts'
import type { Stored } from './stored.ts'

/** Methods of database libraries that take SQL. */
export const SQL_METHOD =
  /^(?:query|execute|run|raw|none|one|any|oneOrNone|manyOrNone|all|unsafe|exec|batch|queryAsync|executeSql|\$executeRawUnsafe|\$queryRawUnsafe)$/
const WRITES =
  /\b(?:insert\s+(?:or\s+\w+\s+|ignore\s+)?into|insert\s+ignore|replace\s+into|merge\s+into|update\s+[^\s;]+\s+(?:as\s+\w+\s+)?set)\b/i
/** Functions of databases that leave nothing readable, or the last digits. */
const SEALS =
  /\b(?:pgp_(?:sym|pub)_encrypt|aes_encrypt|encrypt|encryptbykey|crypt|digest|hmac|sha[12]|sha2_?\d*|md5|hashbytes|right|substr|substring)\s*\(/i
const TAG = /(?:^|[.~])(?:sql|\$executeRaw|\$queryRaw|SQL|query|tx|trx|db|pg|pgsql|postgres)(?:\(\))?$/i

/** What an insert or an update writes. */
export function writtenBySql(call: CallSite, scan: CodeScan): readonly Stored[] {
  const { args, node, callee } = call
  // `db.prepare('insert …').run(…)`
  const prepared = callee.kind === 'named' ? callee.base : undefined
  const isPrepared = prepared?.kind === 'named' && /\.prepare(?:Statement)?\(\)$/.test(prepared.path)
  const first = isPrepared ? prepared.args?.[0] : args[0]
  const rest = isPrepared ? args : args.slice(1)
  if (!first) return []
  const shift = isPrepared ? 0 : 1
  return optionsOf(first).flatMap((option): Stored[] => {
    const statement = option.kind === 'object' ? statementOf(option, scan) : option
    const sql = new Statement(statement)
    if (!sql.writes) return []
    const inside = option.kind === 'object' ? ['values', 'bind', 'params', 'args', 'parameters'] : []
    const values = [
      ...rest.map((value, index) => ({ value, valueNode: node.arguments[index + shift] ?? node, index })),
      ...inside.map((name) => ({ value: scan.member(option, name), valueNode: node, index: 0 })),
    ]
    const { sealedBySql } = sql
    return [
      ...sql.written().map((value) => ({ value, node, valueNode: value.origin.node, sealedBySql })),
      ...values.flatMap((each) => sql.bound(each)).map((each) => ({ ...each, node, sealedBySql })),
    ]
  })
}

/** sql`insert into … values (${number})` */
export function writtenBySqlTag(
  node: Extract<Node, { type: 'TaggedTemplateExpression' }>,
  scan: CodeScan,
): readonly Stored[] {
  const tag = scan.valueOf(node.tag)
  if (!optionsOf(tag).some((option) => option.kind === 'named' && TAG.test(option.path))) return []
  const sql = new Statement(scan.valueOf(node.quasi))
  if (!sql.writes) return []
  const { sealedBySql } = sql
  return sql.written().map((value) => ({ value, node, valueNode: value.origin.node, sealedBySql }))
}

function statementOf(option: Value, scan: CodeScan): Value {
  const name = ['text', 'sql', 'query', 'statement'].find((each) => scan.memberNames(option).names.has(each))
  return name === undefined ? option : scan.member(option, name)
}

/** A text of SQL, some parts of which may not be known. */
class Statement {
  readonly writes: boolean
  readonly sealedBySql: boolean
  readonly #value: Value
  /** What stands before `where`: the columns that are written. */
  readonly #head: string
  readonly #isCut: boolean

  constructor(value: Value) {
    this.#value = value
    const sql = shownText(value)
    const written = WRITES.exec(sql)
    this.writes = written !== null
    const where = written && /^update/i.test(written[0]) ? sql.search(/\bwhere\b/i) : -1
    this.#isCut = where > 0
    this.#head = this.#isCut ? sql.slice(0, where) : sql
    this.sealedBySql = SEALS.test(this.#head)
  }

  /** What is written into the text itself, up to `where`. */
  written(): readonly Value[] {
    if (this.#value.kind !== 'text') return []
    const found: Value[] = []
    let length = 0
    for (const part of this.#value.parts) {
      if (length >= this.#head.length) break
      if (part.kind !== 'constant') found.push(part)
      length += shownText(part).length
    }
    return found
  }

  /** Of what is bound, that which is not a condition. */
  bound({ value, valueNode, index }: { value: Value; valueNode: Node; index: number }): Omit<Stored, 'node'>[] {
    if (value.kind !== 'list') return this.#isSet(index) ? [{ value, valueNode }] : []
    const nodes = valueNode.type === 'ArrayExpression' ? valueNode.elements : []
    return value.items.flatMap((item, at) =>
      this.#isSet(at) ? [{ value: item, valueNode: nodes[at] ?? item.origin.node }] : [],
    )
  }

  #isSet(index: number): boolean {
    if (!this.#isCut) return true
    const numbered = [...this.#head.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number) - 1)
    if (numbered.length > 0) return numbered.includes(index)
    const marks = this.#head.split('?').length - 1
    return marks === 0 || index < marks
  }
}
