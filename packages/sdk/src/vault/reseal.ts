import { UCanPayConfigError } from '../errors.ts'
import type { Bound, SealedTable } from './sealed-table.ts'
import type { Stored } from './sealed-value.ts'
import type { Vault } from './sealing.ts'
import type { PostgresQueries } from './subject-store.ts'

/** What is sealed anew, and how far it got. */
export interface ResealOptions {
  readonly vault: Vault
  /** What `pg`'s pool and client have. */
  readonly database: PostgresQueries
  /** The declared table; its fields are named like the columns. */
  readonly table: SealedTable
  /** The column that tells rows apart, with an index: `id` where absent. */
  readonly key?: string
  /** Where to go on: the `after` of the last progress. From the first row where absent. */
  readonly after?: unknown
  /** Rows at a time; 500 where absent. */
  readonly pageSize?: number
  /** Whose a row's values are, where they were sealed for an owner or a row. */
  readonly boundOf?: (key: unknown) => Bound
  readonly onProgress?: (progress: ResealProgress) => void
}

/** How far it got: keep `after`, and a run that was cut off goes on there. */
export interface ResealProgress {
  readonly rows: number
  readonly resealed: number
  readonly after: unknown
}

/**
 * After a new version of the key ring: seals anew what older versions sealed, page by page, while the shop is open. A
 * row that somebody changes meanwhile keeps what they wrote. Run it once more before a version is taken out: it then
 * says that nothing was left.
 *
 * @throws UCanPayConfigError for a name that is none; VaultError for a value that does not open
 * @see PCI DSS 3.7.4
 */
export async function resealAll(options: ResealOptions): Promise<ResealProgress> {
  const { database, table, key = 'id', pageSize = 500, onProgress } = options
  const columns = Object.keys(table.fields)
  const [name, id, ...fields] = [table.name.split('.').map(quoted).join('.'), quoted(key), ...columns.map(quoted)]
  const select = `select ${[id, ...fields].join(', ')} from ${name}`
  let progress: ResealProgress = { rows: 0, resealed: 0, after: options.after }
  for (;;) {
    const { after } = progress
    const { rows } =
      after === undefined
        ? await database.query(`${select} order by ${id} limit $1`, [pageSize])
        : await database.query(`${select} where ${id} > $2 order by ${id} limit $1`, [pageSize, after])
    for (const row of rows as Record<string, unknown>[]) {
      const resealed = progress.resealed + (await resealRow(row, { ...options, key }))
      progress = { rows: progress.rows + 1, resealed, after: row[key] }
    }
    onProgress?.(progress)
    if (rows.length < pageSize) return progress
  }
}

async function resealRow(
  row: Readonly<Record<string, unknown>>,
  { vault, database, table, key, boundOf }: ResealOptions & { readonly key: string },
): Promise<number> {
  let count = 0
  for (const column of Object.keys(table.fields)) {
    const old = row[column] as Stored | null
    if (old === null || !vault.needsReseal(old)) continue
    const bound = boundOf?.(row[key])
    const anew = table.sealValue(column, table.openValue(column, old, bound), bound)
    await database.query(
      `update ${table.name.split('.').map(quoted).join('.')} set ${quoted(column)} = $1
       where ${quoted(key)} = $2 and ${quoted(column)} = $3`,
      [anew, row[key], old],
    )
    count++
  }
  return count
}

function quoted(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) throw new UCanPayConfigError(`${name} is no name of a column.`)
  return `"${name}"`
}
