import type { Files } from '../modules/files.ts'
import { Project } from '../modules/project.ts'
import type { Finding } from '../findings/finding.ts'
import { fingerprints } from '../findings/fingerprint.ts'
import type { Rule } from '../rule.ts'
import { Evaluator } from '../values/evaluator.ts'
import { scanFile, type Surroundings } from './scan-file.ts'

/** What a scan of many files needs. */
export interface ScanInput {
  readonly files: Files
  readonly paths: readonly string[]
  readonly packages: ReadonlyMap<string, string>
  readonly rules: readonly Rule[]
  readonly onFile?: (done: number, total: number) => void
  /** A file that could not be looked through, which is a fault of the scanner. */
  readonly onProblem?: (path: string, error: Error) => void
}

/** Makes what the files of a project are scanned with. */
function surroundingsFor({ files, packages, rules }: Omit<ScanInput, 'paths' | 'onFile' | 'onProblem'>): Surroundings {
  const project = new Project(files, packages)
  const evaluator = new Evaluator((specifier, from) => project.imported(specifier, from))
  return { rules, project, evaluator }
}

/** Scans files one after the other. */
export function scanPaths(input: ScanInput): Finding[] {
  const surroundings = surroundingsFor(input)
  const found = input.paths.flatMap((path, index) => {
    const text = input.files.read(path)
    input.onFile?.(index + 1, input.paths.length)
    if (text === undefined) return []
    try {
      return scanFile(path, text, surroundings)
    } catch (error) {
      if (!input.onProblem) throw error
      input.onProblem(path, error as Error)
      return []
    }
  })
  return merged(found)
}

/** Findings of many files in order; what was come upon from several files once. */
function merged(found: readonly Finding[]): Finding[] {
  const byPlace = new Map<string, Finding>()
  for (const finding of found) {
    const { path, line, column } = finding.place
    const key = `${path} ${line} ${column} ${finding.ruleId}`
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
