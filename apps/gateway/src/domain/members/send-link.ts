import { scrub } from '@ucanpay/redaction/scrub'
import type { Mailer } from '../../outbound/mail.ts'
import type { Caller } from '../caller.ts'
import { dequeue } from '../notifications/outbox.ts'
import type { LinkDeps } from './accept-invitation.ts'
import { mintLinkToken, type LinkPurpose } from './links.ts'
import type { MemberRow } from './member.ts'

export interface SendLinkDeps extends LinkDeps {
  /** Undefined where none is set up: then links are handed out by `ucanpay members` alone. */
  readonly mailer: Mailer | undefined
  /** The dashboard's origin. */
  readonly dashboardUrl: string
}

/** Subjects and words; nothing about anybody in them but the link (product practice 7). */
const MAILS: Readonly<Record<LinkPurpose, { path: string; subject: string; text: (link: string) => string }>> = {
  invitation: {
    path: 'invitation',
    subject: 'You are invited to a UCanPay dashboard',
    text: (link) =>
      `You were invited to a team on UCanPay. Follow this link within seven days to set a password:\n\n${link}\n\n` +
      `Nobody will ever ask you for it. If you do not know what this is about, leave it.`,
  },
  'password-reset': {
    path: 'reset',
    subject: 'Set a new password for your UCanPay dashboard',
    text: (link) =>
      `Somebody, hopefully you, asked for a new password. Follow this link within 15 minutes:\n\n${link}\n\n` +
      `Nobody will ever ask you for it. If it was not you, leave it: nothing has changed.`,
  },
}

/**
 * Mails a link. The token is made here, as it goes out; where this is cut off or the mail is not taken, the next try makes
 * another. The token stands in the fragment: a browser sends that to nobody.
 *
 * @returns false where it has to be tried again
 * @throws MailError where the mail was not taken
 */
export async function sendLink(deps: SendLinkDeps, caller: Caller, linkId: string): Promise<boolean> {
  if (!deps.mailer) return false
  const minted = await mintLinkToken({ tx: deps.db, pepper: deps.pepper }, caller, linkId)
  if (minted) {
    const { path, subject, text } = MAILS[minted.link.purpose]
    const to = await addressOf(deps, caller, minted.link.memberId)
    const words = text('')
    if (scrub(`${subject}\n${words}`) !== `${subject}\n${words}`)
      throw new Error('a mail would hold something sensitive')
    await deps.mailer.send({ id: linkId, to, subject, text: text(`${deps.dashboardUrl}/${path}#${minted.token}`) })
  }
  await dequeue(deps.db, caller, { job: 'send-link', ref: linkId })
  return true
}

async function addressOf(deps: LinkDeps, caller: Caller, memberId: string): Promise<string> {
  const [row] = await deps.db.query<Pick<MemberRow, 'keyId' | 'sealedMember'>>(
    `select key_id as "keyId", sealed_member as "sealedMember" from members where merchant_id = $1 and member_id = $2`,
    [caller.merchantId, memberId],
  )
  if (!row) throw new Error('the member of a link is gone')
  const [profile] = await deps.memberVault.openProfiles(caller, [
    { id: memberId, keyId: row.keyId, sealed: row.sealedMember },
  ])
  return profile?.email ?? ''
}
