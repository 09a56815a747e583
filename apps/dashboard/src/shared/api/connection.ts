import type { Operations } from './schema.ts'

/** Who is signed in, and until when, by the server's own clock. */
export type SessionData = Operations['GET /dashboard-api/session']['data']

/**
 * What the client tells the session's keeper and asks of it. It is kept beside React, since a call can be made by
 * anything; the provider of the session puts itself in at its start.
 */
export interface Connection {
  /** The header X-CSRF-Token of every call that changes something; empty before anybody is signed in. */
  csrfToken: string
  /** The server knows no session any more. */
  onLost: () => void
  /** An answer told how the session stands. */
  onSession: (session: SessionData) => void
  /** Asks the member for the password. False where they would rather not. */
  reauthenticate: () => Promise<boolean>
}

/** The one connection of this page. */
export const connection: Connection = {
  csrfToken: '',
  onLost: () => undefined,
  onSession: () => undefined,
  reauthenticate: () => Promise.resolve(false),
}
