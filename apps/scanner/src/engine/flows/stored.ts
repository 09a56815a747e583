import type { Node } from '../syntax/parse.ts'
import type { Outgoing } from './outgoing.ts'

/** A value that is put where it stays: a table, a document, a cache, a session. */
export interface Stored extends Outgoing {
  /** The call, or the assignment. */
  readonly node: Node
  /** Whether the database itself seals it: `pgp_sym_encrypt($1, …)`. */
  readonly sealedBySql?: boolean
}
