import type { FileContext } from '../files/file-context.ts'
import type { FileKind } from '../files/file-kind.ts'
import type { Fix } from '../fix.ts'
import type { Severity } from '../severity.ts'

/** A file as a rule sees it. */
export interface ScannedFile {
  readonly path: string
  readonly text: string
  readonly kind: FileKind
  readonly contexts: ReadonlySet<FileContext>
}

/** Offsets in a text; of another file of the project where `path` says so. */
export interface Range {
  readonly start: number
  readonly end: number
  readonly path?: string
}

/** What a rule says about a place. */
export interface Report {
  readonly at: Range
  /** Where this one says it better than the rule's title. It must not repeat what is secret. */
  readonly message?: string
  /** Where this one is worth more, or less, than the rule says. */
  readonly severity?: Severity
  /** What must not be shown, within the line. What is well known as secret by its form is masked anyway. */
  readonly secret?: readonly Range[]
  readonly related?: readonly { readonly what: string; readonly at: Range }[]
  readonly fix?: Fix
}

/** A file in which a rule looks, and by which it reports. */
export interface FileScan {
  readonly file: ScannedFile
  report(report: Report): void
  /** Whether a file is there for one of these. */
  isFor(...contexts: readonly FileContext[]): boolean
  /** Whether an offset lies in a comment: of code, YAML, `.env`, Dockerfile, SQL, HTML. */
  isComment(offset: number): boolean
  /** The line that an offset is on. */
  lineAt(offset: number): string
  /** Whether the project has a file of this name in the file's folder, or in one above. */
  hasNear(name: string): boolean
}
