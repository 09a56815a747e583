import { tellTabs } from '../../shared/session/tabs.ts'
import { forgetAll } from '../query-client.ts'

/** Why somebody is at the sign-in page. */
export type LeavingReason = 'ended' | 'signed-out'

/**
 * Leaves for the sign-in page and throws everything away: what was read, and, since a new document is loaded, all
 * else that this one held. The way back is remembered only where the session ended by itself.
 */
export function leave(reason: LeavingReason, told = true): void {
  document.documentElement.classList.add('put-away')
  forgetAll()
  if (told) tellTabs('signed-out')
  const search = new URLSearchParams({ reason })
  if (reason === 'ended') search.set('next', location.pathname + location.search)
  location.replace(`/sign-in?${search.toString()}`)
}
