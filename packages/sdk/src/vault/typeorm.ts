import { UCanPayConfigError } from '../errors.ts'
import { refuseSealedFilters } from './sealed-filters.ts'
import type { SealedFields, SealedTable } from './sealed-table.ts'

/** Options of a column of TypeORM's, for `@Column` and for an EntitySchema. */
export interface SealedColumnOptions {
  readonly type: 'bytea' | 'text'
  readonly transformer: { to(value: unknown): unknown; from(stored: unknown): unknown }
}

/**
 * A column that is sealed on its way to the database and opened on its way back: `@Column(sealedColumn(customers,
 * 'email'))`, with `nullable` and the like beside: `{ ...sealedColumn(customers, 'born'), nullable: true }`. The name of
 * the column in the database may be another; values are bound to the name of the field.
 *
 * @throws UCanPayConfigError for a field that is not declared
 */
export function sealedColumn<F extends SealedFields>(
  table: SealedTable<F>,
  field: keyof F & string,
): SealedColumnOptions {
  if (!Object.hasOwn(table.fields, field)) {
    throw new UCanPayConfigError(`${table.name}.${field} is not declared as sealed.`)
  }
  return {
    type: table.stored,
    transformer: {
      to: (value) => table.sealValue(field, value),
      from: (stored) => table.openValue(field, stored),
    },
  }
}

/** TypeORM's logger, as far as it matters here. */
export interface TypeormLogger {
  logQuery(query: string, parameters?: unknown): unknown
  logQueryError(error: string | Error, query: string, parameters?: unknown): unknown
  logQuerySlow(time: number, query: string, parameters?: unknown): unknown
  logSchemaBuild(message: string): unknown
  logMigration(message: string): unknown
  log(level: 'log' | 'info' | 'warn', message: unknown): unknown
}

/**
 * Refuses statements that compare a sealed column: `new DataSource({ …, logger: sealedFilterGuard() })`. Without it such a
 * filter finds nothing, and a delete that was meant for some rows passes for done.
 *
 * @param next a logger of yours, which hears of everything that is let through; it sees no plaintext of sealed columns
 */
export function sealedFilterGuard(next?: TypeormLogger): TypeormLogger {
  return {
    logQuery(query, parameters) {
      if (Array.isArray(parameters)) refuseSealedFilters(query, parameters)
      return next?.logQuery(query, parameters)
    },
    logQueryError: (error, query, parameters) => next?.logQueryError(error, query, parameters),
    logQuerySlow: (time, query, parameters) => next?.logQuerySlow(time, query, parameters),
    logSchemaBuild: (message) => next?.logSchemaBuild(message),
    logMigration: (message) => next?.logMigration(message),
    log: (level, message) => next?.log(level, message),
  }
}
