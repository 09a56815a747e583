import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { call } from '../../shared/api/client.ts'
import { connection } from '../../shared/api/connection.ts'
import { asFailure, type ApiFailure } from '../../shared/api/failure.ts'
import { ErrorState } from '../../shared/components/states.tsx'
import { SessionContext, type Session } from '../../shared/session/session-context.ts'
import { hearTabs, tellTabs } from '../../shared/session/tabs.ts'
import { forgetAll } from '../query-client.ts'
import { takeEarlySession, takeKnown, wasOvertaken } from './early-session.ts'
import { IdleWarning } from './idle-warning.tsx'
import { leave } from './leave.ts'
import { ReauthenticateDialog } from './reauthenticate-dialog.tsx'
import { knownNow, timeLeftMs, type Known } from './time-left.ts'

/**
 * Lets its children be seen only while the server says that somebody is signed in. At the start, and when the page
 * comes back after the session should have ended, it shows `cover` and asks first.
 */
export function SessionGate({
  children,
  cover,
}: {
  readonly children: ReactNode
  readonly cover: ReactNode
}): ReactNode {
  const { known, failure, ask } = useKnown()
  const session = useSessionOf(known)
  useOtherTabs(ask)
  useReturn(known, ask)
  if (failure)
    return (
      <main className="lone">
        <ErrorState failure={failure} onRetry={() => ask(true)} />
      </main>
    )
  if (!known || !session) return cover
  return (
    <SessionContext value={session}>
      {/* What belonged to the other mode, a dialog half filled in included, does not stay when the mode changes. */}
      <div key={`${session.memberId} ${session.mode}`} className="inside">
        {children}
      </div>
      <IdleWarning known={known} ask={ask} />
      <ReauthenticateDialog />
    </SessionContext>
  )
}

/** Asks how the session stands. `covered` hides everything until the answer has come. */
type Ask = (covered: boolean) => void

function useKnown(): { known: Known | undefined; failure: ApiFailure | undefined; ask: Ask } {
  const [known, setKnown] = useState(takeKnown)
  const knownAtStart = useRef(known !== undefined)
  const [failure, setFailure] = useState<ApiFailure>()
  const ask = useCallback<Ask>((covered) => {
    if (covered) setKnown(undefined)
    setFailure(undefined)
    const early = takeEarlySession()
    const asked = early ? early.then(setKnown) : call('GET /dashboard-api/session')
    asked.catch((error: unknown) => {
      const reason = asFailure(error)
      // Without an answer nothing is known; what is covered stays so, what is seen may be seen until its time is up.
      if (covered && reason.status !== 401) setFailure(reason)
      // An early answer came when nobody listened yet.
      if (early && reason.status === 401) connection.onLost()
    })
  }, [])
  useEffect(() => {
    connection.onSession = (session) => setKnown(knownNow(session))
    connection.onLost = () => leave('ended')
    if (wasOvertaken()) forgetAll()
    if (!knownAtStart.current || wasOvertaken()) ask(true)
    return () => {
      connection.onSession = () => undefined
      connection.onLost = () => undefined
    }
  }, [ask])
  return { known, failure, ask }
}

function useSessionOf(known: Known | undefined): Session | undefined {
  const navigate = useNavigate()
  return useMemo(() => {
    if (!known) return undefined
    const { session } = known
    return {
      ...session,
      may: (right) => session.rights.includes(right),
      switchMode: async (mode) => {
        await call('POST /dashboard-api/session/mode', { body: { mode } })
        forgetAll()
        tellTabs('mode')
        // A single payment or customer exists in one mode only; the list that it is in exists in both.
        const [, first = ''] = location.pathname.split('/')
        await navigate({ to: `/${first}`, search: {}, replace: true })
      },
      signOut: async () => {
        await call('POST /dashboard-api/sign-out')
        leave('signed-out')
      },
    }
  }, [known, navigate])
}

function useOtherTabs(ask: Ask): void {
  useEffect(
    () =>
      hearTabs((news) => {
        if (news === 'signed-out') leave('signed-out', false)
        else {
          // Another mode, or perhaps another member: nothing of before may be seen any more.
          forgetAll()
          ask(true)
        }
      }),
    [ask],
  )
}

/** A tab that is looked at again, e.g. after the machine has slept, asks before it shows what may have to be hidden. */
function useReturn(known: Known | undefined, ask: Ask): void {
  useEffect(() => {
    const look = (): void => {
      if (document.hidden || !known) return
      const over = timeLeftMs(known) <= 0
      if (over) forgetAll()
      ask(over)
    }
    document.addEventListener('visibilitychange', look)
    addEventListener('pageshow', look)
    addEventListener('focus', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      removeEventListener('pageshow', look)
      removeEventListener('focus', look)
    }
  }, [known, ask])
}
