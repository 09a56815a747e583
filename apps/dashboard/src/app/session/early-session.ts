import { call } from '../../shared/api/client.ts'
import { knownNow, type Known } from './time-left.ts'

/** Pages of whoever is not signed in. */
const OUTSIDE = new Set(['/sign-in', '/forgotten-password', '/reset', '/invitation'])

let early: Promise<Known> | undefined

/** Asks who is signed in while the rest of the page is still on its way. Not on a page that anybody may see. */
export function askEarly(): void {
  if (OUTSIDE.has(location.pathname)) return
  early = call('GET /dashboard-api/session').then(knownNow)
  // Whoever takes the answer hears of a failure.
  early.catch(() => undefined)
}

/** The answer that was asked for early, once: it grows old. */
export function takeEarly(): Promise<Known> | undefined {
  const taken = early
  early = undefined
  return taken
}
