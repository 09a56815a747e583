import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EnvelopeError } from './envelope-error.ts'

/** A data key's owner: what a wrapped key is bound to, so that it opens nowhere else. */
export interface KeyContext {
  readonly merchantId: string
  readonly purpose: string
  readonly keyId: string
}

/** The key-encryption keys, by version. */
export interface KeyRing {
  /** The version that wraps from now on. */
  readonly activeVersion: number
  /** Wraps a 32-byte data key: version (4 bytes), nonce (12), ciphertext (32), tag (16). */
  wrap(dataKey: Buffer, context: KeyContext): Buffer
  /** @throws EnvelopeError where the ring, the context or the bytes are not the ones that it was wrapped with */
  unwrap(wrapped: Buffer, context: KeyContext): Buffer
  /** True where another version than the active one wrapped it. */
  needsRewrap(wrapped: Buffer): boolean
}

const FORM = /^[A-Za-z0-9+/]{43}=$/
const NONCE_BYTES = 12
const TAG_BYTES = 16
const WRAPPED_BYTES = 4 + NONCE_BYTES + 32 + TAG_BYTES

/** The text of a new key ring with one random key. */
export function generateKeyRing(): string {
  return JSON.stringify({ active: 1, keys: [{ version: 1, key: randomBytes(32).toString('base64') }] }, null, 2)
}

/**
 * The text of a ring with one more random key, which wraps from now on; the others go on opening what they wrapped.
 *
 * @throws Error where the text is no key ring
 */
export function addRingVersion(text: string): { text: string; version: number } {
  parseKeyRing(text)
  const { keys } = JSON.parse(text) as { keys: { version: number; key: string }[] }
  const version = Math.max(...keys.map((entry) => entry.version)) + 1
  const added = { active: version, keys: [...keys, { version, key: randomBytes(32).toString('base64') }] }
  return { text: JSON.stringify(added, null, 2), version }
}

/**
 * The text of a ring without one of its keys.
 *
 * @throws Error where the version is the active one, or is not in the ring
 */
export function removeRingVersion(text: string, version: number): string {
  parseKeyRing(text)
  const { active, keys } = JSON.parse(text) as { active: number; keys: { version: number }[] }
  if (version === active) throw new Error('the active version of the key ring cannot be removed')
  if (!keys.some((entry) => entry.version === version)) throw new Error('the key ring has no such version')
  return JSON.stringify({ active, keys: keys.filter((entry) => entry.version !== version) }, null, 2)
}

/**
 * Reads a key ring: `{"active":1,"keys":[{"version":1,"key":"<base64 of 32 bytes>"}]}`.
 *
 * @throws Error that says what is wrong and never holds any of the text
 * @see PCI DSS 3.6.1, 3.7 (key versions, strength)
 */
export function parseKeyRing(text: string): KeyRing {
  const { active, keys } = readForm(text)
  const versions = new Map<number, Buffer>()
  for (const entry of keys) {
    const { version, key, ...others } = (entry ?? {}) as { version?: unknown; key?: unknown }
    if (Object.keys(others).length > 0) throw new Error('a key of the key ring has members that mean nothing')
    if (!Number.isInteger(version) || (version as number) < 1 || (version as number) > 0xffffffff) {
      throw new Error('a key of the key ring has no version')
    }
    if (versions.has(version as number)) throw new Error('two keys of the key ring have one version')
    const bytes = readKey(key)
    if ([...versions.values()].some((known) => known.equals(bytes)))
      throw new Error('two versions of the key ring are one key')
    versions.set(version as number, bytes)
  }
  if (!versions.has(active)) throw new Error("the key ring's active version is not in it")
  return createRing(versions, active)
}

function readForm(text: string): { active: number; keys: readonly unknown[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('the key ring is not JSON') // The parser's own words would quote the keys.
  }
  const { active, keys, ...others } = (value ?? {}) as Record<string, unknown>
  if (typeof active !== 'number' || !Array.isArray(keys) || Object.keys(others).length > 0) {
    throw new Error('the key ring is not of the form {"active":1,"keys":[…]}')
  }
  return { active, keys }
}

function readKey(text: unknown): Buffer {
  if (typeof text !== 'string' || !FORM.test(text)) throw new Error('a key of the key ring is not 32 bytes in base64')
  const key = Buffer.from(text, 'base64')
  // A random key repeats few of its bytes; one that a person made up, or zeros, repeats most of them.
  const ascii = key.every((byte) => byte >= 0x20 && byte < 0x7f)
  const counted = key.every((byte, at) => at === 0 || byte === ((key[at - 1] ?? 0) + 1) % 256)
  if (new Set(key).size < 16 || ascii || counted) throw new Error('a key of the key ring is not random')
  return key
}

function createRing(versions: ReadonlyMap<number, Buffer>, active: number): KeyRing {
  const keyOf = (version: number): Buffer => {
    const key = versions.get(version)
    if (!key) throw new EnvelopeError()
    return key
  }
  return Object.freeze({
    activeVersion: active,
    wrap(dataKey: Buffer, context: KeyContext) {
      if (dataKey.length !== 32) throw new RangeError('a data key has 32 bytes')
      const header = versionBytes(active)
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyOf(active), nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.concat([header, contextBytes(context)]))
      return Buffer.concat([header, nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()])
    },
    unwrap(wrapped: Buffer, context: KeyContext) {
      if (wrapped.length !== WRAPPED_BYTES) throw new EnvelopeError()
      const key = keyOf(wrapped.readUInt32BE(0))
      const nonce = wrapped.subarray(4, 4 + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.concat([wrapped.subarray(0, 4), contextBytes(context)]))
      decipher.setAuthTag(wrapped.subarray(-TAG_BYTES))
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(4 + NONCE_BYTES, -TAG_BYTES)), decipher.final()])
      } catch {
        throw new EnvelopeError()
      }
    },
    needsRewrap: (wrapped: Buffer) => wrapped.length !== WRAPPED_BYTES || wrapped.readUInt32BE(0) !== active,
  })
}

function versionBytes(version: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(version)
  return bytes
}

function contextBytes({ merchantId, purpose, keyId }: KeyContext): Buffer {
  return lengthPrefixed(['data-key', merchantId, purpose, keyId])
}

/**
 * Texts as bytes, each behind its length: no two lists give the same bytes.
 *
 * @throws RangeError for half a surrogate pair, which UTF-8 would write like any other half
 */
export function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      if (!part.isWellFormed()) throw new RangeError('the text is not well-formed')
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
