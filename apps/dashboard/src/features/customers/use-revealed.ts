import { useEffect, useState } from 'react'
import { call, type Data } from '../../shared/api/client.ts'
import { asFailure, type ApiFailure } from '../../shared/api/failure.ts'

type Revealed = Data<'POST /dashboard-api/customers/{userId}/reveal'>

/** Seconds for which personal data is shown in full. */
export const SHOWN_S = 60
const SECOND_MS = 1_000

/** A customer's data in full, for as long as it is shown. */
export interface Revealing {
  /** Undefined while it is masked. */
  readonly revealed: Revealed | undefined
  readonly secondsLeft: number
  readonly show: () => void
  readonly hide: () => void
  readonly busy: boolean
  readonly failure: ApiFailure | undefined
}

/**
 * Shows a customer's data for a minute, and not while nobody looks at the page. It is kept in this state alone, never
 * in the cache of queries, so that it is gone when it is hidden.
 */
export function useRevealed(userId: string): Revealing {
  const [shown, setShown] = useState<{ readonly data: Revealed; readonly until: number }>()
  const [secondsLeft, setSecondsLeft] = useState(SHOWN_S)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  useEffect(() => {
    if (!shown) return undefined
    const look = (): void => {
      const left = Math.ceil((shown.until - Date.now()) / SECOND_MS)
      if (left <= 0 || document.hidden) setShown(undefined)
      else setSecondsLeft(left)
    }
    const timer = setInterval(look, SECOND_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [shown])
  const show = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    try {
      const data = await call('POST /dashboard-api/customers/{userId}/reveal', { params: { userId } })
      setSecondsLeft(SHOWN_S)
      setShown({ data, until: Date.now() + SHOWN_S * SECOND_MS })
    } catch (error) {
      setFailure(asFailure(error))
    } finally {
      setBusy(false)
    }
  }
  return {
    revealed: shown?.data,
    secondsLeft,
    show: () => void show(),
    hide: () => setShown(undefined),
    busy,
    failure,
  }
}
