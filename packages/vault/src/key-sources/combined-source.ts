import { KeySourceError, type KeyEncryption, type WrappedKey } from '../key-encryption.ts'
import type { KeyContext } from '../key-ring.ts'
import type { KeySource } from './key-source.ts'

/**
 * Several sources as one: `active` wraps, and whichever source gave a data key its name unwraps it. So a gateway moves
 * from one source to another without a stop: the one it had becomes a previous one until all keys are wrapped again.
 *
 * @throws KeySourceError where two sources name their keys alike: nothing would show which keys still wait
 */
export function combineSources(active: KeySource, previous: readonly KeySource[]): KeyEncryption {
  const sources = [active, ...previous]
  const prefixes = sources.map(({ prefix }) => prefix)
  const twice = prefixes.find((prefix, at) => prefixes.indexOf(prefix) !== at)
  if (twice !== undefined) {
    throw new KeySourceError(
      `two key sources both name their keys ${twice}…: merge two key rings into one, or give a key another name`,
    )
  }
  // The longest first: an alias of AWS KMS stands for any key of its account, and another source may name one of them.
  const byLength = sources.toSorted((one, other) => other.prefix.length - one.prefix.length)
  return Object.freeze({
    activeName: () => active.activeName(),
    wrap: (dataKey: Buffer, context: KeyContext) => active.wrap(dataKey, context),
    async unwrap(key: WrappedKey, context: KeyContext) {
      const source = byLength.find(({ prefix }) => key.wrappedBy.startsWith(prefix))
      if (source) return source.unwrap(key, context)
      throw new KeySourceError(
        `a data key was wrapped by ${key.wrappedBy}, and no configured source has it: add it to UCANPAY_PREVIOUS_KEY_SOURCES`,
      )
    },
  })
}
