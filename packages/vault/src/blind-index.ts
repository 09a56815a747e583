import { createHmac } from 'node:crypto'
import { lengthPrefixed } from './key-ring.ts'

/** What a blind index is of. The same value at another place has another index. */
export interface IndexedPlace {
  readonly table: string
  readonly column: string
  readonly merchantId: string
}

/**
 * A keyed hash by which a sealed value is found without being read: HMAC-SHA-256, 32 bytes. It finds equal values and
 * nothing else; who has the database and not the key cannot try values on it.
 *
 * @param key 32 bytes, for this use alone
 * @param value as the caller normalises it: what is to be found as one has to be one text
 * @see PCI DSS 3.5.1.1
 */
export function blindIndex(key: Buffer, value: string, { table, column, merchantId }: IndexedPlace): Buffer {
  return createHmac('sha256', key)
    .update(lengthPrefixed(['blind-index', table, column, merchantId, value]))
    .digest()
}
