import { createHmac, randomBytes } from 'node:crypto'
import type { Mode } from '@ucanpay/wire/api-key'
import type { Role } from '@ucanpay/wire/dashboard/roles'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

/** PCI DSS 8.2.8. */
const IDLE_MS = 15 * 60_000
/** In all, whatever is done. */
const LONGEST_MS = 12 * 3_600_000
/** For how long somebody who has just shown who they are need not show it again. */
const FRESH_MS = 5 * 60_000
/** A use is written down no oftener than this; so a session can end this much early, and never late. */
const TOUCH_MS = 10_000

/** The rules in force, in seconds: what an auditor is told of sessions. The database holds the first two by constraint. */
export const SESSION_RULES = {
  idleS: IDLE_MS / 1000,
  longestS: LONGEST_MS / 1000,
  reauthenticationS: FRESH_MS / 1000,
  cookie: '__Host-ucanpay; Path=/; Secure; HttpOnly; SameSite=Strict',
  liveModeNeedsSecondFactor: true,
} as const

/** A session that is good now. */
export interface Session {
  readonly merchantId: string
  readonly merchantName: string
  readonly sessionId: string
  readonly memberId: string
  readonly role: Role
  /** password: the second factor is still to come, and nothing else opens. */
  readonly level: 'password' | 'full'
  readonly mode: Mode
  /** Was a second factor given? */
  readonly secondFactor: boolean
  readonly emailIndex: Buffer
  readonly createdAt: Date
  readonly freshUntil: Date
  readonly idleEndsAt: Date
  readonly endsAt: Date
}

/** What a session begins with. */
export interface NewSession {
  readonly memberId: string
  readonly level: Session['level']
  readonly secondFactor: boolean
  /** Browser and system, 64 characters at most. */
  readonly device: string
  readonly mode?: Mode
  /** When the first step of this sign-in was made; the 12 hours count from there. */
  readonly since?: Date
}

/** The hash under which a session is stored and found; whoever has the database has no cookie. */
export function hashToken(token: string, pepper: Buffer): Buffer {
  return createHmac('sha256', pepper).update(`session ${token}`).digest()
}

/**
 * Begins a session, under an id and a token that nobody has seen before (no fixation).
 *
 * @returns the token, 256 bits, for the cookie; it is stored nowhere
 */
export async function beginSession(
  { tx, pepper }: { tx: Tx; pepper: Buffer },
  caller: Caller,
  wanted: NewSession,
): Promise<{ token: string; sessionId: string }> {
  const token = randomBytes(32).toString('base64url')
  const sessionId = newId('ses', caller.now)
  const now = caller.now.getTime()
  const since = wanted.since ?? caller.now
  const endsAt = new Date(since.getTime() + LONGEST_MS)
  await tx.query(
    `insert into sessions (merchant_id, session_id, member_id, token_hash, level, mode, second_factor, device, ip,
                           created_at, last_seen_at, fresh_until, idle_ends_at, ends_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, least($13::timestamptz, $14::timestamptz), $14)`,
    [
      caller.merchantId,
      sessionId,
      wanted.memberId,
      hashToken(token, pepper),
      wanted.level,
      wanted.mode ?? 'test',
      wanted.secondFactor,
      wanted.device.slice(0, 64),
      caller.ip ?? '',
      since,
      caller.now,
      new Date(now + (wanted.level === 'full' ? FRESH_MS : 0)),
      new Date(now + IDLE_MS),
      endsAt,
    ],
  )
  return { token, sessionId }
}

/**
 * The session of a token, with everything that a request needs of it, in one round trip. It is read from the database
 * each time: what was ended anywhere is ended everywhere at once.
 *
 * @param use.passive true for what does not keep a session alive
 * @returns undefined for one that is unknown, was ended or has run out, or whose member may not sign in any more
 */
export async function useSession(
  tx: Tx,
  tokenHash: Buffer,
  use: { now: Date; ip: string; passive: boolean },
): Promise<Session | undefined> {
  const { now } = use
  const [session] = await tx.query<Session>(
    `with found as (
       select s.*, m.role, m.email_index, t.name as merchant_name
       from sessions s join members m on m.merchant_id = s.merchant_id and m.member_id = s.member_id
       join merchants t on t.merchant_id = s.merchant_id
       where s.token_hash = $1 and s.ended_at is null and s.idle_ends_at > $2 and s.ends_at > $2
         and m.status = 'active' and t.status = 'active'
     ), touched as (
       update sessions s set last_seen_at = $2, idle_ends_at = least($3::timestamptz, s.ends_at), ip = $4
       from found f where s.merchant_id = f.merchant_id and s.session_id = f.session_id
         and not $5 and f.last_seen_at < $6 and s.ended_at is null
       returning s.idle_ends_at
     )
     select merchant_id as "merchantId", merchant_name as "merchantName", session_id as "sessionId",
            member_id as "memberId", role, level, mode, second_factor as "secondFactor",
            email_index as "emailIndex", created_at as "createdAt", fresh_until as "freshUntil",
            coalesce((select idle_ends_at from touched), idle_ends_at) as "idleEndsAt", ends_at as "endsAt"
     from found`,
    [tokenHash, now, new Date(now.getTime() + IDLE_MS), use.ip, use.passive, new Date(now.getTime() - TOUCH_MS)],
  )
  return session
}

/** Whether a session of the caller's merchant is still good; looking does not keep it alive. */
export async function isAlive(tx: Tx, caller: Caller, sessionId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from sessions s join members m on m.merchant_id = s.merchant_id and m.member_id = s.member_id
     where s.merchant_id = $1 and s.session_id = $2 and s.ended_at is null and s.idle_ends_at > $3 and s.ends_at > $3
       and m.status = 'active'`,
    [caller.merchantId, sessionId, caller.now],
  )
  return rows.length > 0
}

/** Ends a session. Again does nothing. */
export async function endSession(tx: Tx, caller: Caller, sessionId: string): Promise<void> {
  await tx.query(`update sessions set ended_at = $3 where merchant_id = $1 and session_id = $2 and ended_at is null`, [
    caller.merchantId,
    sessionId,
    caller.now,
  ])
}

/** Ends a member's sessions. @param but one that goes on; none where absent. @returns how many */
export async function endSessionsOf(
  tx: Tx,
  caller: Caller,
  { memberId, but }: { memberId: string; but?: string },
): Promise<number> {
  const ended = await tx.query(
    `update sessions set ended_at = $3 where merchant_id = $1 and member_id = $2 and ended_at is null
       and ($4::text is null or session_id <> $4) returning 1`,
    [caller.merchantId, memberId, caller.now, but ?? null],
  )
  return ended.length
}

/** A session as its member sees it. */
export interface SessionSeen {
  readonly sessionId: string
  readonly device: string
  readonly ip: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
}

/** A member's sessions that are good now, last used first. */
export function listSessions(tx: Tx, caller: Caller, memberId: string): Promise<SessionSeen[]> {
  return tx.query<SessionSeen>(
    `select session_id as "sessionId", device, ip, created_at as "createdAt", last_seen_at as "lastSeenAt" from sessions
     where merchant_id = $1 and member_id = $2 and ended_at is null and idle_ends_at > $3 and ends_at > $3 and level = 'full'
     order by last_seen_at desc, session_id limit 100`,
    [caller.merchantId, memberId, caller.now],
  )
}

/** The member has shown that it is still them. */
export async function refreshSession(tx: Tx, caller: Caller, sessionId: string): Promise<void> {
  await tx.query(`update sessions set fresh_until = $3 where merchant_id = $1 and session_id = $2`, [
    caller.merchantId,
    sessionId,
    new Date(caller.now.getTime() + FRESH_MS),
  ])
}

/** Looks at the other mode. Live needs a second factor: the database refuses it without one. */
export async function switchMode(
  tx: Tx,
  caller: Caller,
  { sessionId, mode }: { sessionId: string; mode: Mode },
): Promise<void> {
  await tx.query(`update sessions set mode = $3 where merchant_id = $1 and session_id = $2`, [
    caller.merchantId,
    sessionId,
    mode,
  ])
}

/** Keeps a challenge for a passkey; one that was asked for earlier is good no more. */
export async function keepChallenge(
  tx: Tx,
  caller: Caller,
  { sessionId, challenge }: { sessionId: string; challenge: string },
): Promise<void> {
  await tx.query(`update sessions set challenge = $3 where merchant_id = $1 and session_id = $2`, [
    caller.merchantId,
    sessionId,
    challenge,
  ])
}

/** Takes the challenge that was kept: of two answers to it at once, one gets it. */
export async function takeChallenge(tx: Tx, caller: Caller, sessionId: string): Promise<string | undefined> {
  const [taken] = await tx.query<{ challenge: string }>(
    `update sessions s set challenge = null
     from (select merchant_id, session_id, challenge from sessions
           where merchant_id = $1 and session_id = $2 and challenge is not null for update) kept
     where s.merchant_id = kept.merchant_id and s.session_id = kept.session_id returning kept.challenge`,
    [caller.merchantId, sessionId],
  )
  return taken?.challenge
}

/** A member who adds a first factor has just given it. */
export async function markSecondFactor(tx: Tx, caller: Caller, sessionId: string): Promise<void> {
  await tx.query(`update sessions set second_factor = true where merchant_id = $1 and session_id = $2`, [
    caller.merchantId,
    sessionId,
  ])
}
