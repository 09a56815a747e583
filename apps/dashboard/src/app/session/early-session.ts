import { call } from '../../shared/api/client.ts'
import { knownNow, type Known } from './time-left.ts'

let early: Promise<Known> | undefined
let known: Known | undefined

/** Asks who is signed in while the rest of the page is still on its way. */
export function askSession(): Promise<Known> {
  early = call('GET /dashboard-api/session').then((session) => (known = knownNow(session)))
  // Whoever takes the answer hears of a failure.
  early.catch(() => undefined)
  return early
}

/** The answer that was asked for early, once: it grows old. */
export function takeEarlySession(): Promise<Known> | undefined {
  const taken = early
  early = known = undefined
  return taken
}

/** The same, where it has come already. */
export function takeKnown(): Known | undefined {
  const taken = known
  if (taken) early = known = undefined
  return taken
}
