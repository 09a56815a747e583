import type { SessionData } from '../../shared/api/connection.ts'

/** What was known of a session at one moment, by the page's two clocks. */
export interface Known {
  readonly session: SessionData
  readonly wall: number
  readonly steady: number
}

/** Milliseconds before the end of the idle time at which a warning is shown: at 13 of 15 minutes. */
export const WARNING_MS = 120_000

/** Notes when an answer of the server's came. */
export function knownNow(session: SessionData): Known {
  return { session, wall: Date.now(), steady: performance.now() }
}

/**
 * How long the session still lasts: what the server said was left, less what has passed here since. The server's
 * times are compared with each other alone, so that a wrong clock here does not matter; of the two clocks here the
 * one that ran further counts, as the steady one stands still in some browsers while the machine sleeps.
 */
export function timeLeftMs(known: Known, now = { wall: Date.now(), steady: performance.now() }): number {
  const { idleEndsAt, endsAt, serverTime } = known.session
  const left = Math.min(Date.parse(idleEndsAt), Date.parse(endsAt)) - Date.parse(serverTime)
  return left - Math.max(now.wall - known.wall, now.steady - known.steady, 0)
}
