import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One file `NNNN_name.sql`. */
export interface Migration {
  readonly version: number
  /** The file's name without `.sql`, such as `0001_merchants`. */
  readonly name: string
  readonly sql: string
  /** Of the text with LF line ends, so that a checkout with other ones is no edit. */
  readonly sha256: string
}

/** A line that would end the migration's own transaction, and with it the promise that a failed one leaves nothing behind. */
const TRANSACTION_CONTROL = /^[ \t]*(begin|start|commit|rollback|abort)([ \t]+(work|transaction))?[ \t]*;/im

/**
 * Reads a folder of migrations in order.
 *
 * @throws Error where a name does not fit, a number is missing or used twice, or a file begins or ends transactions
 */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  if (names.length === 0) throw new Error(`There are no migrations in ${folder}.`)
  return names.sort().map((file, index) => readMigration(folder, file, index + 1))
}

function readMigration(folder: string, file: string, version: number): Migration {
  if (!/^[0-9]{4}_[a-z0-9_]+\.sql$/.test(file)) throw new Error(`${file} is not named like 0001_merchants.sql.`)
  if (Number(file.slice(0, 4)) !== version) {
    throw new Error(`${file} stands where number ${version} is due: migrations are numbered from 1 without gaps.`)
  }
  const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
  const control = TRANSACTION_CONTROL.exec(sql)?.[0]
  if (control !== undefined)
    throw new Error(`${file} says "${control.trim()}", and it is run in a transaction already.`)
  return { version, name: file.slice(0, -'.sql'.length), sql, sha256: createHash('sha256').update(sql).digest('hex') }
}
