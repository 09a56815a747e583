import type { Right } from '@ucanpay/wire/dashboard/roles'
import { createContext, useContext } from 'react'
import type { SessionData } from '../api/connection.ts'

/** The session as pages see it. */
export interface Session extends SessionData {
  readonly may: (right: Right) => boolean
  readonly switchMode: (mode: 'test' | 'live') => Promise<void>
  readonly signOut: () => Promise<void>
}

/** Filled by the app, inside of which alone pages are shown that need somebody to be signed in. */
export const SessionContext = createContext<Session | undefined>(undefined)

/**
 * Who is signed in, in which mode, and what they may do.
 *
 * @throws {Error} outside the signed-in part of the app
 */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('nobody is signed in here')
  return session
}
