/** For how long an act of the member's counts: a page that it leads to asks for its data within that time. */
const COUNTS_FOR_MS = 10_000

let lastAt = -Infinity
const note = (): void => {
  lastAt = performance.now()
}
addEventListener('pointerdown', note, { capture: true, passive: true })
addEventListener('keydown', note, { capture: true, passive: true })

/** Whether the member has just pressed or typed something: what the page asks for now, it asks for them. */
export function hasJustActed(): boolean {
  return performance.now() - lastAt < COUNTS_FOR_MS
}
