/**
 * Asks once, and gives that answer for `keptMs`. Calls that come at once wait for one question; a failure is not kept.
 *
 * @param options.now milliseconds of a clock that never goes back
 */
export function keptAnswer<T>(
  options: { readonly keptMs: number; readonly now: () => number },
  ask: () => Promise<T>,
): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly askedAt: number } | undefined
  return () => {
    if (kept && options.now() - kept.askedAt < options.keptMs) return kept.answer
    const mine = { answer: ask(), askedAt: options.now() }
    kept = mine
    mine.answer.catch(() => {
      if (kept === mine) kept = undefined
    })
    return mine.answer
  }
}
