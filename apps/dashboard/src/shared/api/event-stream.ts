import { useEffect, useEffectEvent } from 'react'
import { call } from './client.ts'

/**
 * Listens to a stream of server-sent events while the page is open. When the server ends it for good, the session is
 * asked for: if that is over too, the page finds out so.
 *
 * @param onData gets the parsed data of each event of that name
 */
export function useEventStream(path: string, event: string, onData: (data: unknown) => void): void {
  const handle = useEffectEvent(onData)
  useEffect(() => {
    const source = new EventSource(path)
    source.addEventListener(event, (message) => handle(JSON.parse(String(message.data)) as unknown))
    source.addEventListener('error', () => {
      // While it is CONNECTING the browser tries again by itself.
      if (source.readyState === EventSource.CLOSED) call('GET /dashboard-api/session').catch(() => undefined)
    })
    return () => source.close()
  }, [path, event])
}
