import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

const LOOK_EVERY_MS = 200
/** The latest: what is asked for may never be answered, and whoever acts by then shall not wait. */
const LATEST_MS = 1_500

/**
 * Loads code that will be wanted next, e.g. a dialog, when the page stands and nobody waits for anything: what is asked
 * for has come, and the browser is idle. What cannot be loaded now is loaded, or fails in sight, when it is wanted.
 *
 * @param load the same function each time
 */
export function useWarmUp(load: () => Promise<unknown>): void {
  const client = useQueryClient()
  useEffect(() => {
    const begun = performance.now()
    const timer = setInterval(() => {
      if (client.isFetching() > 0 && performance.now() - begun < LATEST_MS) return
      clearInterval(timer)
      whenIdle(() => void load().catch(() => undefined))
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [client, load])
}

function whenIdle(act: () => void): void {
  // Safari had none for long.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(act, { timeout: LATEST_MS })
  else act()
}
