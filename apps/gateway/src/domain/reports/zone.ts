import { ApiError } from '../api-error.ts'

/**
 * A viewer's time zone, by its IANA name. An offset is refused: a browser never says one, and PostgreSQL reads its sign
 * the other way round.
 *
 * @returns UTC where there is none
 * @throws ApiError PARAM_ERROR for what is no zone
 */
export function requireZone(zone = 'UTC'): string {
  if (/^[A-Za-z]/.test(zone)) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
  }
  throw new ApiError('PARAM_ERROR', 'the zone is no IANA time zone', { failures: [{ pointer: '/zone', rule: 'zone' }] })
}
