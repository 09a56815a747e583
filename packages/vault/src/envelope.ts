import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DataKey } from './data-key.ts'
import { EnvelopeError } from './envelope-error.ts'
import { lengthPrefixed } from './key-ring.ts'
import type { Sealed } from './sealed.ts'

/** Where a sealed value belongs. It opens at this place and at no other. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly merchantId: string
  /** The row's identity. */
  readonly row: string
}

const VERSION = 1
const NONCE_BYTES = 12
const COMMITMENT_BYTES = 32
const TAG_BYTES = 16
const HEADER_BYTES = 1 + NONCE_BYTES + COMMITMENT_BYTES

/**
 * Seals a value with AES-256-GCM, bound to its place and committed to its key.
 *
 * The envelope: version (1 byte), random nonce (12), commitment (32), ciphertext, tag (16).
 *
 * @see NIST SP 800-38D §8.2.2 (random 96-bit nonces); PCI DSS 3.5.1
 */
export function seal(dataKey: DataKey, plaintext: string, place: Place): Sealed {
  const nonce = randomBytes(NONCE_BYTES)
  const header = Buffer.concat([Buffer.from([VERSION]), nonce])
  const associated = associatedBytes(header, place)
  const cipher = createCipheriv('aes-256-gcm', dataKey.encryption, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associated)
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([header, commit(dataKey, associated), ciphertext, cipher.getAuthTag()]) as Sealed
}

/** Opens what `seal` sealed. @throws EnvelopeError where the key, the place or any bit is another */
export function open(dataKey: DataKey, envelope: Buffer, place: Place): string {
  if (envelope.length < HEADER_BYTES + TAG_BYTES || envelope[0] !== VERSION) throw new EnvelopeError()
  const header = envelope.subarray(0, 1 + NONCE_BYTES)
  const associated = associatedBytes(header, place)
  const commitment = envelope.subarray(1 + NONCE_BYTES, HEADER_BYTES)
  if (!timingSafeEqual(commitment, commit(dataKey, associated))) throw new EnvelopeError()
  const decipher = createDecipheriv('aes-256-gcm', dataKey.encryption, header.subarray(1), { authTagLength: TAG_BYTES })
  decipher.setAAD(associated)
  decipher.setAuthTag(envelope.subarray(-TAG_BYTES))
  try {
    return decipher.update(envelope.subarray(HEADER_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new EnvelopeError()
  }
}

function associatedBytes(header: Buffer, { table, column, merchantId, row }: Place): Buffer {
  return Buffer.concat([header, lengthPrefixed([table, column, merchantId, row])])
}

function commit(dataKey: DataKey, associated: Buffer): Buffer {
  return createHmac('sha256', dataKey.commitment).update(associated).digest()
}
