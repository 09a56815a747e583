import assert from 'node:assert'
import type { FastifyRequest } from 'fastify'
import type { Right, Role } from '@ucanpay/wire/dashboard/roles'
import type { Caller } from '../../domain/caller.ts'

/** Who is signed in: the caller that domain functions take, and what the member may do. */
export interface Staff {
  /** `actor` is the member's id. */
  readonly caller: Caller
  readonly sessionId: string
  readonly memberId: string
  readonly role: Role
  readonly rights: ReadonlySet<Right>
  /** True within 5 minutes of a sign-in or a re-authentication. */
  readonly fresh: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where `access` is `session`: what the member's role has to include; any member where absent. */
    right?: Right
    /** The member must have shown within 5 minutes that it is still them. */
    fresh?: boolean
    /** It changes or shows what belongs to both modes: of a merchant who is live, it needs a second factor. */
    merchantWide?: boolean
    /** Using it does not keep a session alive. */
    passive?: boolean
  }
  interface FastifyRequest {
    /** Set where the route's access is `session`. */
    staff: Staff | null
  }
}

/** The member of a route whose access is `session`; the plug-in has set it before a handler runs. */
export function staffOf(request: FastifyRequest): Staff {
  assert(request.staff, 'the route has no session')
  return request.staff
}
