import type { KyselyPlugin, QueryId, QueryResult, RootOperationNode, UnknownRow } from 'kysely'
import { UCanPayConfigError } from '../errors.ts'
import {
  isNode,
  isStatement,
  nodesOf,
  originOf,
  outputsOf,
  scopeInside,
  type Origin,
  type Origins,
  type QueryNode,
  type Scope,
} from './query-origins.ts'
import { sealedFilter } from './sealed-filters.ts'
import type { SealedTable } from './sealed-table.ts'

/**
 * A plug-in of Kysely's that seals the declared columns in inserts, updates and upserts, opens them in results, and
 * refuses filters over them: `new Kysely({ dialect, plugins: [sealedPlugin(customers)] })`. The last of the plug-ins.
 *
 * @throws UCanPayConfigError where two tables have one name
 */
export function sealedPlugin(...tables: readonly SealedTable[]): KyselyPlugin {
  const declared = new Map<string, Origins>()
  for (const table of tables) {
    if (declared.has(table.name)) throw new UCanPayConfigError(`The table ${table.name} is declared twice.`)
    declared.set(table.name, new Map(Object.keys(table.fields).map((field) => [field, { table, field }])))
  }
  const root: Scope = { tables: declared, outer: undefined }
  const outputs = new WeakMap<QueryId, Origins>()
  return {
    transformQuery({ node, queryId }) {
      outputs.set(queryId, outputsOf(node, root))
      return sealQuery(node as unknown as QueryNode, { scope: root, target: undefined }) as unknown as RootOperationNode
    },
    transformResult({ result, queryId }) {
      const origins = outputs.get(queryId)
      return Promise.resolve(origins && origins.size > 0 ? openResult(result, origins) : result)
    },
  }
}

function openResult(result: QueryResult<UnknownRow>, origins: Origins): QueryResult<UnknownRow> {
  const folded = new Map([...origins].map(([name, origin]) => [fold(name), origin]))
  const rows = result.rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        // Another plug-in may have turned snake_case into camelCase.
        const origin = origins.get(name) ?? folded.get(fold(name))
        return [name, origin ? origin.table.openValue(origin.field, value) : value]
      }),
    ),
  )
  return { ...result, rows }
}

function fold(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

interface Where {
  readonly scope: Scope
  /** The table that an insert or update without one writes: it stands in a `merge`. */
  readonly target: QueryNode | undefined
}

function sealQuery(node: QueryNode, at: Where): QueryNode {
  if (node.kind === 'ValueNode' || node.kind === 'PrimitiveValueListNode') return node
  if (node.kind === 'BinaryOperationNode') requireNoFilter(node, at.scope)
  const target = nodesOf(node['into'] ?? node['table'] ?? undefined)[0] ?? at.target
  const inside: Where = isStatement(node) ? { scope: insideOf(node, at), target } : at
  const sealed =
    node.kind === 'InsertQueryNode'
      ? sealInsert(node, inside)
      : node.kind === 'ColumnUpdateNode'
        ? sealUpdate(node, inside.scope)
        : node
  const members = Object.entries(sealed).map(([name, member]) => [name, sealMember(member, inside)])
  return Object.freeze(Object.fromEntries(members) as QueryNode)
}

function insideOf(node: QueryNode, { scope, target }: Where): Scope {
  const isOfMerge = target !== undefined && (node.kind === 'InsertQueryNode' || node.kind === 'UpdateQueryNode')
  const named = isOfMerge && !node['into'] && !node['table'] ? { ...node, table: target } : node
  const inner = scopeInside(named, scope)
  // In an upsert, `excluded` is the row that was to be written.
  const written = node['into'] ? [...inner.tables.values()][0] : undefined
  return written ? { ...inner, tables: new Map([...inner.tables, ['excluded', written]]) } : inner
}

function sealMember(member: unknown, at: Where): unknown {
  if (Array.isArray(member)) return Object.freeze(member.map((each: unknown) => sealMember(each, at)))
  return isNode(member) ? sealQuery(member, at) : member
}

function sealInsert(node: QueryNode, { scope }: Where): QueryNode {
  const columns = nodesOf(node['columns']).map((column) => originOf(column, writtenTable(scope)))
  const [values] = nodesOf(node['values'])
  if (!values || columns.every((origin) => origin === undefined)) return node
  const [first] = columns.filter((origin) => origin !== undefined)
  if (values.kind !== 'ValuesNode') throw notByStatement(first)
  const items = nodesOf(values['values']).map((item) => {
    const list = (item['values'] as readonly unknown[]).map((value, at) => {
      const origin = columns[at]
      if (!origin) return value
      return item.kind === 'PrimitiveValueListNode'
        ? origin.table.sealValue(origin.field, value)
        : sealNode(value as QueryNode, origin, scope)
    })
    return { ...item, values: list }
  })
  return { ...node, values: { ...values, values: items } }
}

function sealUpdate(node: QueryNode, scope: Scope): QueryNode {
  const [column] = nodesOf(node['column'])
  const [value] = nodesOf(node['value'])
  const origin = column && originOf(column, writtenTable(scope))
  return origin && value ? { ...node, value: sealNode(value, origin, scope) } : node
}

/** The table that is written is named first; the columns of the others are only read. */
function writtenTable(scope: Scope): Scope {
  return { tables: new Map([...scope.tables].slice(0, 1)), outer: undefined }
}

/** A value that is written, sealed; a column of the same place may be copied. Whatever else could be a plaintext. */
function sealNode(node: QueryNode, origin: Origin, scope: Scope): QueryNode {
  if (node.kind === 'DefaultInsertValueNode') return node
  if (node.kind === 'ValueNode') return { ...node, value: origin.table.sealValue(origin.field, node['value']) }
  const from = originOf(node, scope)
  if (from?.table !== origin.table || from.field !== origin.field) throw notByStatement(origin)
  return node
}

function notByStatement(origin: Origin | undefined): UCanPayConfigError {
  return new UCanPayConfigError(
    `${origin?.table.name ?? ''}.${origin?.field ?? ''} is sealed: give its value, and no SQL that makes it.`,
  )
}

function requireNoFilter(node: QueryNode, scope: Scope): void {
  const [operator] = nodesOf(node['operator'])
  if (operator?.kind === 'OperatorNode' && /^is(?: not)?$/.test(String(operator['operator']))) return
  for (const operand of [node['leftOperand'], node['rightOperand']]) {
    const origin = isNode(operand) ? findOrigin(operand, scope) : undefined
    if (origin) throw sealedFilter(`${origin.table.name}.${origin.field}`)
  }
}

function findOrigin(node: QueryNode, scope: Scope): Origin | undefined {
  // A statement inside has names of its own, and is looked at when its turn comes.
  if (isStatement(node) || node.kind === 'ValueNode' || node.kind === 'PrimitiveValueListNode') return undefined
  const origin = originOf(node, scope)
  if (origin || node.kind === 'ReferenceNode') return origin
  for (const member of Object.values(node)) {
    for (const inner of nodesOf(member)) {
      const found = findOrigin(inner, scope)
      if (found) return found
    }
  }
  return undefined
}
