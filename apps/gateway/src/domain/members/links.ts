import { createHmac, randomBytes } from 'node:crypto'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { enqueue } from '../notifications/outbox.ts'

export type LinkPurpose = 'invitation' | 'password-reset'

/** How long a link is good once it was made: a reset for a quarter of an hour, an invitation for a week. */
const LINK_MS: Readonly<Record<LinkPurpose, number>> = {
  'password-reset': 15 * 60_000,
  invitation: 7 * 86_400_000,
}
/** A link that could not be mailed for this long is given up. */
const GIVE_UP_MS = 86_400_000

/** A link as it is mailed. */
export interface MemberLink {
  readonly linkId: string
  readonly memberId: string
  readonly purpose: LinkPurpose
}

/** The hash under which a link's token is stored and found. */
function hashLinkToken(token: string, pepper: Buffer): Buffer {
  return createHmac('sha256', pepper).update(`link ${token}`).digest()
}

/** Makes a link and leaves it for the worker to mail; earlier ones of the same purpose are good no more. */
export async function createLink(
  tx: Tx,
  caller: Caller,
  { memberId, purpose }: { memberId: string; purpose: LinkPurpose },
): Promise<string> {
  const linkId = newId('lnk', caller.now)
  await tx.query(
    `update member_links set used_at = $4 where merchant_id = $1 and member_id = $2 and purpose = $3 and used_at is null`,
    [caller.merchantId, memberId, purpose, caller.now],
  )
  await tx.query(
    `insert into member_links (merchant_id, link_id, member_id, purpose, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [caller.merchantId, linkId, memberId, purpose, caller.now, new Date(caller.now.getTime() + GIVE_UP_MS)],
  )
  return linkId
}

/** Leaves a link for the worker to mail, in the transaction that made it. */
export function enqueueLink(tx: Tx, caller: Caller, linkId: string): Promise<void> {
  return enqueue(tx, { ...caller, mode: 'test' }, { job: 'send-link', ref: linkId })
}

/**
 * Makes a link's token. It is made where it is handed out and its hash alone is written, so that no queue and no backup
 * holds one; made again, the one before is good no more.
 *
 * @returns 43 characters of base64url, this once; undefined where the link was used, or is too old
 */
export async function mintLinkToken(
  { tx, pepper }: { tx: Tx; pepper: Buffer },
  caller: Caller,
  linkId: string,
): Promise<{ token: string; link: MemberLink } | undefined> {
  const token = randomBytes(32).toString('base64url')
  const [link] = await tx.query<MemberLink>(
    `update member_links set token_hash = $3, sent_at = $4,
            expires_at = $4::timestamptz + case purpose when 'invitation' then $5::float8 else $6::float8 end * interval '1 millisecond'
     where merchant_id = $1 and link_id = $2 and used_at is null and expires_at > $4
     returning link_id as "linkId", member_id as "memberId", purpose`,
    [
      caller.merchantId,
      linkId,
      hashLinkToken(token, pepper),
      caller.now,
      LINK_MS.invitation,
      LINK_MS['password-reset'],
    ],
  )
  return link && { token, link }
}

interface LinkFound extends MemberLink {
  readonly merchantId: string
}

/** Finds a link that is good now. @throws ApiError NOT_FOUND, the same for a used, an old and an unknown one */
export async function findLink(
  { tx, pepper }: { tx: Tx; pepper: Buffer },
  { token, purpose, now }: { token: string; purpose: LinkPurpose; now: Date },
): Promise<LinkFound> {
  const [link] = await tx.query<LinkFound>(
    `select l.merchant_id as "merchantId", l.link_id as "linkId", l.member_id as "memberId", l.purpose
     from member_links l join members m on m.merchant_id = l.merchant_id and m.member_id = l.member_id
     join merchants t on t.merchant_id = l.merchant_id
     where l.token_hash = $1 and l.purpose = $2 and l.used_at is null and l.expires_at > $3
       and m.status = case $2 when 'invitation' then 'invited' else 'active' end and t.status = 'active'`,
    [hashLinkToken(token, pepper), purpose, now],
  )
  if (!link) throw new ApiError('NOT_FOUND', 'the link is used, too old or none of ours')
  return link
}

/** Uses a link up: of two at once one does. @throws ApiError NOT_FOUND */
export async function spendLink(tx: Tx, caller: Caller, linkId: string): Promise<void> {
  const used = await tx.query(
    `update member_links set used_at = $3 where merchant_id = $1 and link_id = $2 and used_at is null returning 1`,
    [caller.merchantId, linkId, caller.now],
  )
  if (used.length === 0) throw new ApiError('NOT_FOUND', 'the link was used a moment ago')
}
