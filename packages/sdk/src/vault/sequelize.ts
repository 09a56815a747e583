import { isSealed } from './sealed-value.ts'
import { sealedFilter } from './sealed-filters.ts'
import type { SealedFields, SealedTable } from './sealed-table.ts'

/** What a getter and a setter of Sequelize's have as `this`. */
interface Instance {
  getDataValue(field: string): unknown
  setDataValue(field: string, value: unknown): void
}

/** An attribute of a model that is sealed. */
export interface SealedAttribute {
  readonly type: SealedType
  get(this: Instance): unknown
  set(this: Instance, value: unknown): void
}

/** One attribute for each sealed field. */
export type SealedAttributes<F extends SealedFields> = { readonly [K in keyof F]: SealedAttribute }

/**
 * Attributes for `sequelize.define` and `Model.init`: `{ id: …, ...sealedAttributes(customers) }`, with `allowNull` and
 * the like beside: `{ ...sealedAttributes(customers).email, allowNull: false }`. A model holds sealed values and opens
 * them when they are read. A plaintext never reaches a statement: a filter over a sealed field is refused, and so is an
 * update without validation or hooks, which would go past the setters.
 */
export function sealedAttributes<F extends SealedFields>(table: SealedTable<F>): SealedAttributes<F> {
  const type = new SealedType(table.name, table.stored)
  const attributes = Object.keys(table.fields).map((field: keyof F & string): [string, SealedAttribute] => [
    field,
    {
      type,
      get() {
        return table.openValue(field, this.getDataValue(field))
      },
      set(value) {
        this.setDataValue(field, table.sealValue(field, value))
      },
    },
  ])
  return Object.freeze(Object.fromEntries(attributes)) as SealedAttributes<F>
}

/** A type of Sequelize's. What is written and what is compared both pass through it, so nothing unsealed gets by. */
class SealedType {
  readonly key = 'UCANPAY_SEALED'
  readonly dialectTypes = ''
  readonly #table: string
  readonly #sql: string

  constructor(table: string, stored: 'bytea' | 'text') {
    this.#table = table
    this.#sql = stored.toUpperCase()
  }

  toSql(): string {
    return this.#sql
  }

  toString(): string {
    return this.#sql
  }

  validate(): boolean {
    return true
  }

  /** For a value that is written into the statement. @throws VaultError where it is not sealed */
  stringify(value: unknown): string {
    return this.#sealed(value) as string // Sequelize writes bytes out by itself.
  }

  /** For a value that goes beside the statement. @throws VaultError where it is not sealed */
  bindParam(value: unknown, { bindParam }: { bindParam: (value: unknown) => unknown }): unknown {
    return bindParam(this.#sealed(value))
  }

  #sealed(value: unknown): unknown {
    if (isSealed(value)) return value
    throw sealedFilter(`a sealed column of ${this.#table}, or an update goes past its setters (validate, hooks)`)
  }
}
