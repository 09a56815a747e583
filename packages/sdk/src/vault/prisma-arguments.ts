import { UCanPayConfigError } from '../errors.ts'
import { sealedFilter } from './sealed-filters.ts'
import type { SealedTable } from './sealed-table.ts'

/** A field of a model, as Prisma's client knows it. */
export interface PrismaField {
  readonly name: string
  readonly kind: string
  readonly type: string
}

/** The models of a client, and which of them have sealed fields. */
export interface PrismaModels {
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, PrismaField>>
  readonly tables: ReadonlyMap<string, SealedTable>
}

type Values = Readonly<Record<string, unknown>>

/** Members of a query that filter, and those that hold data. */
const FILTERS = ['where', 'cursor', 'having']
const DATA = ['data', 'create', 'update']

/**
 * The arguments of one operation with its data sealed, in nested writes as well.
 *
 * @throws VaultError for a filter over a sealed field
 */
export function sealArguments(models: PrismaModels, model: string, args: unknown): unknown {
  if (!isValues(args)) return args
  const sealed: Record<string, unknown> = { ...args }
  for (const name of FILTERS) requireNoFilter(models, model, args[name])
  for (const name of ['include', 'select']) requireNoNestedFilter(models, model, args[name])
  for (const name of DATA) if (name in args) sealed[name] = each(args[name], (data) => sealData(models, model, data))
  return sealed
}

/** A result with its sealed fields opened, in relations as well. @throws VaultError */
export function openResult(models: PrismaModels, model: string, result: unknown): unknown {
  return each(result, (row) => {
    const table = models.tables.get(model)
    const opened: Record<string, unknown> = { ...row }
    for (const [name, value] of Object.entries(row)) {
      const field = models.fields.get(model)?.get(name)
      if (field?.kind === 'object') opened[name] = openResult(models, field.type, value)
      else if (table && Object.hasOwn(table.fields, name)) opened[name] = table.openValue(name, value)
    }
    return opened
  })
}

function sealData(models: PrismaModels, model: string, data: Values): Values {
  const table = models.tables.get(model)
  const sealed: Record<string, unknown> = { ...data }
  for (const [name, value] of Object.entries(data)) {
    const field = models.fields.get(model)?.get(name)
    if (field?.kind === 'object' && isValues(value)) sealed[name] = sealNested(models, field.type, value)
    else if (table && Object.hasOwn(table.fields, name)) {
      sealed[name] = isValues(value) ? { ...value, set: sealSet(table, name, value) } : table.sealValue(name, value)
    }
  }
  return sealed
}

function sealSet(table: SealedTable, name: string, operation: Values): unknown {
  const [only, ...others] = Object.keys(operation)
  if (only === 'set' && others.length === 0) return table.sealValue(name, operation['set'])
  throw new UCanPayConfigError(`${table.name}.${name} is sealed: give its value, or { set: value }.`)
}

/** The operations of a nested write: `create`, `connectOrCreate`, `update` and their kin. */
function sealNested(models: PrismaModels, model: string, operations: Values): Values {
  const sealed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(operations)) {
    sealed[name] = each(value, (operation) => {
      if (name === 'create') return sealData(models, model, operation)
      // A relation to one may be updated by its data alone.
      const isWhole = models.fields.get(model)?.has('data') !== true && 'data' in operation
      if (name === 'update' && !isWhole) return sealData(models, model, operation)
      if (['createMany', 'connectOrCreate', 'upsert', 'update', 'updateMany'].includes(name)) {
        return sealArguments(models, model, operation) as Values
      }
      requireNoFilter(models, model, operation)
      return operation
    })
  }
  return sealed
}

function requireNoFilter(models: PrismaModels, model: string, filter: unknown): void {
  for (const part of Array.isArray(filter) ? (filter as unknown[]) : [filter]) {
    if (!isValues(part)) continue
    const table = models.tables.get(model)
    for (const [name, value] of Object.entries(part)) {
      const field = models.fields.get(model)?.get(name)
      if (field?.kind === 'object') {
        requireNoFilter(models, field.type, value)
        for (const inner of isValues(value) ? ['some', 'every', 'none', 'is', 'isNot'] : []) {
          requireNoFilter(models, field.type, (value as Values)[inner])
        }
      } else if (table && Object.hasOwn(table.fields, name)) {
        if (!isOfNull(value)) throw sealedFilter(`${table.name}.${name}`)
      } else if (field === undefined) requireNoFilter(models, model, value) // AND, OR, NOT, and keys of several fields.
    }
  }
}

function isOfNull(filter: unknown): boolean {
  if (filter === null || filter === undefined) return true
  return isValues(filter) && Object.entries(filter).every(([how, to]) => /^(?:equals|not)$/.test(how) && isOfNull(to))
}

function requireNoNestedFilter(models: PrismaModels, model: string, selection: unknown): void {
  if (!isValues(selection)) return
  for (const [name, value] of Object.entries(selection)) {
    const field = models.fields.get(model)?.get(name)
    if (field?.kind === 'object') sealArguments(models, field.type, value)
    if (name === '_count' && isValues(value)) requireNoNestedFilter(models, model, value['select'])
  }
}

function each(value: unknown, change: (one: Values) => Values): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => each(one, change))
  return isValues(value) ? change(value) : value
}

/** True for what has members: an instance of a class of somebody's as well, whose fields are written like any. */
function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !ArrayBuffer.isView(value)
}
