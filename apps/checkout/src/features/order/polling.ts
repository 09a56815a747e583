const FIRST_MS = 1_000
const LONGEST_MS = 5_000

/** How long to wait before looking again: 1 s, then half as much more each time, 5 s at most. */
export function waitBefore(look: number): number {
  return Math.min(FIRST_MS * 1.5 ** look, LONGEST_MS)
}
