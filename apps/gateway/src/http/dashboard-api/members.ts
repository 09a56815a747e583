import {
  ChangeRoleRequest,
  InviteMemberRequest,
  MemberList,
  MemberParams,
  MemberRow,
  Nothing,
} from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { inviteMember } from '../../domain/members/invite-member.ts'
import { enqueueLink } from '../../domain/members/links.ts'
import { changeRole, inviteAgain, requireMayManage, setEnabled } from '../../domain/members/manage-member.ts'
import {
  findMember,
  hasSecondFactor,
  listMembers,
  openMembers,
  type Member,
  type MemberDeps,
} from '../../domain/members/member.ts'
import { endSessionsOf } from '../../domain/sessions/session.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

const path = '/dashboard-api/members'
const reply = { 200: successReply(MemberRow) }

/** GET, POST /dashboard-api/members, and what is done with one of them: the merchant's team. */
export function memberRoutes(app: App, deps: MemberDeps): void {
  app.get(
    path,
    {
      config: { access: 'session', right: 'members:read', summary: 'List the team' },
      schema: { response: { 200: successReply(MemberList) } },
    },
    async (request) => {
      const members = await listMembers(deps, staffOf(request).caller)
      return dashboardSuccess(request, { items: members.map(memberRow) })
    },
  )

  app.post(
    path,
    {
      config: {
        access: 'session',
        right: 'members:write',
        fresh: true,
        merchantWide: true,
        summary: 'Invite somebody',
      },
      schema: { body: InviteMemberRequest, response: reply },
    },
    async (request) => {
      const { caller, role } = staffOf(request)
      requireMayManage({ role }, request.body.role)
      const { memberId } = await inviteMember(deps, caller, { ...request.body, byMail: true })
      return answer(deps, request, memberId)
    },
  )

  app.post(
    `${path}/:memberId/invite-again`,
    {
      config: {
        access: 'session',
        right: 'members:write',
        fresh: true,
        merchantWide: true,
        summary: 'Send the invitation again',
      },
      schema: { params: MemberParams, body: Nothing, response: reply },
    },
    async (request) => {
      const { caller, role } = staffOf(request)
      const { memberId } = request.params
      await deps.db.transaction(async (tx) => {
        await enqueueLink(tx, caller, await inviteAgain(tx, caller, { memberId, by: { role } }))
      })
      return answer(deps, request, memberId)
    },
  )
  changeRoutes(app, deps)
}

/** Whatever changes what a member may do ends their sessions: the next one begins with the new rights. */
function changeRoutes(app: App, deps: MemberDeps): void {
  app.post(
    `${path}/:memberId/role`,
    {
      config: { access: 'session', right: 'members:write', fresh: true, merchantWide: true, summary: 'Change a role' },
      schema: { params: MemberParams, body: ChangeRoleRequest, response: reply },
    },
    async (request) => {
      const { caller, role: by } = staffOf(request)
      const { memberId } = request.params
      await deps.db.transaction(async (tx) => {
        await changeRole(tx, caller, { memberId, role: request.body.role, by: { role: by } })
        await endSessionsOf(tx, caller, { memberId })
      })
      return answer(deps, request, memberId)
    },
  )

  const setTo = async (request: FastifyRequest, memberId: string, enabled: boolean) => {
    const { caller, role } = staffOf(request)
    await deps.db.transaction(async (tx) => {
      await setEnabled(tx, caller, { memberId, enabled, by: { role } })
      await endSessionsOf(tx, caller, { memberId })
    })
    return answer(deps, request, memberId)
  }
  const schema = { params: MemberParams, body: Nothing, response: reply }
  app.post(
    `${path}/:memberId/disable`,
    {
      config: {
        access: 'session',
        right: 'members:write',
        fresh: true,
        merchantWide: true,
        summary: 'Let a member sign in no more',
      },
      schema,
    },
    (request) => setTo(request, request.params.memberId, false),
  )
  app.post(
    `${path}/:memberId/enable`,
    {
      config: {
        access: 'session',
        right: 'members:write',
        fresh: true,
        merchantWide: true,
        summary: 'Let a member sign in again',
      },
      schema,
    },
    (request) => setTo(request, request.params.memberId, true),
  )
}

async function answer(deps: MemberDeps, request: FastifyRequest, memberId: string) {
  const { caller } = staffOf(request)
  const [member] = await openMembers(deps, caller, [await findMember(deps.db, caller, memberId)])
  if (!member) throw new Error('a member that was found did not open')
  return dashboardSuccess(request, memberRow(member))
}

function memberRow(member: Member): Static<typeof MemberRow> {
  const { memberId, email, name, role, status, createdAt, lastSignInAt } = member
  return {
    memberId,
    email,
    name,
    role,
    status,
    hasSecondFactor: hasSecondFactor(member),
    createdAt: createdAt.toISOString(),
    ...(lastSignInAt ? { lastSignInAt: lastSignInAt.toISOString() } : {}),
  }
}
