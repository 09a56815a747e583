import { isChecked, sentIn } from '../../engine/flows/request-flow.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, type Origin, type Value } from '../../engine/values/value.ts'

/** Methods that take a whole statement as text. */
const STATEMENTS = [
  '*.query',
  '*.execute',
  '*.exec',
  '*.run',
  '*.all',
  '*.get',
  '*.each',
  '*.prepare',
  '*.none',
  '*.one',
  '*.oneOrNone',
  '*.many',
  '*.manyOrNone',
  '*.any',
  '*.unsafe',
  '*.batch',
  '*.queryAsync',
  '*.simpleQuery',
  '*.$queryRaw',
  '*.$executeRaw',
  'mysql.query',
  '~query',
  '~runQuery',
  '~execute',
  '~executeQuery',
]
/** Functions whose text is SQL, all of it, or a part. */
const RAW = [
  '*.raw',
  '*.$queryRawUnsafe',
  '*.$executeRawUnsafe',
  '*.literal',
  '*.whereRaw',
  '*.andWhereRaw',
  '*.orWhereRaw',
  '*.havingRaw',
  '*.orderByRaw',
  '*.groupByRaw',
  '*.joinRaw',
  '*.fromRaw',
  '*.unsafeLiteral',
]
/** Conditions of query builders, which take objects as well. */
const CONDITIONS = ['*.where', '*.andWhere', '*.orWhere', '*.having', '*.andHaving', '*.leftJoin', '*.innerJoin']
const SQL =
  /\b(?:select\b[\s\S]{0,2000}?\bfrom|insert\s+(?:ignore\s+)?into|replace\s+into|update\b[\s\S]{0,200}?\bset|delete\s+from|create\s+(?:table|database|user|role|schema|view)|drop\s+(?:table|database|user|role|schema|view)|alter\s+(?:table|user|role|database)|truncate\s+table|grant\s|with\s+\w+\s+as|call\s+\w+\s*\(|exec(?:ute)?\s+\w+|set\s+(?:local\s+)?(?:search_path|role|session)|union\s+select)/i
const CONDITION = /[=<>]|\b(?:like|ilike|in|between|is)\b/i
const DATABASE = /(?:^|[.~ ])(?:pg|mysql2?|mariadb|sqlite3?|sequelize|knex|pool|conn|connection|db|database)\b/i
/** What looks like one and speaks something else: a cache, GraphQL, a shell. */
const NO_SQL =
  /cache|storage|session|headers|mongo|redis|graphql|apollo|child_process|dialogflow|dynamo|elastic|regex|\bfetch|axios|cheerio/i

export const rule: Rule = {
  id: 'sql-injection',
  practice: 6,
  severity: 'critical',
  title: 'What a client sent becomes part of the text of an SQL statement',
  why: 'A quote and a few words in a form field make another statement of it: every customer and every stored card is read, an order is marked as paid, a table is gone. It is found by tools within minutes, and a filter in front of it is got round.',
  mend: 'Write a placeholder in the statement and pass the value beside it. Names of columns and directions, which cannot be parameters, come out of a list of your own.',
  before: "await pool.query(`select * from orders where number = '${req.query.number}'`)",
  after: "await pool.query('select * from orders where number = $1', [req.query.number])",
  controls: { pci: ['6.2.4'], asvs: ['1.2.4'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'generated', 'vendored'],
  words: ['uery', 'xec', '.raw', 'Raw', '.run', '.all(', '.get(', '.prepare', '.literal', '.unsafe', 'here(', '.one'],
  on: {
    calls: [
      { to: STATEMENTS, check: (call, scan) => check(call, scan, (text) => SQL.test(text)) },
      { to: RAW, check: (call, scan) => check(call, scan, isAny) },
      { to: CONDITIONS, check: checkCondition },
      { to: ['*.orderBy', '*.addOrderBy', '*.groupBy', '*.addGroupBy'], check: checkOrder },
    ],
  },
}

function isAny(): boolean {
  return true
}

/** TypeORM takes the name of a column as it is; others quote it. */
function checkOrder(call: CallSite, scan: CodeScan): void {
  if (call.path.includes('createQueryBuilder()')) check(call, scan, isAny)
}

function checkCondition(call: CallSite, scan: CodeScan): void {
  const [first] = call.args
  if (!first || !optionsOf(first).some(({ kind }) => kind === 'text')) return
  check(call, scan, (text) => CONDITION.test(text))
}

function check(call: CallSite, scan: CodeScan, isSql: (text: string) => boolean): void {
  if (NO_SQL.test(call.path)) return
  for (const statement of statementsOf(call.args[0], scan)) {
    const hit = sentIn(statement, scan).find((each) => !isChecked(each, statement.origin, { scan }))
    if (!hit) continue
    const text = knownText(statement, 0)
    // All of the statement was sent: to what is a database by its name.
    if (text.trim() === '' ? !DATABASE.test(call.path) && isSql !== isAny : !isSql(text)) continue
    report(statement, { hit, call, scan })
    return
  }
}

/** The texts that are run: the argument, or what is named `text` or `sql` in it. */
function statementsOf(first: Value | undefined, scan: CodeScan): readonly Value[] {
  if (!first) return []
  if (!optionsOf(first).some(({ kind }) => kind === 'object')) return [first]
  return ['text', 'sql', 'query'].flatMap((name) => scan.members(first, name).map(({ value }) => value))
}

/** All texts of a value that are known, wherever in it they are. */
function knownText(value: Value, depth: number): string {
  if (depth > 6) return ''
  switch (value.kind) {
    case 'constant':
      return typeof value.value === 'string' ? value.value : ''
    case 'text':
      return value.parts.map((part) => knownText(part, depth + 1)).join(' ? ')
    case 'union':
      return value.options.map((option) => knownText(option, depth + 1)).join('\n')
    case 'list':
      return value.items.map((item) => knownText(item, depth + 1)).join(' ')
    case 'named': {
      const parts = [...(value.base ? [value.base] : []), ...(value.args ?? [])]
      return parts.map((part) => knownText(part, depth + 1)).join(' ')
    }
    default:
      return ''
  }
}

function report(statement: Value, { hit, call, scan }: { hit: SourceHit; call: CallSite; scan: CodeScan }): void {
  const place = placeOfText(statement, scan, 0) ?? { module: scan.module, node: call.node }
  scan.report({
    at: scan.placeOf(place),
    message: 'A value that the client sent is put into the text of an SQL statement: pass it as a parameter',
    related: [
      { what: 'sent by the client', at: scan.placeOf(hit.origin) },
      { what: 'run here', at: scan.placeOf(call.node) },
    ],
  })
}

/** Where the text that has the value in it is put together. */
function placeOfText(value: Value, scan: CodeScan, depth: number): Origin | undefined {
  if (depth > 5) return undefined
  for (const option of optionsOf(value)) {
    if (option.kind === 'text' && sentIn(option, scan).length > 0) return option.origin
    const [first] = option.kind === 'named' && option.via === 'call' ? (option.args ?? []) : []
    const inner = first ? placeOfText(first, scan, depth + 1) : undefined
    if (inner) return inner
  }
  return undefined
}
