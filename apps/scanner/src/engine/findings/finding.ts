import type { Fix } from '../fix.ts'
import type { Severity } from '../severity.ts'

/** A place in a file, lines and columns from 1 in UTF-16 units; or an address, whose line is 0: it has no lines. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Another place that belongs to a finding: where the value came from, where it is used. */
export interface Related {
  readonly what: string
  readonly place: Place
}

/** One thing that was found. It holds no secret and no card number: `excerpt` is scrubbed and masked. */
export interface Finding {
  readonly ruleId: string
  readonly severity: Severity
  readonly message: string
  readonly place: Place
  /** The line, shortened, with what is secret in it masked. */
  readonly excerpt: string
  readonly related: readonly Related[]
  readonly fix?: Fix
  /** Stays the same when lines move; differs between two of the same text in one file. */
  readonly fingerprint: string
  /** The commit that it was found in, with `--history`. */
  readonly commit?: string
}

/** A place as people read it: `path:line:column`, or an address alone. */
export function placeWords({ path, line, column }: Place): string {
  return line === 0 ? path : `${path}:${line}:${column}`
}
