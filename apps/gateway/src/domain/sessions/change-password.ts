import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import type { LinkDeps, Stranger } from '../members/accept-invitation.ts'
import { createLink, enqueueLink, findLink, spendLink } from '../members/links.ts'
import { findByEmail, findMember, openMembers, type MemberDeps } from '../members/member.ts'
import { isPassword, refuseGuessable, replacePassword } from '../members/passwords.ts'
import { clearAttempts, countAttempt } from './attempts.ts'
import { endSessionsOf, type Session } from './session.ts'

/**
 * Changes a member's own password. Every other session of theirs ends.
 *
 * @throws ApiError NOAUTH (403) where the old one is wrong; PARAM_ERROR where the new one is easily guessed, or one of
 *   the last four
 * @see PCI DSS 8.3.6, 8.3.7; OWASP ASVS 7.4
 */
export async function changePassword(
  deps: MemberDeps,
  caller: Caller,
  { session, password, newPassword }: { session: Session; password: string; newPassword: string },
): Promise<void> {
  const allowed = await countAttempt(deps.db, session.emailIndex, caller.now)
  const row = await findMember(deps.db, caller, session.memberId)
  if (!(await isPassword(password, row.passwordHash)) || !allowed)
    throw new ApiError('NOAUTH', 'the old password is not good', { status: 403 })
  const [member] = await openMembers(deps, caller, [row])
  refuseGuessable(newPassword, [member?.email ?? '', member?.name ?? '', row.merchantName])
  await deps.db.transaction(async (tx) => {
    await clearAttempts(tx, session.emailIndex)
    await writePassword(tx, caller, { memberId: session.memberId, password: newPassword, but: session.sessionId })
  })
}

/**
 * Makes a link to set a new password and leaves it for the worker to mail, where the address is a member's. Whether it is
 * shows in nothing: both take one round trip that writes and commits.
 */
export async function askForReset({ db, memberVault }: MemberDeps, email: string, stranger: Stranger): Promise<void> {
  const emailIndex = await memberVault.indexOf(email)
  await db.transaction(async (tx) => {
    const member = await findByEmail(tx, emailIndex)
    const now = stranger.now
    if (member?.status !== 'active') {
      await tx.query(
        `insert into sign_in_failures as f (email_index, failures_in_a_row, last_at) values ($1, 0, $2)
         on conflict (email_index) do update set last_at = $2`,
        [emailIndex, now],
      )
      return
    }
    const caller: Caller = { ...stranger, merchantId: member.merchantId, mode: 'test', actor: member.memberId }
    const linkId = await createLink(tx, caller, { memberId: member.memberId, purpose: 'password-reset' })
    await enqueueLink(tx, caller, linkId)
    await recordAudit(tx, caller, { action: 'member.password-reset-asked', target: member.memberId })
  })
}

/**
 * Sets a new password with a link that was mailed. Every session of the member ends, and the address is locked no more;
 * the second factor stays as it is.
 *
 * @throws ApiError NOT_FOUND for a link that is used, too old or unknown; PARAM_ERROR as `changePassword`
 */
export async function completeReset(
  deps: LinkDeps,
  { token, newPassword }: { token: string; newPassword: string },
  stranger: Stranger,
): Promise<void> {
  const { db, pepper } = deps
  const found = { token, purpose: 'password-reset', now: stranger.now } as const
  const { merchantId, memberId, linkId } = await findLink({ tx: db, pepper }, found)
  const caller: Caller = { ...stranger, merchantId, mode: 'test', actor: memberId }
  const row = await findMember(db, caller, memberId)
  const [member] = await openMembers(deps, caller, [row])
  const email = member?.email ?? ''
  refuseGuessable(newPassword, [email, member?.name ?? '', row.merchantName])
  const emailIndex = await deps.memberVault.indexOf(email)
  await db.transaction(async (tx) => {
    await spendLink(tx, caller, linkId)
    await clearAttempts(tx, emailIndex)
    await writePassword(tx, caller, { memberId, password: newPassword })
  })
}

async function writePassword(
  tx: Tx,
  caller: Caller,
  { memberId, password, but }: { memberId: string; password: string; but?: string },
): Promise<void> {
  await replacePassword(tx, caller, { memberId, password })
  await endSessionsOf(tx, caller, { memberId, ...(but === undefined ? {} : { but }) })
  await recordAudit(tx, caller, { action: 'member.password-changed', target: memberId })
}
