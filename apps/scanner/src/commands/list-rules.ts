import { ALL_CHECKS } from './all-checks.ts'

/** Prints every rule, a line each, by practice. */
export function listRules(): number {
  const width = Math.max(...ALL_CHECKS.map(({ id }) => id.length))
  const rows = [...ALL_CHECKS].sort((a, b) => a.practice - b.practice || (a.id < b.id ? -1 : 1))
  for (const { id, practice, severity, title } of rows) {
    process.stdout.write(`${String(practice).padStart(2)}  ${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}\n`)
  }
  return 0
}
