import type { SealedTable } from './sealed-table.ts'

/** A node of a query as Kysely has it; the shapes that matter are read by their `kind`. */
export interface QueryNode {
  readonly kind: string
  readonly [member: string]: unknown
}

/** A sealed column that a value comes from. */
export interface Origin {
  readonly table: SealedTable
  readonly field: string
}

/** The sealed columns of something that has columns, by the name that they have there. */
export type Origins = ReadonlyMap<string, Origin>

/** What names mean at one place of a query. */
export interface Scope {
  readonly tables: ReadonlyMap<string, Origins>
  readonly outer: Scope | undefined
}

const STATEMENTS = new Set([
  'SelectQueryNode',
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
])

/** True for a node that has tables of its own. */
export function isStatement(node: QueryNode): boolean {
  return STATEMENTS.has(node.kind)
}

/** True for what is a node, and no value of somebody's that looks like one: ask of members of nodes alone. */
export function isNode(value: unknown): value is QueryNode {
  return typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string'
}

/** A member that is a node, or several, as a list. */
export function nodesOf(value: unknown): readonly QueryNode[] {
  return [value].flat().filter(isNode)
}

/** The scope inside a statement. */
export function scopeInside(statement: QueryNode, outer: Scope | undefined): Scope {
  const named = new Map<string, Origins>()
  const scope: Scope = { tables: named, outer }
  for (const expression of nodesOf(nodesOf(statement['with'])[0]?.['expressions'])) {
    const name = identifierOf(nodesOf(expression['name'])[0]?.['table'])
    if (name !== undefined) named.set(name, outputsOf(expression['expression'], scope))
  }
  const ctes = new Set(named.keys())
  const used = new Map<string, Origins>()
  for (const source of sourcesOf(statement)) {
    const [name, origins] = originsOfSource(source, scope)
    if (name !== undefined) used.set(name, origins)
  }
  // A common table expression has columns where it is named in `from`; until then it is a name alone.
  return { tables: used, outer: ctes.size > 0 ? { tables: named, outer } : outer }
}

/** What a statement gives back: its selections, or what it returns. */
export function outputsOf(statement: unknown, outer: Scope | undefined): Origins {
  if (!isNode(statement)) return new Map()
  if (statement.kind === 'ParensNode') return outputsOf(statement['node'], outer)
  if (!isStatement(statement)) return new Map()
  const scope = scopeInside(statement, outer)
  const selections = nodesOf(statement['selections'] ?? nodesOf(statement['returning'])[0]?.['selections'])
  const outputs = new Map<string, Origin>()
  for (const selection of selections) {
    for (const [name, origin] of outputOf(selection['selection'], scope)) outputs.set(name, origin)
  }
  return outputs
}

/** The sealed column that a reference means; undefined where it is none. */
export function originOf(node: QueryNode, scope: Scope | undefined): Origin | undefined {
  if (node.kind === 'ColumnNode') return lookUp(identifierOf(node), undefined, scope)
  if (node.kind !== 'ReferenceNode') return undefined
  return lookUp(identifierOf(node['column']), identifierOf(node['table']), scope)
}

/** The name inside a table, a column or an identifier; undefined where it has none. */
function identifierOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.kind === 'IdentifierNode') return node['name'] as string
  return identifierOf(node['identifier'] ?? node['table'] ?? node['column'])
}

function lookUp(column: string | undefined, table: string | undefined, scope: Scope | undefined): Origin | undefined {
  if (column === undefined || !scope) return undefined
  if (table !== undefined) {
    const origins = scope.tables.get(table)
    return origins ? origins.get(column) : lookUp(column, table, scope.outer)
  }
  for (const origins of scope.tables.values()) {
    const origin = origins.get(column)
    if (origin) return origin
  }
  return lookUp(column, undefined, scope.outer)
}

function sourcesOf(statement: QueryNode): readonly QueryNode[] {
  const { into, table, from, using, joins } = statement
  return [...nodesOf(into), ...nodesOf(table), ...nodesOf(from), ...nodesOf(using), ...nodesOf(joins)].flatMap(
    (node) =>
      node.kind === 'FromNode'
        ? nodesOf(node['froms'])
        : node.kind === 'UsingNode'
          ? nodesOf(node['tables'])
          : node.kind === 'JoinNode'
            ? nodesOf(node['table'])
            : [node],
  )
}

function originsOfSource(source: QueryNode, scope: Scope): [string | undefined, Origins] {
  if (source.kind === 'AliasNode') {
    const node = source['node']
    const inner = isNode(node) && node.kind === 'TableNode' ? originsOfSource(node, scope)[1] : outputsOf(node, scope)
    return [identifierOf(source['alias']), inner]
  }
  if (source.kind !== 'TableNode') return [undefined, new Map()]
  const name = identifierOf(source)
  for (let at: Scope | undefined = scope; at && name !== undefined; at = at.outer) {
    const origins = at.tables.get(name)
    if (origins) return [name, origins]
  }
  return [name, new Map()]
}

function outputOf(selection: unknown, scope: Scope): Iterable<[string, Origin]> {
  if (!isNode(selection)) return []
  if (selection.kind === 'SelectAllNode') return [...scope.tables.values()].flatMap((origins) => [...origins])
  if (selection.kind === 'ReferenceNode' && nodesOf(selection['column'])[0]?.kind === 'SelectAllNode') {
    return scope.tables.get(identifierOf(selection['table']) ?? '') ?? []
  }
  const [name, node] =
    selection.kind === 'AliasNode'
      ? [identifierOf(selection['alias']), nodesOf(selection['node'])[0]]
      : [identifierOf(selection['column'] ?? selection), selection]
  const origin = node && (originOf(node, scope) ?? onlyOf(outputsOf(node, scope)))
  return name !== undefined && origin ? [[name, origin]] : []
}

function onlyOf(origins: Origins): Origin | undefined {
  return origins.size === 1 ? [...origins.values()][0] : undefined
}
