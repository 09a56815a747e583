/** Where a value can leave the program. */
export type SinkKind = 'log' | 'response' | 'mail' | 'chat' | 'url' | 'browser-storage' | 'file' | 'database'

/** A call by which something leaves the program. */
export interface SinkCall {
  readonly kind: SinkKind
  /** Of the path of its function. */
  readonly pattern: RegExp
  /** Which arguments go out; all where absent. */
  readonly args?: readonly number[]
  /** What the text of the first argument has to fit, or the names by which it is known. */
  readonly first?: RegExp
}
