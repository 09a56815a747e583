import {
  AddPasskeyRequest,
  AddTotpData,
  AddTotpRequest,
  FactorAddedData,
  FactorList,
  FactorParams,
  Nothing,
  PasskeyOptions,
  RecoveryCodesData,
  TotpRequest,
} from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { FastifyRequest } from 'fastify'
import type { Tx } from '../../database/tx.ts'
import { findMember, openMembers } from '../../domain/members/member.ts'
import { ensureRecoveryCodes, listFactors, removeFactor, replaceRecoveryCodes } from '../../domain/sessions/factors.ts'
import { addPasskey, askForNewPasskey } from '../../domain/sessions/passkeys.ts'
import { markSecondFactor } from '../../domain/sessions/session.ts'
import { addTotp, confirmTotp } from '../../domain/sessions/totp.ts'
import type { App } from '../app.ts'
import type { SignInRouteDeps } from './sign-in.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

const path = '/dashboard-api/factors'

/** GET /dashboard-api/factors, POST …/totp, …/passkey, …/{factorId}/remove, /dashboard-api/recovery-codes. */
export function factorRoutes(app: App, deps: SignInRouteDeps): void {
  app.get(
    path,
    {
      config: { access: 'session', summary: "List one's second factors" },
      schema: { response: { 200: successReply(FactorList) } },
    },
    async (request) => {
      const { caller, memberId } = staffOf(request)
      const { items, recoveryCodesLeft } = await listFactors(deps.db, caller, memberId)
      return dashboardSuccess(request, {
        items: items.map(({ createdAt, lastUsedAt, ...factor }) => ({
          ...factor,
          createdAt: createdAt.toISOString(),
          ...(lastUsedAt ? { lastUsedAt: lastUsedAt.toISOString() } : {}),
        })),
        recoveryCodesLeft,
      })
    },
  )
  totpRoutes(app, deps)
  passkeyRoutes(app, deps)

  app.post(
    `${path}/:factorId/remove`,
    {
      config: { access: 'session', fresh: true, summary: 'Remove a second factor' },
      schema: { params: FactorParams, body: Nothing, response: { 200: successReply(Nothing) } },
    },
    async (request) => {
      const { caller, memberId } = staffOf(request)
      await deps.db.transaction((tx) => removeFactor(tx, caller, { memberId, ...request.params }))
      return dashboardSuccess(request, {})
    },
  )

  app.post(
    '/dashboard-api/recovery-codes',
    {
      config: { access: 'session', fresh: true, summary: 'Make new recovery codes' },
      schema: { body: Nothing, response: { 200: successReply(RecoveryCodesData) } },
    },
    async (request) => {
      const { caller, memberId } = staffOf(request)
      const codes = await deps.db.transaction((tx) => replaceRecoveryCodes({ ...deps, tx }, caller, memberId))
      return dashboardSuccess(request, { recoveryCodes: codes })
    },
  )
}

function totpRoutes(app: App, deps: SignInRouteDeps): void {
  app.post(
    `${path}/totp`,
    {
      config: { access: 'session', fresh: true, summary: 'Add an authenticator app' },
      schema: { body: AddTotpRequest, response: { 200: successReply(AddTotpData) } },
    },
    async (request) => {
      const { caller, memberId } = staffOf(request)
      const { email } = await profileOf(deps, request)
      return dashboardSuccess(request, await addTotp(deps, caller, { memberId, name: request.body.name, email }))
    },
  )

  app.post(
    `${path}/:factorId/confirm`,
    {
      config: { access: 'session', summary: 'Confirm it by its first code' },
      schema: { params: FactorParams, body: TotpRequest, response: { 200: successReply(FactorAddedData) } },
    },
    async (request) => {
      const { caller, memberId } = staffOf(request)
      const { factorId } = request.params
      const recoveryCodes = await deps.db.transaction(async (tx) => {
        await confirmTotp({ ...deps, tx }, caller, { memberId, factorId, code: request.body.code })
        return added(deps, tx, request)
      })
      return dashboardSuccess(request, { factorId, recoveryCodes })
    },
  )
}

function passkeyRoutes(app: App, deps: SignInRouteDeps): void {
  app.post(
    `${path}/passkey/options`,
    {
      config: { access: 'session', fresh: true, summary: 'Ask for a new passkey' },
      schema: { body: Nothing, response: { 200: successReply(PasskeyOptions) } },
    },
    async (request) => {
      const { caller, memberId, sessionId } = staffOf(request)
      const profile = await profileOf(deps, request)
      const of = { memberId, sessionId, ...profile }
      const options = await deps.db.transaction((tx) => askForNewPasskey({ ...deps, tx }, caller, of))
      return dashboardSuccess(request, { options })
    },
  )

  app.post(
    `${path}/passkey`,
    {
      config: { access: 'session', fresh: true, summary: 'Add a passkey' },
      schema: { body: AddPasskeyRequest, response: { 200: successReply(FactorAddedData) } },
    },
    async (request) => {
      const { caller, memberId, sessionId } = staffOf(request)
      const data = await deps.db.transaction(async (tx) => {
        const factorId = await addPasskey({ ...deps, tx }, caller, { memberId, sessionId, ...request.body })
        return { factorId, recoveryCodes: await added(deps, tx, request) }
      })
      return dashboardSuccess(request, data)
    },
  )
}

/** Whoever has just shown a new factor has given it in this session, too. */
async function added(deps: SignInRouteDeps, tx: Tx, request: FastifyRequest): Promise<string[]> {
  const { caller, memberId, sessionId } = staffOf(request)
  await markSecondFactor(tx, caller, sessionId)
  return ensureRecoveryCodes({ ...deps, tx }, caller, memberId)
}

async function profileOf(deps: SignInRouteDeps, request: FastifyRequest): Promise<{ email: string; name: string }> {
  const { caller, memberId } = staffOf(request)
  const [member] = await openMembers(deps, caller, [await findMember(deps.db, caller, memberId)])
  return { email: member?.email ?? '', name: member?.name ?? '' }
}
