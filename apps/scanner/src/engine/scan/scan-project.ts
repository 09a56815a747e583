import type { Files } from '../modules/files.ts'
import { Project } from '../modules/project.ts'
import type { Finding } from '../findings/finding.ts'
import { fingerprints } from '../findings/fingerprint.ts'
import type { Rule } from '../rule.ts'
import { Evaluator } from '../values/evaluator.ts'
import { scanFile } from './scan-file.ts'

/** What was found from one file, and what that depends on. */
export interface FileResult {
  readonly path: string
  readonly findings: readonly Finding[]
  /** Other files of the project that were looked into on the way. */
  readonly dependencies: readonly string[]
  /** Of the file and its dependencies: what they import, and where it led. */
  readonly looks: readonly (readonly [from: string, specifier: string, to: string | undefined])[]
  /** Why it could not be looked through, which is a fault of the scanner. */
  readonly problem?: string
}

/** Scans the files of one project, one after the other, with what is known from those before. */
export class ProjectScan {
  readonly project: Project
  readonly #files: Files
  readonly #rules: readonly Rule[]
  readonly #evaluator: Evaluator

  /** @param packages folders of the project's own packages, by name */
  constructor(files: Files, packages: ReadonlyMap<string, string>, rules: readonly Rule[]) {
    this.#files = files
    this.#rules = rules
    this.project = new Project(files, packages)
    this.#evaluator = new Evaluator((specifier, from) => this.project.imported(specifier, from))
  }

  /** Scans a file. Never throws: what goes wrong is the file's `problem`. */
  scan(path: string): FileResult {
    const text = this.#files.read(path)
    if (text === undefined) return { path, findings: [], dependencies: [], looks: [] }
    try {
      this.#evaluator.nextFile()
      const surroundings = { rules: this.#rules, project: this.project, evaluator: this.#evaluator }
      const findings = scanFile(path, text, surroundings)
      const dependencies = this.project.dependenciesOf(path)
      const looks = [path, ...dependencies].flatMap((from) =>
        this.project.looksOf(from).map(([specifier, to]) => [from, specifier, to] as const),
      )
      return { path, findings, dependencies, looks }
    } catch (error) {
      return { path, findings: [], dependencies: [], looks: [], problem: (error as Error).stack ?? String(error) }
    }
  }
}

/** Findings of many files in order; what was come upon from several files once. */
export function merged(found: readonly Finding[]): Finding[] {
  const byPlace = new Map<string, Finding>()
  for (const finding of found) {
    const { path, line, column } = finding.place
    const key = `${finding.commit ?? ''} ${path} ${line} ${column} ${finding.ruleId}`
    const known = byPlace.get(key)
    byPlace.set(key, known ? { ...known, related: [...known.related, ...finding.related].slice(0, 8) } : finding)
  }
  const ordered = [...byPlace.values()].sort(inOrder)
  const marks = fingerprints(ordered.map(({ ruleId, place: { path }, excerpt }) => ({ ruleId, path, excerpt })))
  return ordered.map((finding, index) => ({ ...finding, fingerprint: marks[index] ?? '' }))
}

function inOrder(a: Finding, b: Finding): number {
  if (a.place.path !== b.place.path) return a.place.path < b.place.path ? -1 : 1
  return a.place.line - b.place.line || a.place.column - b.place.column || (a.ruleId < b.ruleId ? -1 : 1)
}
