import type { FileContext } from '../files/file-context.ts'
import { Lines } from '../files/lines.ts'
import { excerptOf } from '../findings/excerpt.ts'
import type { Finding, Place } from '../findings/finding.ts'
import { fingerprints } from '../findings/fingerprint.ts'
import { ignoreMarks, isIgnored } from '../findings/suppressions.ts'
import type { Project } from '../modules/project.ts'
import type { Rule } from '../rule.ts'
import type { FileScan, Range, Report } from './file-scan.ts'
import type { OpenFile } from './scanned-file.ts'

type Found = Omit<Finding, 'fingerprint'>

/** Collects what rules report of a file and makes findings of it: in order, each place once, what is accepted left out. */
export class Reports {
  readonly #file: OpenFile
  readonly #project: Project
  readonly #found = new Map<string, Found>()
  readonly #others = new Map<string, { text: string; lines: Lines } | undefined>()

  constructor(file: OpenFile, project: Project) {
    this.#file = file
    this.#project = project
  }

  /** The file as one rule sees it. */
  scanOf(rule: Rule): FileScan {
    const file = this.#file
    return {
      file,
      report: (report) => this.#add(rule, report),
      isFor: (...contexts: readonly FileContext[]) => contexts.some((context) => file.contexts.has(context)),
      isComment: (offset) => file.isComment(offset),
      lineAt: (offset) => file.lines.text(file.lines.position(offset).line),
      hasNear: (name) => this.#project.hasNear(name, file.path),
    }
  }

  findings(): Finding[] {
    const found = [...this.#found.values()].sort(
      (a, b) => a.place.line - b.place.line || a.place.column - b.place.column || (a.ruleId < b.ruleId ? -1 : 1),
    )
    const marks = fingerprints(found.map(({ ruleId, place: { path }, excerpt }) => ({ ruleId, path, excerpt })))
    return found.map((each, index) => ({ ...each, fingerprint: marks[index] ?? '' }))
  }

  #add(rule: Rule, { at, message, severity, secret = [], related = [], fix }: Report): void {
    const source = this.#sourceOf(at)
    const place = this.#placeOf(at)
    if (!source || !place) return
    const key = `${rule.id} ${place.path} ${place.line} ${place.column}`
    if (this.#found.has(key)) return
    const marks = source.lines === this.#file.lines ? this.#file.marks : ignoreMarks(source.text, source.lines)
    if (isIgnored(marks, rule.id, place.line)) return
    const lineStart = source.lines.start(place.line)
    const hidden = secret.map(({ start, end }) => ({ start: start - lineStart, end: end - lineStart }))
    this.#found.set(key, {
      ruleId: rule.id,
      severity: severity ?? rule.severity,
      message: message ?? rule.title,
      place,
      excerpt: excerptOf(source.lines.text(place.line), hidden, place.column),
      related: related.flatMap(({ what, at: there }) => {
        const other = this.#placeOf(there)
        return other ? [{ what, place: other }] : []
      }),
      ...(fix ? { fix } : {}),
    })
  }

  #placeOf(range: Range): Place | undefined {
    const source = this.#sourceOf(range)
    if (!source) return undefined
    const start = source.lines.position(range.start)
    const end = source.lines.position(Math.max(range.start, range.end))
    return {
      path: range.path ?? this.#file.path,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    }
  }

  #sourceOf({ path }: Range): { text: string; lines: Lines } | undefined {
    if (path === undefined || path === this.#file.path) return this.#file
    if (!this.#others.has(path)) {
      const text = this.#project.files.read(path)
      this.#others.set(path, text === undefined ? undefined : { text, lines: new Lines(text) })
    }
    return this.#others.get(path)
  }
}
