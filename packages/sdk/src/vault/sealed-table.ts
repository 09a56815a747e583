import { UCanPayConfigError } from '../errors.ts'
import type { BlindIndex, Normalize } from './blind-indexes.ts'
import { decodeField, encodeField, FIELD_KINDS, type FieldKind, type JsonField, type ValueOf } from './field-codec.ts'
import { nameOf, requirePlace, type Place } from './place.ts'
import { toSealedText, type Sealed, type SealedText, type Stored } from './sealed-value.ts'
import { VaultError } from './vault-error.ts'
import type { Sealing } from './sealing.ts'

export type { FieldKind, JsonField } from './field-codec.ts'

/** The sealed columns of a table, and what each holds. */
export type SealedFields = Readonly<Record<string, FieldKind>>

/** The sealed columns' plain values. */
export type PlainValues<F extends SealedFields> = { readonly [K in keyof F]?: ValueOf<F[K]> | null | undefined }

/** A row whose sealed columns are sealed: what SQL may see. */
export type SealedRow<F extends SealedFields, V, S extends Sealed | SealedText> = {
  [K in keyof V]: K extends keyof F ? S | Extract<V[K], null | undefined> : V[K]
}

/** A row whose sealed columns are open. */
export type OpenedRow<F extends SealedFields, R> = {
  [K in keyof R]: K extends keyof F ? ValueOf<F[K]> | Extract<R[K], null | undefined> : R[K]
}

/** A table, and how its sealed columns are kept. */
export interface SealedTableOptions<F extends SealedFields, T extends 'bytea' | 'text'> {
  readonly name: string
  /** The type of the columns in the database: `bytea` where absent. */
  readonly stored?: T
  /** The columns that are searched for equal values, and what counts as equal. */
  readonly indexes?: { readonly [K in keyof F]?: Normalize }
}

/** Whose the values are, and of which row: they then open there alone. */
export type Bound = Pick<Place, 'owner' | 'row'>

/** A table's sealed columns, declared once. */
export interface SealedTable<
  F extends SealedFields = SealedFields,
  S extends Sealed | SealedText = Sealed | SealedText,
> {
  readonly name: string
  readonly fields: F
  readonly stored: 'bytea' | 'text'
  /** Seals the declared columns of a row and leaves the others. @throws VaultError */
  seal<const V extends PlainValues<F>>(values: V, bound?: Bound): SealedRow<F, V, S>
  /** Opens the declared columns of a row and leaves the others. @throws VaultError */
  open<R extends { readonly [K in keyof F]?: Stored | null | undefined }>(row: R, bound?: Bound): OpenedRow<F, R>
  /** Seals one value; null and undefined stay what they are. @throws VaultError */
  sealValue(column: keyof F & string, value: unknown, bound?: Bound): S | null | undefined
  /** Opens one value; null and undefined stay what they are. @throws VaultError */
  openValue<K extends keyof F & string>(column: K, stored: unknown, bound?: Bound): ValueOf<F[K]> | null | undefined
  /** The blind index of a value, as `indexes` declares it for the column. @throws UCanPayConfigError, VaultError */
  index(column: keyof F & string, value: string): BlindIndex
  /** The same table under another key: a data subject's sealer. */
  under(sealing: Sealing): SealedTable<F, S>
}

/** Declares a field of JSON: `{ address: json<Address>() }`. */
export function json<T>(): JsonField<T> {
  return 'json'
}

/**
 * Declares which columns of a table are sealed, and what they hold.
 *
 * @param table its name; or with `stored: 'text'`, `indexes: { email: 'text' }`
 * @throws UCanPayConfigError for a column that may not be kept (a card's security code), or a kind that there is not
 * @see PCI DSS 3.3.1, 3.5.1
 */
export function sealedTable<const F extends SealedFields, T extends 'bytea' | 'text' = 'bytea'>(
  sealing: Sealing,
  table: string | SealedTableOptions<F, T>,
  fields: F,
): SealedTable<F, T extends 'text' ? SealedText : Sealed> {
  const options: SealedTableOptions<F, 'bytea' | 'text'> = typeof table === 'string' ? { name: table } : table
  const { name, stored = 'bytea', indexes = {} } = options
  for (const [column, kind] of Object.entries(fields)) {
    requirePlace({ table: name, column })
    if (!FIELD_KINDS.includes(kind))
      throw new UCanPayConfigError(`${name}.${column} is none of ${FIELD_KINDS.join(', ')}.`)
  }
  const declaration = { name, stored, fields: Object.freeze({ ...fields }), indexes }
  return new DeclaredTable(sealing, declaration) as unknown as SealedTable<F, T extends 'text' ? SealedText : Sealed>
}

interface Declaration {
  readonly name: string
  readonly stored: 'bytea' | 'text'
  readonly fields: SealedFields
  readonly indexes: Readonly<Record<string, Normalize | undefined>>
}

class DeclaredTable {
  readonly name: string
  readonly fields: SealedFields
  readonly stored: 'bytea' | 'text'
  readonly #sealing: Sealing
  readonly #declaration: Declaration

  constructor(sealing: Sealing, declaration: Declaration) {
    this.name = declaration.name
    this.fields = declaration.fields
    this.stored = declaration.stored
    this.#sealing = sealing
    this.#declaration = declaration
  }

  seal(values: Readonly<Record<string, unknown>>, bound?: Bound): Record<string, unknown> {
    return this.#eachField(values, (column, value) => this.sealValue(column, value, bound))
  }

  open(row: Readonly<Record<string, unknown>>, bound?: Bound): Record<string, unknown> {
    return this.#eachField(row, (column, value) => this.openValue(column, value, bound))
  }

  sealValue(column: string, value: unknown, bound?: Bound): Sealed | SealedText | null | undefined {
    if (value === null || value === undefined) return value
    const place = this.#place(column, bound)
    const kind = this.#kind(column)
    const text = encodeField(kind, value, place)
    const sealed =
      kind === 'dangerouslyCardNumber'
        ? this.#sealing.dangerouslySealCardNumber(place, text)
        : this.#sealing.seal(place, text)
    return this.stored === 'text' ? toSealedText(sealed) : sealed
  }

  openValue(column: string, stored: unknown, bound?: Bound): unknown {
    if (stored === null || stored === undefined) return stored
    const place = this.#place(column, bound)
    if (typeof stored !== 'string' && !(stored instanceof Uint8Array)) {
      throw new VaultError(`${nameOf(place)} does not hold a sealed value.`)
    }
    return decodeField(this.#kind(column), this.#sealing.open(place, stored))
  }

  index(column: string, value: string): BlindIndex {
    const normalize = this.#declaration.indexes[column]
    if (normalize === undefined) {
      throw new UCanPayConfigError(`Declare what is equal in ${this.name}.${column}: indexes: { ${column}: 'text' }.`)
    }
    return this.#sealing.index(this.#place(column), value, { normalize })
  }

  under(sealing: Sealing): DeclaredTable {
    return new DeclaredTable(sealing, this.#declaration)
  }

  #kind(column: string): FieldKind {
    const kind = Object.hasOwn(this.fields, column) ? this.fields[column] : undefined
    if (kind === undefined) throw new UCanPayConfigError(`${this.name}.${column} is not declared as sealed.`)
    return kind
  }

  #place(column: string, { owner, row }: Bound = {}): Place {
    return {
      table: this.name,
      column,
      ...(owner === undefined ? {} : { owner }),
      ...(row === undefined ? {} : { row }),
    }
  }

  #eachField(
    values: Readonly<Record<string, unknown>>,
    change: (column: string, value: unknown) => unknown,
  ): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(values).map(([column, value]) => [
        column,
        Object.hasOwn(this.fields, column) ? change(column, value) : value,
      ]),
    )
  }
}
