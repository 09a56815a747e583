import { customType } from 'drizzle-orm/pg-core'
import type { PgCustomColumnBuilder } from 'drizzle-orm/pg-core'
import type { ValueOf } from './field-codec.ts'
import { refuseSealedFilters } from './sealed-filters.ts'
import type { SealedFields, SealedTable } from './sealed-table.ts'

/** A column that is sealed on its way to PostgreSQL and opened on its way back. */
type SealedColumn<T> = PgCustomColumnBuilder<{
  name: ''
  dataType: 'custom'
  columnType: 'PgCustomColumn'
  data: T
  driverParam: Uint8Array | string
  enumValues: undefined
}>

/** One maker of columns for each sealed field. */
export type SealedColumns<F extends SealedFields> = {
  readonly [K in keyof F]: (columnName?: string) => SealedColumn<ValueOf<F[K]>>
}

/**
 * Columns for drizzle's `pgTable`: `const sealed = sealedColumns(customers)`, then `email: sealed.email().notNull()`.
 * The name of a column in the database may be another; values are bound to the name of the field.
 */
export function sealedColumns<F extends SealedFields>(table: SealedTable<F>): SealedColumns<F> {
  const makers = Object.keys(table.fields).map((field: keyof F & string) => {
    const make = customType<{ data: unknown; driverData: unknown }>({
      dataType: () => table.stored,
      toDriver: (value) => table.sealValue(field, value),
      fromDriver: (stored) => table.openValue(field, stored),
    })
    return [field, (columnName?: string) => (columnName === undefined ? make() : make(columnName))]
  })
  return Object.freeze(Object.fromEntries(makers)) as SealedColumns<F>
}

/** drizzle's logger, as far as it matters here. */
interface DrizzleLogger {
  logQuery(query: string, params: unknown[]): void
}

/**
 * Refuses statements that compare a sealed column: `drizzle(pool, { logger: sealedFilterGuard() })`. Without it such a
 * filter finds nothing.
 *
 * @param next a logger of yours, which hears every statement that is let through
 */
export function sealedFilterGuard(next?: DrizzleLogger): DrizzleLogger {
  return {
    logQuery(query, params) {
      refuseSealedFilters(query, params)
      next?.logQuery(query, params)
    },
  }
}
