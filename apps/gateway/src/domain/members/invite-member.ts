import type { Role } from '@ucanpay/wire/dashboard/roles'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'
import { createLink, enqueueLink } from './links.ts'
import type { MemberDeps } from './member.ts'

/**
 * Makes a member who is yet to set a password, and the link to do so.
 *
 * @param byMail the worker mails the link; else whoever asked mints its token and hands it out
 * @throws ApiError OUT_TRADE_NO_USED where the address is a member already, of this merchant or another
 */
export async function inviteMember(
  { db, memberVault }: MemberDeps,
  caller: Caller,
  { email, role, byMail }: { email: string; role: Role; byMail: boolean },
): Promise<{ memberId: string; linkId: string }> {
  const memberId = newId('mem', caller.now)
  const emailIndex = await memberVault.indexOf(email)
  const { keyId, sealed } = await memberVault.sealProfile(caller, memberId, { email: email.trim(), name: '' })
  return db.transaction(async (tx) => {
    const [taken] = await tx.query(`select 1 from members where email_index = $1`, [emailIndex])
    if (taken) throw new ApiError('OUT_TRADE_NO_USED', 'the address is a member already')
    await insertSealedRow(tx, 'members', {
      merchant_id: caller.merchantId,
      member_id: memberId,
      email_index: emailIndex,
      key_id: keyId,
      sealed_member: sealed,
      role,
      created_at: caller.now,
    })
    const linkId = await createLink(tx, caller, { memberId, purpose: 'invitation' })
    if (byMail) await enqueueLink(tx, caller, linkId)
    await recordAudit(tx, caller, { action: 'member.invited', target: memberId, after: role })
    return { memberId, linkId }
  })
}
