import { useEffect, useState } from 'react'
import { call, type Data } from '../../shared/api/client.ts'
import { asFailure, type ApiFailure } from '../../shared/api/failure.ts'

type Details = Data<'POST /dashboard-api/payout-details/reveal'>

const SHOWN_MS = 60_000

/**
 * Shows the details whole for a minute, and not while nobody looks at the page. They are in this state alone, never in
 * the cache of queries.
 */
export function useRevealedDetails(): {
  readonly details: Details | undefined
  readonly toggle: () => void
  readonly busy: boolean
  readonly failure: ApiFailure | undefined
} {
  const [details, setDetails] = useState<Details>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  useEffect(() => {
    if (!details) return undefined
    const hide = (): void => setDetails(undefined)
    const onHidden = (): void => {
      if (document.hidden) hide()
    }
    const timer = setTimeout(hide, SHOWN_MS)
    document.addEventListener('visibilitychange', onHidden)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onHidden)
    }
  }, [details])
  const show = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    try {
      setDetails(await call('POST /dashboard-api/payout-details/reveal', {}))
    } catch (error) {
      setFailure(asFailure(error))
    } finally {
      setBusy(false)
    }
  }
  const toggle = (): void => {
    if (details) setDetails(undefined)
    else void show()
  }
  return { details, toggle, busy, failure }
}
