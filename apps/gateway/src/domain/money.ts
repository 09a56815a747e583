/**
 * A share of an amount in hundredths of a per cent, rounded half up to whole minor units.
 *
 * The product is computed in integers that cannot overflow: 10^12 times 10^4 passes 2^53.
 *
 * @param amount minor units, not negative
 */
export function basisPointsOf(amount: number, basisPoints: number): number {
  return Number((BigInt(amount) * BigInt(basisPoints) + 5_000n) / 10_000n)
}
