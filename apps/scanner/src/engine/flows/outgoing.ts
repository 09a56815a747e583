import type { Node } from '../syntax/parse.ts'
import type { Value } from '../values/value.ts'

/** A value, and the expression that it stands in. */
export interface Outgoing {
  readonly value: Value
  readonly valueNode: Node
  /** The only members that are kept where it goes to; absent where all are. */
  readonly keeps?: ReadonlySet<string>
}
