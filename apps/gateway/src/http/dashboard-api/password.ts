import {
  AcceptInvitationRequest,
  ChangePasswordRequest,
  CompletePasswordResetRequest,
  InvitationData,
  InvitationRequest,
  Nothing,
  PasswordResetRequest,
} from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { FastifyRequest } from 'fastify'
import { acceptInvitation, lookAtInvitation, type Stranger } from '../../domain/members/accept-invitation.ts'
import { askForReset, changePassword, completeReset } from '../../domain/sessions/change-password.ts'
import type { SignInDeps } from '../../domain/sessions/sign-in.ts'
import type { App } from '../app.ts'
import { sessionOf } from '../plugins/session-auth.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** Links are 256 bits, so this bounds the work and not the guessing. */
const LIMIT = { limit: 20, windowS: 60 }
const nothing = { 200: successReply(Nothing) }

/** POST /dashboard-api/password, and with a link that was mailed /password-reset/complete and /invitations/accept. */
export function passwordRoutes(app: App, deps: SignInDeps): void {
  app.post(
    '/dashboard-api/password',
    {
      config: { access: 'session', summary: "Change one's password" },
      schema: { body: ChangePasswordRequest, response: nothing },
    },
    async (request) => {
      await changePassword(deps, staffOf(request).caller, { session: sessionOf(request), ...request.body })
      return dashboardSuccess(request, {})
    },
  )

  app.post(
    '/dashboard-api/password-reset',
    {
      config: { access: 'public', limit: { limit: 5, windowS: 60 }, summary: 'Ask for a link to set a new password' },
      schema: { body: PasswordResetRequest, response: nothing },
    },
    (request) => {
      // Answered before anything is looked up: the time tells nobody whether the address is a member's.
      askForReset(deps, request.body.email, strangerOf(request)).catch((error: unknown) =>
        request.log.error({ err: error }, 'a password reset was not prepared'),
      )
      return dashboardSuccess(request, {})
    },
  )

  app.post(
    '/dashboard-api/password-reset/complete',
    {
      config: { access: 'public', limit: LIMIT, summary: 'Set a new password with a link' },
      schema: { body: CompletePasswordResetRequest, response: nothing },
    },
    async (request) => {
      await completeReset(deps, request.body, strangerOf(request))
      return dashboardSuccess(request, {})
    },
  )

  app.post(
    '/dashboard-api/invitations/look',
    {
      config: { access: 'public', limit: LIMIT, summary: 'Look at an invitation' },
      schema: { body: InvitationRequest, response: { 200: successReply(InvitationData) } },
    },
    async (request) => dashboardSuccess(request, await lookAtInvitation(deps, request.body.token, strangerOf(request))),
  )

  app.post(
    '/dashboard-api/invitations/accept',
    {
      config: { access: 'public', limit: LIMIT, summary: 'Accept an invitation' },
      schema: { body: AcceptInvitationRequest, response: nothing },
    },
    async (request) => {
      const { token, name, newPassword } = request.body
      await acceptInvitation(deps, { token, name, password: newPassword }, strangerOf(request))
      return dashboardSuccess(request, {})
    },
  )
}

function strangerOf(request: FastifyRequest): Stranger {
  return { requestId: request.id, ip: request.clientIp, now: request.receivedAt }
}
