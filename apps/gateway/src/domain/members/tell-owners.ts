import { scrub } from '@ucanpay/redaction/scrub'
import type { Mailer } from '../../outbound/mail.ts'
import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { dequeue } from '../notifications/outbox.ts'
import type { MemberVault } from './member-vault.ts'
import type { MemberRow } from './member.ts'

export interface TellOwnersDeps {
  readonly db: Database
  readonly memberVault: MemberVault
  /** Undefined where none is set up: then the mail waits until one is. */
  readonly mailer: Mailer | undefined
}

const SUBJECT = 'Your payout details were changed'

/** Nothing of the details, before or after, and nobody's name (product practice 7): who did it, the audit log says. */
function textFor({ mode }: Caller): string {
  const where = mode === 'live' ? 'live mode, where real money moves' : 'test mode, where no money moves'
  return (
    `The bank account to which the money of your UCanPay account is paid out was changed, in ${where}.\n\n` +
    `If your team did this, there is nothing to do. If not: sign in, look at Settings, Payout details and at the audit\n` +
    `log, and disable the member who did it. This message has no link on purpose.`
  )
}

/**
 * Tells every owner of the merchant that where the money goes has changed. A mail that went out before another one was
 * refused goes out again, under the same id, so that a mailbox takes it for the same one.
 *
 * @param ref the id of the change
 * @returns false where it has to be tried again
 * @throws MailError where a mail was not taken
 */
export async function tellOwners(deps: TellOwnersDeps, caller: Caller, ref: string): Promise<boolean> {
  if (!deps.mailer) return false
  const text = textFor(caller)
  if (scrub(`${SUBJECT}\n${text}`) !== `${SUBJECT}\n${text}`) throw new Error('a mail would hold something sensitive')
  const rows = await deps.db.query<Pick<MemberRow, 'memberId' | 'keyId' | 'sealedMember'>>(
    `select member_id as "memberId", key_id as "keyId", sealed_member as "sealedMember" from members
     where merchant_id = $1 and role = 'owner' and status = 'active' order by member_id`,
    [caller.merchantId],
  )
  const stored = rows.map(({ memberId, keyId, sealedMember }) => ({ id: memberId, keyId, sealed: sealedMember }))
  const profiles = await deps.memberVault.openProfiles(caller, stored)
  for (const [at, { email }] of profiles.entries())
    await deps.mailer.send({ id: `${ref}.${rows[at]?.memberId ?? ''}`, to: email, subject: SUBJECT, text })
  await dequeue(deps.db, caller, { job: 'tell-owners', ref })
  return true
}
