import type { Sealed } from '@ucanpay/vault/sealed'
import type { Tx } from '../../database/tx.ts'
import type { KeyPurpose } from './data-keys.ts'

/**
 * Every column that holds something sensitive under a merchant's data key, and what a row of it is bound to. This is the
 * one place that says so: the types, the rotation and the test that walks the live schema all read it.
 */
export const SEALED_COLUMNS = {
  cards: { column: 'sealed_card', purpose: 'cards', id: 'card_token', modes: true },
  notification_secrets: { column: 'sealed_secret', purpose: 'secrets', id: 'secret_id', modes: true },
  members: { column: 'sealed_member', purpose: 'secrets', id: 'member_id', modes: false },
  payout_details: { column: 'sealed_details', purpose: 'secrets', id: 'details_id', modes: true },
  totp_factors: { column: 'sealed_secret', purpose: 'secrets', id: 'factor_id', modes: false },
} as const satisfies Readonly<Record<string, SealedColumnOf>>

interface SealedColumnOf {
  readonly column: string
  readonly purpose: KeyPurpose
  readonly id: string
  /** False where a row belongs to the merchant in both modes. */
  readonly modes: boolean
}

/** Columns of the table `customers` that are sealed under each customer's own key. */
const CUSTOMER_COLUMNS = ['sealed_email', 'sealed_name', 'sealed_phone', 'sealed_address'] as const

/** Every sealed column there is, as `table.column`. */
export const SEALED_COLUMN_NAMES: readonly string[] = [
  ...Object.entries(SEALED_COLUMNS).map(([table, { column }]) => `${table}.${column}`),
  ...CUSTOMER_COLUMNS.map((column) => `customers.${column}`),
]

export type SealedTable = keyof typeof SEALED_COLUMNS
type SealedColumn<Table extends SealedTable> = (typeof SEALED_COLUMNS)[Table]['column']

/** A row of such a table. In the sealed column a text, or bytes that nobody sealed, do not compile. */
export type SealedRow<Table extends SealedTable> = Readonly<Record<SealedColumn<Table>, Sealed>> &
  Readonly<Record<string, string | number | Date | null | Buffer>>

/** A name that may stand in SQL as it is. */
const NAME = /^[a-z][a-z0-9_]*$/

/**
 * Writes a row of a table that has a sealed column; the only way to write one. Its columns are the names of `row`.
 *
 * @throws RangeError for a name that is no column's, which only a programming error could bring
 */
export async function insertSealedRow<Table extends SealedTable>(
  tx: Tx,
  table: Table,
  row: SealedRow<Table>,
): Promise<void> {
  const names = Object.keys(row)
  if (!names.every((name) => NAME.test(name))) throw new RangeError('not the name of a column')
  const places = names.map((_name, at) => `$${at + 1}`)
  await tx.query(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')})`, Object.values(row))
}
