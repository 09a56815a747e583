import { randomBytes, randomInt } from 'node:crypto'

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's, without the letters that look like digits.

/**
 * An identifier that sorts by time: the prefix, 10 characters of milliseconds, 16 of randomness (80 bits).
 *
 * @param prefix e.g. `req`, `att`; the result reads `req_…`
 */
export function newId(prefix: string, now: Date): string {
  let time = now.getTime()
  let stamp = ''
  for (let digit = 0; digit < 10; digit++) {
    stamp = BASE32.charAt(time % 32) + stamp
    time = Math.floor(time / 32)
  }
  let random = ''
  for (const byte of randomBytes(16)) random += BASE32.charAt(byte % 32)
  return `${prefix}_${stamp}${random}`
}

/**
 * A number for an order or a refund: 20 digits, 13 of milliseconds and 7 of randomness. Two of one merchant in one
 * millisecond meet once in ten million; the primary key refuses the second, and the caller's retry gets another.
 *
 * @see contract §4, ucpOrderNo ≤20 digits
 */
export function newGatewayNumber(now: Date): string {
  return String(now.getTime()).padStart(13, '0') + String(randomInt(10_000_000)).padStart(7, '0')
}

/** A merchant's number of an order or a refund, where the merchant gave none: 32 characters of [0-9A-Z]. */
export function newOutNumber(now: Date): string {
  return newId('UCP', now).replace('_', '').toUpperCase().padEnd(32, '0').slice(0, 32)
}
