import type { Role } from '@ucanpay/wire/dashboard/roles'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { createLink } from './links.ts'
import { findMember, type MemberRow } from './member.ts'

/** Who manages the team. */
export interface Manager {
  readonly role: Role
}

/** Nobody hands out, or touches, more than they are: owners alone make and change owners. @throws ApiError NOAUTH (403) */
export function requireMayManage(by: Manager, ...roles: readonly Role[]): void {
  if (by.role === 'owner' || !roles.includes('owner')) return
  throw new ApiError('NOAUTH', 'an owner is made and changed by owners alone', { status: 403 })
}

/**
 * Gives a member another role.
 *
 * @throws ApiError NOT_FOUND; NOAUTH (403) where it is above the manager; INVALID_REQUEST for the last owner
 */
export async function changeRole(
  tx: Tx,
  caller: Caller,
  { memberId, role, by }: { memberId: string; role: Role; by: Manager },
): Promise<void> {
  const member = await lockMember(tx, caller, memberId)
  requireMayManage(by, member.role, role)
  if (member.role === role) return
  if (member.role === 'owner') await requireAnotherOwner(tx, caller, memberId)
  await tx.query(`update members set role = $3 where merchant_id = $1 and member_id = $2`, [
    caller.merchantId,
    memberId,
    role,
  ])
  await recordAudit(tx, caller, { action: 'member.role-changed', target: memberId, before: member.role, after: role })
}

/**
 * Lets a member sign in no more, or again. One who never accepted an invitation is taken off the team.
 *
 * @throws ApiError NOT_FOUND; NOAUTH (403); INVALID_REQUEST for the last owner, and for oneself
 */
export async function setEnabled(
  tx: Tx,
  caller: Caller,
  { memberId, enabled, by }: { memberId: string; enabled: boolean; by: Manager },
): Promise<void> {
  const member = await lockMember(tx, caller, memberId)
  requireMayManage(by, member.role)
  if (memberId === caller.actor) throw new ApiError('INVALID_REQUEST', 'nobody shuts themselves out')
  if (!enabled && member.role === 'owner') await requireAnotherOwner(tx, caller, memberId)
  const status = enabled ? (member.passwordHash === null ? 'invited' : 'active') : 'disabled'
  if (status === member.status) return
  await tx.query(`update members set status = $3 where merchant_id = $1 and member_id = $2`, [
    caller.merchantId,
    memberId,
    status,
  ])
  await recordAudit(tx, caller, {
    action: enabled ? 'member.enabled' : 'member.disabled',
    target: memberId,
    before: member.status,
    after: status,
  })
}

/** A new invitation for one who has not accepted the last. @throws ApiError NOT_FOUND; INVALID_REQUEST where they have */
export async function inviteAgain(
  tx: Tx,
  caller: Caller,
  { memberId, by }: { memberId: string; by: Manager },
): Promise<string> {
  const member = await lockMember(tx, caller, memberId)
  requireMayManage(by, member.role)
  if (member.status !== 'invited') throw new ApiError('INVALID_REQUEST', 'the member has accepted already')
  await recordAudit(tx, caller, { action: 'member.invited', target: memberId, after: member.role })
  return createLink(tx, caller, { memberId, purpose: 'invitation' })
}

async function lockMember(tx: Tx, caller: Caller, memberId: string): Promise<MemberRow> {
  // All owners, and the member: two owners who remove each other take turns, and the second is refused.
  await tx.query(
    `select 1 from members where merchant_id = $1 and (member_id = $2 or role = 'owner') order by member_id for update`,
    [caller.merchantId, memberId],
  )
  return findMember(tx, caller, memberId)
}

async function requireAnotherOwner(tx: Tx, caller: Caller, memberId: string): Promise<void> {
  const others = await tx.query(
    `select 1 from members where merchant_id = $1 and role = 'owner' and status = 'active' and member_id <> $2 limit 1`,
    [caller.merchantId, memberId],
  )
  if (others.length === 0) throw new ApiError('INVALID_REQUEST', 'the last owner stays')
}
