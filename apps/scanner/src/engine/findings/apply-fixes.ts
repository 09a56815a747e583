import type { Edit } from '../fix.ts'
import type { Finding } from './finding.ts'

/** A text with what can be mended mended, and which findings that were; of edits that overlap, the first. */
export function applyFixes(text: string, findings: readonly Finding[]): { text: string; mended: Finding[] } {
  const taken: Edit[] = []
  const mended: Finding[] = []
  for (const finding of findings) {
    const { fix } = finding
    if (!fix || fix.edits.some((edit) => taken.some((other) => overlaps(edit, other)))) continue
    taken.push(...fix.edits)
    mended.push(finding)
  }
  let result = text
  for (const { start, end, text: inserted } of taken.sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + inserted + result.slice(end)
  }
  return { text: result, mended }
}

function overlaps(a: Edit, b: Edit): boolean {
  return a.start < b.end && b.start < a.end
}
