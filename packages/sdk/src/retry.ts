import { UCanPayCertificateError, UCanPayConnectionError, type UCanPayError } from './errors.ts'

const BASE_MS = 250
const LONGEST_MS = 8_000

/** A failure after which the same request may well succeed. */
export interface Failed {
  readonly error: UCanPayError
  /** Nothing of the request was sent, so that nothing can have come of it. */
  readonly unsent?: boolean | undefined
}

/**
 * True where asking again does no harm and may help: nothing was answered, the gateway is busy or broken.
 *
 * @param repeatable what is asked is done once however often it is asked; otherwise only what surely was not done is
 *   asked again
 */
export function isWorthRetrying({ error, unsent = false }: Failed, repeatable: boolean): boolean {
  if (error instanceof UCanPayCertificateError) return false
  if (error.status === 429 || error.msg === 'BIZERR_NEED_RETRY') return true
  if (error instanceof UCanPayConnectionError) return repeatable || unsent
  return repeatable && (error.status ?? 0) >= 500
}

/**
 * How long the gateway asks to wait: `Retry-After` in seconds or as a date, which is read against the answer's own
 * `Date`, so that a clock that is wrong here does not matter.
 *
 * @returns milliseconds; undefined where it says nothing that can be read
 * @see RFC 9110 §10.2.3
 */
export function readRetryAfter(retryAfter: string | undefined, date: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^[0-9]{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000
  const until = Date.parse(retryAfter)
  if (Number.isNaN(until)) return undefined
  const now = Date.parse(date ?? '')
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now))
}

/**
 * The pause before the next try: what the gateway asked for, else at random below a bound that doubles each time.
 *
 * @param attempt 0 after the first
 * @returns milliseconds
 */
export function pauseBefore(attempt: number, retryAfterMs: number | undefined): number {
  return retryAfterMs ?? Math.random() * Math.min(BASE_MS * 2 ** attempt, LONGEST_MS)
}
