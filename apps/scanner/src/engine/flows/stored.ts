import type { Node } from '../syntax/parse.ts'
import type { Value } from '../values/value.ts'

/** A value that is put where it stays: a table, a document, a cache, a session. */
export interface Stored {
  readonly value: Value
  /** The call, or the assignment. */
  readonly node: Node
  /** The expression of the value. */
  readonly valueNode: Node
  /** Whether the database itself seals it: `pgp_sym_encrypt($1, …)`. */
  readonly sealedBySql?: boolean
}
