import { scrub } from '@ucanpay/redaction/scrub'

const LONGEST = 160
const SHOWN_AROUND = 60

/**
 * A line as it may be shown: what the rule calls secret is masked, then all that is secret by its form, then it is cut
 * around the place that matters.
 *
 * @param secrets offsets within the line
 */
export function excerptOf(
  line: string,
  secrets: readonly { readonly start: number; readonly end: number }[],
  column: number,
): string {
  let masked = line
  for (const { start, end } of [...secrets].sort((a, b) => b.start - a.start)) {
    const from = Math.max(0, start)
    const to = Math.min(line.length, end)
    if (from < to) masked = masked.slice(0, from) + maskOf(line.slice(from, to)) + masked.slice(to)
  }
  const from = masked.length <= LONGEST ? 0 : Math.max(0, Math.min(column - 1 - SHOWN_AROUND, masked.length - LONGEST))
  // Cut before it is scrubbed: a line of a million signs is not read for one excerpt.
  const cut = masked.slice(Math.max(0, from - 40), from + LONGEST + 40)
  const shown = scrub(cut).trim()
  return shown.length <= LONGEST ? shown : `${shown.slice(0, LONGEST)}…`
}

/** The first four signs, where there is enough behind them to stay hidden. */
function maskOf(secret: string): string {
  return secret.length >= 16 ? `${secret.slice(0, 4)}…[masked]` : '[masked]'
}
