import { createHash } from 'node:crypto'

/**
 * Gives each finding of a file its fingerprint: by rule, path and the masked line, so that lines may move; the second
 * of the same is told from the first by its number.
 */
export function fingerprints(found: readonly { ruleId: string; path: string; excerpt: string }[]): string[] {
  const counts = new Map<string, number>()
  return found.map(({ ruleId, path, excerpt }) => {
    const what = `${ruleId}\n${path}\n${excerpt.replace(/\s+/g, ' ')}`
    const number = (counts.get(what) ?? 0) + 1
    counts.set(what, number)
    return createHash('sha256').update(`${what}\n${number}`).digest('hex').slice(0, 20)
  })
}
