import { call } from '../../shared/api/client.ts'
import { dropEarly } from '../../shared/api/early-answers.ts'
import { hearTabs } from '../../shared/session/tabs.ts'
import { knownNow, type Known } from './time-left.ts'

let early: Promise<Known> | undefined
let known: Known | undefined
let overtaken = false

/**
 * Asks who is signed in while the rest of the page is still on its way. What another tab tells meanwhile, a sign-out
 * above all, may be later than the answers: all of them are thrown away, and nobody is shown anything of them.
 */
export function askSession(): Promise<void> {
  const asked = call('GET /dashboard-api/session').then(knownNow)
  early = asked
  hearTabs(() => {
    overtaken = true
    early = known = undefined
    dropEarly()
  })
  return asked.then(
    (answer) => {
      if (early === asked) known = answer
    },
    // Whoever takes the answer hears of a failure.
    () => undefined,
  )
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

/** Whether another tab had news before anybody listened to it: what was taken by then may not be so any more. */
export function wasOvertaken(): boolean {
  return overtaken
}
