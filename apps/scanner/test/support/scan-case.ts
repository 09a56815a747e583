import type { Finding } from '../../src/engine/findings/finding.ts'
import type { Rule } from '../../src/engine/rule.ts'
import { merged, ProjectScan } from '../../src/engine/scan/scan-project.ts'

/** Scans texts as if they were the files of a project. @throws Error where the scanner itself fails */
export function scanTexts(texts: ReadonlyMap<string, string>, rules: readonly Rule[]): Finding[] {
  const files = { has: (path: string) => texts.has(path), read: (path: string) => texts.get(path) }
  const scan = new ProjectScan(files, new Map(), rules)
  const results = [...texts.keys()].map((path) => scan.scan(path))
  for (const { problem } of results) if (problem !== undefined) throw new Error(problem)
  return merged(results.flatMap(({ findings }) => findings))
}
