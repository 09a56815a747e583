import type { Files } from '../../src/engine/modules/files.ts'
import { Project } from '../../src/engine/modules/project.ts'
import type { Finding } from '../../src/engine/findings/finding.ts'
import type { Rule } from '../../src/engine/rule.ts'
import { scanFile } from '../../src/engine/scan/scan-file.ts'
import { Evaluator } from '../../src/engine/values/evaluator.ts'

/** Scans texts as if they were the files of a project. */
export function scanTexts(texts: ReadonlyMap<string, string>, rules: readonly Rule[]): Finding[] {
  const files: Files = { has: (path) => texts.has(path), read: (path) => texts.get(path) }
  const project = new Project(files)
  const evaluator = new Evaluator((specifier, from) => project.imported(specifier, from))
  return [...texts].flatMap(([path, text]) => scanFile(path, text, { rules, project, evaluator }))
}
