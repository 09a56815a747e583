import { tellTabs } from '../../shared/session/tabs.ts'

/**
 * Goes to where somebody wanted to be, as a new document: nothing of the sign-in stays in memory.
 *
 * @param next an address of our own; anything else, which a link could bring along, leads to the start
 */
export function goOn(next: string | undefined): void {
  tellTabs('signed-in')
  follow(next)
}

/** The same where another tab has signed in, and told of it already. */
export function follow(next: string | undefined): void {
  const target = new URL(next ?? '/', location.origin)
  const ours = target.origin === location.origin && target.pathname !== '/sign-in'
  location.replace(ours ? target.pathname + target.search : '/')
}
