import { UCanPayConfigError } from '../errors.ts'

/** How long sessions live. Shorter is up to you; longer than the defaults is called what it is. */
export interface SessionLimits {
  /** Minutes without a request until a session ends: 15, or fewer (PCI DSS 8.2.8). */
  readonly idleMinutes?: number
  /** Hours until a session ends whatever is done: 12, or fewer. */
  readonly hours?: number
  /** More than 15 minutes: a browser that was left open is somebody else's for as long. */
  readonly dangerouslyLongIdleMinutes?: number
  /** More than 12 hours: a stolen cookie is of use for as long. */
  readonly dangerouslyLongHours?: number
}

const IDLE_MINUTES = 15
const HOURS = 12
const MINUTE_MS = 60_000

/** @throws UCanPayConfigError where a time is none, or longer than its name allows */
export function limitsOf(limits: SessionLimits): { readonly idleMs: number; readonly longestMs: number } {
  const { idleMinutes = IDLE_MINUTES, hours = HOURS } = limits
  refuseLonger('idleMinutes', idleMinutes, IDLE_MINUTES)
  refuseLonger('hours', hours, HOURS)
  const { dangerouslyLongIdleMinutes: idle = idleMinutes, dangerouslyLongHours: longest = hours } = limits
  refuseLonger('dangerouslyLongIdleMinutes', idle, Number.MAX_SAFE_INTEGER / MINUTE_MS)
  refuseLonger('dangerouslyLongHours', longest, 24 * 400) // Browsers forget a cookie after 400 days.
  return { idleMs: idle * MINUTE_MS, longestMs: longest * 60 * MINUTE_MS }
}

function refuseLonger(name: string, value: number, most: number): void {
  if (value > 0 && value <= most) return
  const rule = most > HOURS * 60 ? 'a number above 0' : `above 0, and ${most} at most`
  const longer = most > HOURS * 60 ? '' : ' Longer has a name that says so: see dangerouslyLong… in the documentation.'
  throw new UCanPayConfigError(`${name} has to be ${rule}.${longer}`)
}
