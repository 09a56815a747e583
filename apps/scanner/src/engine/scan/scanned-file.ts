import { commentsOf } from '../data/comments.ts'
import type { FileContext } from '../files/file-context.ts'
import { contextsOf } from '../files/file-context.ts'
import { kindOf } from '../files/file-kind.ts'
import { Lines } from '../files/lines.ts'
import { ignoreMarks, type IgnoreMark } from '../findings/suppressions.ts'
import type { ScannedFile } from './file-scan.ts'

/** A file on its way through the rules, with what all of them ask of it. */
export class OpenFile implements ScannedFile {
  readonly path: string
  readonly text: string
  readonly kind: ScannedFile['kind']
  readonly contexts: ReadonlySet<FileContext>
  #lines: Lines | undefined
  #comments: readonly { start: number; end: number }[] | undefined
  #marks: readonly IgnoreMark[] | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
    this.kind = kindOf(path)
    this.contexts = contextsOf(path, text)
  }

  get lines(): Lines {
    this.#lines ??= new Lines(this.text)
    return this.#lines
  }

  get marks(): readonly IgnoreMark[] {
    this.#marks ??= ignoreMarks(this.text, this.lines)
    return this.#marks
  }

  /** Comments as the parser found them, where there is a parser for this file. */
  useComments(comments: readonly { start: number; end: number }[]): void {
    this.#comments = [...comments, ...(this.kind === 'page' ? commentsOf(this.kind, this.text) : [])]
  }

  isComment(offset: number): boolean {
    this.#comments ??= commentsOf(this.kind, this.text)
    return this.#comments.some(({ start, end }) => start <= offset && offset < end)
  }
}
