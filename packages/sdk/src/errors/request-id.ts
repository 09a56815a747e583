import { randomBytes } from 'node:crypto'

/** Crockford's base 32, as the gateway's own ids have it: no letters that are taken for another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const OURS = /^req_[0-9a-hjkmnp-tv-z]{26}$/

const known = new WeakMap<object, string>()

/**
 * The id of a request, the same each time for the same object. A caller's own `X-Request-Id` is taken over where it is
 * of our form alone: anything else could forge lines of the log or carry somebody's data into it.
 */
export function requestIdFor(request: object, header: unknown): string {
  const id = known.get(request) ?? (typeof header === 'string' && OURS.test(header) ? header : newRequestId())
  known.set(request, id)
  return id
}

function newRequestId(): string {
  return `req_${Array.from(randomBytes(26), (byte) => ALPHABET.charAt(byte % 32)).join('')}`
}
