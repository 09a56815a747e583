import {
  Nothing,
  PasskeyOptions,
  PasskeyRequest,
  RecoveryRequest,
  SignInData,
  SignInRequest,
  TotpRequest,
} from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../domain/caller.ts'
import { judgeRecoveryCode } from '../../domain/sessions/factors.ts'
import { askForPasskey, judgePasskey, type RelyingParty } from '../../domain/sessions/passkeys.ts'
import {
  giveSecondFactor,
  signIn,
  type SecondStep,
  type SignedIn,
  type SignInDeps,
  type SignInPlace,
} from '../../domain/sessions/sign-in.ts'
import { judgeTotp } from '../../domain/sessions/totp.ts'
import type { App } from '../app.ts'
import { csrfTokenOf, sessionOf, setSessionCookie } from '../plugins/session-auth.ts'
import { deviceOf } from './device.ts'
import { dashboardSuccess } from './success.ts'

export interface SignInRouteDeps extends SignInDeps {
  readonly relyingParty: RelyingParty
}

type Exchange = readonly [FastifyRequest, FastifyReply]

/** A whole office may sit behind one address; whoever tries one account is stopped long before, by its lock. */
const LIMIT = { limit: 120, windowS: 60 }

/** POST /dashboard-api/sign-in: the first step. Every refusal is the same, and takes the same time. */
export function signInRoutes(app: App, deps: SignInRouteDeps): void {
  app.post(
    '/dashboard-api/sign-in',
    {
      config: { access: 'public', limit: LIMIT, summary: 'Sign in with address and password' },
      schema: { body: SignInRequest, response: { 200: successReply(SignInData) } },
    },
    async (request, reply) => answer(deps, [request, reply], await signIn(deps, request.body, placeOf(request))),
  )
  secondFactorRoutes(app, deps)
}

/** POST /dashboard-api/sign-in/totp, …/recovery, …/passkey: the second step. */
function secondFactorRoutes(app: App, deps: SignInRouteDeps): void {
  const give = async (exchange: Exchange, step: Pick<SecondStep, 'factor' | 'judge'>) => {
    const [request] = exchange
    const given = { ...step, session: sessionOf(request), place: placeOf(request) }
    return answer(deps, exchange, await giveSecondFactor(deps, given))
  }

  app.post(
    '/dashboard-api/sign-in/totp',
    {
      config: { access: 'session-pending', summary: 'Give a code of an authenticator app' },
      schema: { body: TotpRequest, response: { 200: successReply(SignInData) } },
    },
    (request, reply) => {
      const { memberId } = sessionOf(request)
      const { code } = request.body
      const judge: SecondStep['judge'] = (tx, caller) => judgeTotp({ ...deps, tx }, caller, { memberId, code })
      return give([request, reply], { factor: 'totp', judge })
    },
  )

  app.post(
    '/dashboard-api/sign-in/recovery',
    {
      config: { access: 'session-pending', summary: 'Give a recovery code' },
      schema: { body: RecoveryRequest, response: { 200: successReply(SignInData) } },
    },
    (request, reply) => {
      const { memberId } = sessionOf(request)
      const { code } = request.body
      const judge: SecondStep['judge'] = (tx, caller) => judgeRecoveryCode({ ...deps, tx }, caller, { memberId, code })
      return give([request, reply], { factor: 'recovery', judge })
    },
  )

  app.post(
    '/dashboard-api/sign-in/passkey/options',
    {
      config: { access: 'session-pending', summary: 'Ask for a passkey' },
      schema: { body: Nothing, response: { 200: successReply(PasskeyOptions) } },
    },
    async (request) => {
      const session = sessionOf(request)
      const caller = callerOf(request)
      const options = await deps.db.transaction((tx) => askForPasskey({ ...deps, tx }, caller, session))
      return dashboardSuccess(request, { options })
    },
  )

  app.post(
    '/dashboard-api/sign-in/passkey',
    {
      config: { access: 'session-pending', summary: 'Give a passkey' },
      schema: { body: PasskeyRequest, response: { 200: successReply(SignInData) } },
    },
    (request, reply) => {
      const { memberId, sessionId } = sessionOf(request)
      const { response } = request.body
      const judge: SecondStep['judge'] = (tx, caller) =>
        judgePasskey({ ...deps, tx }, caller, { memberId, sessionId, response })
      return give([request, reply], { factor: 'passkey', judge })
    },
  )
}

function answer({ pepper }: SignInDeps, [request, reply]: Exchange, { token, factors }: SignedIn) {
  setSessionCookie(reply, token)
  const next = factors.length > 0 ? ('second-factor' as const) : ('signed-in' as const)
  return dashboardSuccess(request, { next, factors: [...factors], csrfToken: csrfTokenOf(token, pepper) })
}

function placeOf(request: FastifyRequest): SignInPlace {
  return {
    requestId: request.id,
    ip: request.clientIp,
    device: deviceOf(request.headers['user-agent']),
    now: request.receivedAt,
  }
}

function callerOf(request: FastifyRequest): Caller {
  const { merchantId, mode, memberId } = sessionOf(request)
  return { merchantId, mode, actor: memberId, requestId: request.id, ip: request.clientIp, now: request.receivedAt }
}
