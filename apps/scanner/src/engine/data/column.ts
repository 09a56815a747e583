/** A column of a table, or a field of a stored document. */
export interface Column {
  readonly table: string
  readonly name: string
  /** In lower case, as far as it is written: `varchar(19)`, `string`, `bytea`, `bytes`; empty where it is not. */
  readonly type: string
  readonly source: 'sql' | 'prisma' | 'typeorm' | 'sequelize' | 'mongoose' | 'knex' | 'drizzle'
  /** Offsets of its declaration, and of its name alone. */
  readonly start: number
  readonly end: number
  readonly nameStart: number
  readonly nameEnd: number
}

/** Parts of a name, in lower case: `cardNumber` and `card_number` are both `card number`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase()
}
