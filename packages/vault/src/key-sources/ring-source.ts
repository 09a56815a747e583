import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError, type WrappedKey } from '../key-encryption.ts'
import { parseKeyRing, type KeyContext, type KeyRing } from '../key-ring.ts'
import { errorCode } from './error-code.ts'
import type { KeySource } from './key-source.ts'

interface RingText {
  readonly ring: KeyRing
  readonly versions: ReadonlySet<number>
}

const PREFIX = 'ring/'
const REREAD_MS = 2_000

/**
 * A key ring in a file or in the environment. A version that is added to it is used without a restart: its text is read
 * again at most once every 2 s before wrapping, and at once where a data key asks for a version that is not known yet.
 * A text that no longer parses, or that is gone, changes nothing: the last good one stays in use.
 *
 * @param read the text as it is now, for `parseKeyRing`
 * @param now milliseconds of a clock that never goes back
 * @throws KeySourceError where the first text cannot be read or used
 * @see PCI DSS 3.7.4 (key changes)
 */
export function ringSource(read: () => string, now: () => number = () => performance.now()): KeySource {
  let current = readRing(read)
  let readAt = now()

  const reread = (): void => {
    readAt = now()
    try {
      current = readRing(read)
    } catch (error) {
      // A file that is being written is half there for a moment. Payments go on with the keys that are known.
      if (!(error instanceof KeySourceError)) throw error
    }
  }
  const fresh = (): KeyRing => {
    if (now() - readAt >= REREAD_MS) reread()
    return current.ring
  }
  const holding = (version: number): KeyRing => {
    if (!current.versions.has(version)) reread()
    if (current.versions.has(version)) return current.ring
    throw new KeySourceError(
      `a data key was wrapped by ${PREFIX}${version}, which the key ring does not have: put that version back into it`,
    )
  }

  return Object.freeze({
    prefix: PREFIX,
    activeName: () => promised(() => nameOf(fresh().activeVersion)),
    wrap: (dataKey: Buffer, context: KeyContext) =>
      promised(() => {
        const ring = fresh()
        return { wrapped: ring.wrap(dataKey, context), wrappedBy: nameOf(ring.activeVersion) }
      }),
    unwrap: ({ wrapped, wrappedBy }: WrappedKey, context: KeyContext) =>
      promised(() => {
        if (wrapped.length < 4) throw new EnvelopeError()
        const version = wrapped.readUInt32BE(0)
        // The name is not under the seal; only one that tells the truth may decide whether a key waits to be rotated.
        if (wrappedBy !== nameOf(version)) throw new EnvelopeError()
        return holding(version).unwrap(wrapped, context)
      }),
  })
}

/** The port answers by promise, for the sources behind a network: here too, what is thrown is a rejection. */
function promised<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act()))
}

function nameOf(version: number): string {
  return `${PREFIX}${version}`
}

function readRing(read: () => string): RingText {
  let text: string
  try {
    text = read()
  } catch (error) {
    if (error instanceof KeySourceError) throw error
    throw new KeySourceError(`the key ring cannot be read (${errorCode(error)})`)
  }
  try {
    const ring = parseKeyRing(text)
    const { keys } = JSON.parse(text) as { keys: readonly { version: number }[] }
    return { ring, versions: new Set(keys.map(({ version }) => version)) }
  } catch (error) {
    throw new KeySourceError(error instanceof Error ? error.message : 'the key ring cannot be used')
  }
}
