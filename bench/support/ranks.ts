/** The middle of a sample; of two middles the mean. @throws {RangeError} for an empty one */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  if (below === undefined || above === undefined) throw new RangeError('there is no median of nothing')
  return (below + above) / 2
}

/** What a rank test found. */
export interface RankTest {
  /** How many standard deviations the rank sum of the first sample is above what chance would give. */
  readonly z: number
  /** How probable it is to find that much by chance, two-sided. */
  readonly p: number
  /** How probable it is that one of the first sample is greater than one of the second; 0.5 tells nothing apart. */
  readonly superiority: number
}

/**
 * The Mann-Whitney test by its normal approximation, good from about 20 values each. Times have no ties worth correcting.
 *
 * @see H. B. Mann and D. R. Whitney, On a Test of Whether one of Two Random Variables is Stochastically Larger (1947)
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): RankTest {
  let wins = 0
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0
  const [n, m] = [first.length, second.length]
  const z = (wins - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  return { z, p: 2 * (1 - normalBelow(Math.abs(z))), superiority: wins / (n * m) }
}

/** The normal distribution's share below z ≥ 0; Abramowitz and Stegun 26.2.17, off by 7.5e-8 at most. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
}
