import { createHash } from 'node:crypto'
import { parseKeyRing, type KeyRing } from '@ucanpay/vault/key-ring'
import { checkedForm, type RingForm } from './ring-text.ts'

/** A key ring as a vault uses it. */
export interface Ring {
  readonly active: number
  /** When the active version was added, in ms since 1970; undefined where the text does not say. */
  readonly addedAt: number | undefined
  /** Each version alone. */
  readonly versions: ReadonlyMap<number, KeyRing>
  /** A hash of each version's key, by which it is seen that one was exchanged. */
  readonly fingerprints: ReadonlyMap<number, string>
  readonly indexKey: Buffer | undefined
}

/**
 * Reads a ring's text.
 *
 * @throws UCanPayConfigError that says what is wrong and never holds any of the text
 */
export function readRing(text: string): Ring {
  const { active, keys, index, addedAt } = checkedForm(text)
  const alone = (entry: RingForm['keys'][number]): KeyRing =>
    parseKeyRing(JSON.stringify({ active: entry.version, keys: [entry] }))
  const fingerprint = (key: string): string => createHash('sha256').update(`ring-version:${key}`).digest('hex')
  const ring = Object.freeze({
    active,
    addedAt: addedAt === undefined ? undefined : Date.parse(addedAt),
    versions: new Map(keys.map((entry) => [entry.version, alone(entry)])),
    fingerprints: new Map(keys.map(({ version, key }) => [version, fingerprint(key)])),
    indexKey: index === undefined ? undefined : Buffer.from(index, 'base64'),
  })
  // The engine keeps the last text that any pattern matched: that was a key, and is nothing from here on.
  ''.search(/^/)
  return ring
}

/**
 * One text of what a source of keys hands over: a file comes in lines, and a variable is parted at its commas.
 */
export function joinRingText(parts: readonly string[]): string {
  const isOfLines = parts.some((part) => part.includes(','))
  return parts.join(isOfLines ? '\n' : ',')
}
