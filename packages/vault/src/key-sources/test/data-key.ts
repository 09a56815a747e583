import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { expect } from 'vitest'

/** The owner that the tests wrap for. */
export const context = { merchantId: 'M1', purpose: 'cards', keyId: 'dk_1' }

/** A data key that no error may quote. */
export const dataKey: Buffer = randomBytes(32)

/** The error that `asked` ends in, after a look at all that it holds: no data key, and none of `secrets`. */
export async function refusalOf(asked: Promise<unknown>, secrets: readonly string[] = []): Promise<Error> {
  const error = await asked.then(
    () => {
      throw new Error('it was not refused')
    },
    (reason: unknown) => reason as Error,
  )
  const told = inspect(error, { depth: 9, showHidden: true })
  for (const secret of [dataKey.toString('base64'), dataKey.toString('hex'), ...secrets]) {
    expect(told).not.toContain(secret)
  }
  return error
}

/** The bytes with one bit turned over. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}
