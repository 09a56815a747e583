import { VaultError } from './vault-error.ts'

declare const sealedBrand: unique symbol

/** Bytes that only a vault makes, for a `bytea` column. A plaintext does not compile in their place. */
export type Sealed = Buffer & { readonly [sealedBrand]: 'bytes' }
/** The same for a `text` column: `ucs1:` and the bytes in base64url. */
export type SealedText = string & { readonly [sealedBrand]: 'text' }

/** What a driver gives back for a sealed column: bytes, the text form, or PostgreSQL's `\x…` where it came by JSON. */
export type Stored = Uint8Array | string

/** Whose key sealed a value: the ring's (1) or a data subject's own (2). It is the last byte of the mark. */
export type EnvelopeKind = 1 | 2

const MARK = Buffer.from('ucs')
const TEXT_MARK = 'ucs1:'
const WRAPPED_BYTES = 64
const HEADER_BYTES = MARK.length + 1 + WRAPPED_BYTES
/** Version, nonce, commitment and tag of the envelope inside. */
const INNER_BYTES = 61

/** A sealed value in its parts: `ucs`, the kind as a digit, the wrapped data key (64 bytes), the envelope. */
interface Parts {
  readonly kind: EnvelopeKind
  readonly wrapped: Buffer
  readonly inner: Buffer
}

/** Puts a sealed value together. */
export function joinSealed({ kind, wrapped, inner }: Parts): Sealed {
  return Buffer.concat([MARK, Buffer.from(String(kind)), wrapped, inner]) as Sealed
}

/**
 * Takes a sealed value apart.
 *
 * @param where names its place in the error
 * @throws VaultError where it is none, e.g. a plaintext that was stored before
 */
export function splitSealed(stored: Stored, where: string): Parts {
  const bytes = toBytes(stored)
  if (bytes === undefined || !hasMark(bytes)) {
    throw new VaultError(`${where} does not hold a sealed value. What was stored in the clear has to be sealed first.`)
  }
  return {
    kind: bytes[MARK.length] === 0x31 ? 1 : 2,
    wrapped: bytes.subarray(MARK.length + 1, HEADER_BYTES),
    inner: bytes.subarray(HEADER_BYTES),
  }
}

/** True where it has the form of a sealed value: it says nothing of whether it opens. */
export function isSealed(value: unknown): value is Sealed | SealedText {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return false
  const bytes = toBytes(value)
  return bytes !== undefined && hasMark(bytes)
}

/** The text form, for a column of type `text`. */
export function toSealedText(sealed: Sealed): SealedText {
  return `${TEXT_MARK}${sealed.toString('base64url')}` as SealedText
}

/** The version of the key ring that wrapped a data key. */
export function versionOf(wrapped: Buffer): number {
  return wrapped.readUInt32BE(0)
}

function toBytes(stored: Stored): Buffer | undefined {
  if (typeof stored !== 'string') return Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const [text, encoding] = stored.startsWith(TEXT_MARK)
    ? ([stored.slice(TEXT_MARK.length), 'base64url'] as const)
    : stored.startsWith('\\x')
      ? ([stored.slice(2), 'hex'] as const)
      : []
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, encoding)
  // Node.js reads past what is no base64 or hex: only the very text that these bytes have is taken.
  return bytes.toString(encoding) === text ? bytes : undefined
}

function hasMark(bytes: Buffer): boolean {
  const kind = bytes[MARK.length]
  return (
    bytes.length >= HEADER_BYTES + INNER_BYTES &&
    bytes.subarray(0, MARK.length).equals(MARK) &&
    (kind === 0x31 || kind === 0x32)
  )
}
