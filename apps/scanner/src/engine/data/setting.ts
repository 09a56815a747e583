/** One setting in a configuration file, or a variable that a command or the code itself sets. */
export interface Setting {
  /** The last part of its path: `NODE_TLS_REJECT_UNAUTHORIZED`, `sslmode`. */
  readonly name: string
  /** All parts, outermost first; list indexes are left out. */
  readonly path: readonly string[]
  /** As text, without quotes: `false`, `0`, `disable`. */
  readonly value: string
  /** What it is written in. */
  readonly source: 'env' | 'dockerfile' | 'yaml' | 'json' | 'ini' | 'shell' | 'code'
  /** Offsets of the whole entry, and of its value alone. */
  readonly start: number
  readonly end: number
  readonly valueStart: number
  readonly valueEnd: number
}
