import type { Role } from '@ucanpay/wire/dashboard/roles'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findLink, spendLink } from './links.ts'
import { findMember, openMembers, type MemberDeps } from './member.ts'
import { refuseGuessable, replacePassword } from './passwords.ts'

/** Who asks without being signed in. */
export type Stranger = Pick<Caller, 'requestId' | 'ip' | 'now'>

export interface LinkDeps extends MemberDeps {
  /** Hashes tokens; 32 bytes. */
  readonly pepper: Buffer
}

/** What an invitation is to. */
export interface Invitation {
  readonly merchantName: string
  readonly email: string
  readonly role: Role
}

/** Looks at an invitation without using it. @throws ApiError NOT_FOUND, the same for a used, an old and an unknown one */
export async function lookAtInvitation(deps: LinkDeps, token: string, stranger: Stranger): Promise<Invitation> {
  const { merchantName, email, role } = (await invited(deps, token, stranger)).member
  return { merchantName, email, role }
}

/**
 * Accepts an invitation: the member gets a name and a password, and signs in with it from now on.
 *
 * @throws ApiError NOT_FOUND; PARAM_ERROR for a password that is easily guessed
 */
export async function acceptInvitation(
  deps: LinkDeps,
  { token, name, password }: { token: string; name: string; password: string },
  stranger: Stranger,
): Promise<void> {
  const { caller, linkId, member } = await invited(deps, token, stranger)
  refuseGuessable(password, [member.email, name, member.merchantName])
  const { memberId, email } = member
  const { keyId, sealed } = await deps.memberVault.sealProfile(caller, memberId, { email, name })
  await deps.db.transaction(async (tx) => {
    await spendLink(tx, caller, linkId)
    await tx.query(`update members set key_id = $3, sealed_member = $4 where merchant_id = $1 and member_id = $2`, [
      caller.merchantId,
      memberId,
      keyId,
      sealed,
    ])
    await replacePassword(tx, caller, { memberId, password })
    await recordAudit(tx, caller, { action: 'member.joined', target: memberId, before: 'invited', after: 'active' })
  })
}

async function invited(deps: LinkDeps, token: string, stranger: Stranger) {
  const { db, pepper } = deps
  const { merchantId, memberId, linkId } = await findLink(
    { tx: db, pepper },
    { token, purpose: 'invitation', now: stranger.now },
  )
  const caller: Caller = { ...stranger, merchantId, mode: 'test', actor: memberId }
  const [member] = await openMembers(deps, caller, [await findMember(db, caller, memberId)])
  if (!member) throw new Error('a member that was found did not open')
  return { caller, linkId, member }
}
